package import DialogUsage
import SansIO

/// Every state in which a usage was seen, and what became of it there when its end, a shutdown or force was asked for
/// (`shutdown.md`, test 112).
package struct Survey: Sendable {
    package struct Place: Hashable, Sendable, CustomStringConvertible {
        package var kind: UsageKind
        package var state: String
        package var description: String { "\(kind.rawValue) \(state)" }
    }
    /// What the longest way from a request to the end of a usage was.
    package struct Chain: Sendable {
        package var place: Place
        package var trial: Trial
        package var took: Duration
    }

    /// How long the end took at most in each state.
    package internal(set) var places: [Place: Duration] = [:]
    /// The longest of those that began with `end`, which `usageBound` limits.
    package internal(set) var longest: Chain?
    /// The longest shutdown.
    package internal(set) var longestShutdown: Chain?
    package internal(set) var trials = 0
    package internal(set) var failures: [String] = []

    package init() {}

    /// Runs these seeds and tries everything in each state that had not been seen before.
    package static func run(seeds: Range<UInt64>) -> Survey {
        var survey = Survey()
        for seed in seeds {
            var simulation = Simulation(seed: seed, plant: nil, recording: false)
            simulation.survey = survey
            simulation.live()
            survey = simulation.survey ?? survey
            survey.failures += simulation.outcome.violations.map { "seed \(seed): \($0)" }
        }
        return survey
    }

    mutating func add(_ place: Place, _ trial: Trial, took: Duration) {
        trials += 1
        places[place] = max(places[place] ?? .zero, took)
        let chain = Chain(place: place, trial: trial, took: took)
        if trial.commands.first == .end, took > longest?.took ?? .zero { longest = chain }
        if trial.commands.first == .shutdown, took > longestShutdown?.took ?? .zero { longestShutdown = chain }
    }
}

/// One way to bring a usage to its end, in one kind of world.
package struct Trial: Hashable, Sendable, CustomStringConvertible {
    package enum Command: Hashable, Sendable, CaseIterable { case end, shutdown, force }
    package enum World: Hashable, Sendable, CaseIterable { case silent, answering, slow }

    package var commands: [Command]
    /// Between the first and the second.
    package var pause: Duration
    package var world: World

    package var description: String {
        let pause = pause == .zero ? "" : " after \(pause.inMilliseconds) ms"
        return "\(commands.map { "\($0)" }.joined(separator: ", "))\(pause), world \(world)"
    }

    /// Each command, and each pair of them, at once and one after the other.
    static let all: [Trial] = World.allCases.flatMap { world in
        Command.allCases.map { Trial(commands: [$0], pause: .zero, world: world) }
            + Command.allCases.flatMap { first in
                Command.allCases.flatMap { second in
                    [Duration.zero, .seconds(1)].map { Trial(commands: [first, second], pause: $0, world: world) }
                }
            }
    }
}
