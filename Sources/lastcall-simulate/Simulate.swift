import Glibc
import Runtime
import SansIO
import Simulation

/// `lastcall-simulate --seeds N [--seed S] [--plant NAME]`: runs seeds S to S+N−1 on all processors. The first failure is
/// printed with its ladder, and running its seed alone shows it again.
@main
struct Simulate {
    static func main() {
        guard let options = SimulateOptions(CommandLine.arguments.dropFirst()) else {
            let plants = Plant.allCases.map(\.rawValue).joined(separator: "|")
            print("usage: lastcall-simulate --seeds N [--seed S] [--plant \(plants)]")
            exit(2)
        }
        let totals = Locked(Totals())
        let workers = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let running = (0..<workers).compactMap { worker in
            try? SystemThread.start("lc-sim-\(worker)") {
                for seed in options.seeds where Int(seed % UInt64(workers)) == worker {
                    let outcome = Simulation.run(seed: seed, plant: options.plant)
                    totals.withLock { $0.add(outcome) }
                }
            }
        }
        guard running.count == workers else {
            print("lastcall-simulate: threads cannot be started")
            exit(70)
        }
        for thread in running { thread.join() }
        let result = totals.withLock { $0 }
        if let failure = result.first {
            for line in failure.ladder { print(line) }
        }
        for line in result.faults.sorted(by: { $0.key < $1.key }).prefix(20) {
            print("seed \(line.key): \(line.value)")
        }
        print(
            "\(options.seeds.count) seeds, \(result.messages) messages, \(result.shutdowns) shutdowns, \(result.failures) failures"
        )
        exit(result.failures == 0 ? 0 : 1)
    }

    struct Totals: Sendable {
        var messages = 0
        var shutdowns = 0
        /// The first broken rule of each seed that failed.
        var faults: [UInt64: String] = [:]
        var failures: Int { faults.count }
        /// The failure with the lowest seed.
        var first: SimulationOutcome?

        mutating func add(_ outcome: SimulationOutcome) {
            messages += outcome.messages
            shutdowns += outcome.shutdowns
            guard let fault = outcome.violations.first else { return }
            faults[outcome.seed] = fault
            if first.map({ outcome.seed < $0.seed }) ?? true { first = outcome }
        }
    }
}
