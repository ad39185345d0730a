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
        let began = MonotonicClock.now()
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
            // The same run once more, written down.
            for line in Simulation.run(seed: failure.seed, plant: options.plant, recording: true).ladder { print(line) }
        }
        for line in result.faults.sorted(by: { $0.key < $1.key }).prefix(20) {
            print("seed \(line.key): \(line.value)")
        }
        let seconds = Double((MonotonicClock.now() - began).inMilliseconds) / 1000
        print("\(result.commands) commands, \(result.crashes) crashes, \(seconds) s")
        print(
            "\(options.seeds.count) seeds, \(result.messages) messages, \(result.shutdowns) shutdowns, \(result.failures) failures"
        )
        exit(result.failures == 0 ? 0 : 1)
    }

    struct Totals: Sendable {
        var messages = 0
        var shutdowns = 0
        var commands = 0
        var crashes = 0
        /// The first broken rule of each seed that failed.
        var faults: [UInt64: String] = [:]
        var failures: Int { faults.count }
        /// The failure with the lowest seed.
        var first: SimulationOutcome?

        mutating func add(_ outcome: SimulationOutcome) {
            messages += outcome.messages
            shutdowns += outcome.shutdowns
            commands += outcome.commands
            crashes += outcome.crashes
            guard let fault = outcome.violations.first else { return }
            faults[outcome.seed] = fault
            if first.map({ outcome.seed < $0.seed }) ?? true { first = outcome }
        }
    }
}
