import Glibc
import Runtime
import SansIO
import Simulation

/// `lastcall-simulate --seeds N [--seed S] [--plant NAME] [--model]`: runs seeds S to S+N−1 on all processors. The first failure is
/// printed with its ladder, and running its seed alone shows it again.
@main
struct Simulate {
    static func main() {
        guard let options = SimulateOptions(CommandLine.arguments.dropFirst()) else {
            let plants = Plant.allCases.map(\.rawValue).joined(separator: "|")
            print("usage: lastcall-simulate --seeds N [--seed S] [--plant \(plants)] [--model]")
            exit(2)
        }
        if options.isModelCheck { exit(checkModel(options.seeds)) }
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

extension Simulate {
    /// The table of the states that were reached, and the longest ways to the end. The exit code.
    static func checkModel(_ seeds: Range<UInt64>) -> Int32 {
        let survey = Survey.run(seeds: seeds)
        for (place, took) in survey.places.sorted(by: { $0.key.description < $1.key.description }) {
            print("\(place): over after \(seconds(took)) at most")
        }
        for failure in survey.failures.prefix(20) { print(failure) }
        if let chain = survey.longest { print("longest way from end(): \(sentence(chain))") }
        if let chain = survey.longestShutdown { print("longest shutdown: \(sentence(chain))") }
        print("\(survey.places.count) states, \(survey.trials) trials, \(survey.failures.count) failures")
        return survey.failures.isEmpty ? 0 : 1
    }
    private static func sentence(_ chain: Survey.Chain) -> String {
        "\(seconds(chain.took)), \(chain.place): \(chain.trial)"
    }
    private static func seconds(_ duration: Duration) -> String { "\(Double(duration.inMilliseconds) / 1000) s" }
}
