import DialogUsage
import SansIO

/// A simulation is a value: what would happen now is tried on a copy.
extension Simulation {
    /// Tries everything in each state that is seen for the first time.
    mutating func look(at index: Int) {
        guard case .running = agents[index].state, (agents[index].frozenUntil ?? .zero) <= now else { return }
        for id in agents[index].living(Set(UsageKind.allCases)) {
            guard let state = agents[index].core.stateName(of: id) else { continue }
            let change = agents[index].core.modificationName(of: id).map { $0 == "idle" ? "" : " \($0)" } ?? ""
            let place = Survey.Place(kind: id.kind, state: state + change)
            guard survey?.places[place] == nil else { continue }
            for trial in Trial.all {
                var copy = self
                let (took, fault) = copy.run(trial, on: id, of: index)
                survey?.add(place, trial, took: took)
                if let fault { survey?.failures.append("\(place), \(trial), seed \(outcome.seed) at \(now): \(fault)") }
            }
        }
    }

    /// How long the usage took to end, and what rule was broken.
    private mutating func run(_ trial: Trial, on id: AnyUsageID, of index: Int) -> (Duration, String?) {
        prepare(trial.world)
        let began = now
        var ended: Instant?
        let shutdowns = trial.commands.filter { $0 != .end }
        let bounds = agents[index].core.configuration
        let limit = began + bounds.shutdownBound + .seconds(1)
        for (position, command) in trial.commands.enumerated() {
            if position > 0 { pass(until: began + trial.pause, id, index, &ended) }
            apply(command, to: id, of: index)
            if ended == nil, agents[index].ended[id] != nil { ended = now }
        }
        while outcome.violations.isEmpty, ended == nil || (!shutdowns.isEmpty && agents[index].isUp), step(until: limit)
        {
            if ended == nil, agents[index].ended[id] != nil { ended = now }
        }
        let took = (ended ?? limit) - began
        if let violation = outcome.violations.first { return (took, violation) }
        guard ended != nil else { return (took, "it never ended") }
        if !shutdowns.isEmpty, agents[index].isUp { return (took, "the shutdown never ended") }
        let bound = trial.commands.first == .end ? bounds.usageBound : bounds.shutdownBound
        if took > bound { return (took, "it took \(took.inMilliseconds) ms") }
        if trial.commands.first == .force, took > .zero { return (took, "force took time") }
        return (took, nil)
    }

    private mutating func pass(until instant: Instant, _ id: AnyUsageID, _ index: Int, _ ended: inout Instant?) {
        while outcome.violations.isEmpty, step(until: instant) {
            if ended == nil, agents[index].ended[id] != nil { ended = now }
        }
        now = max(now, instant)
    }

    /// From here on nobody does anything of his own accord, and the network is what the trial says.
    private mutating func prepare(_ world: Trial.World) {
        survey = nil
        isOnTrial = true
        outcome.violations = []
        comingBack = 0
        for fault in faults { mend(fault) }
        faults = []
        for other in agents.indices { agents[other].frozenUntil = nil }
        switch world {
        case .silent: weather = .silence
        case .answering: weather = .fair
        case .slow: weather = .slow
        }
        agenda.keep { happening in
            switch happening {
            case .arrival: world != .silent
            case .refusal, .reaction, .sandboxMedia: true
            case .command, .shutdown, .escalation, .adjustment, .start, .fault, .mend: false
            }
        }
    }

    private mutating func apply(_ command: Trial.Command, to id: AnyUsageID, of index: Int) {
        // Asking one that has stopped does nothing, and does not trap.
        guard agents[index].isUp else {
            let now = clock(index)
            switch command {
            case .end: take(agents[index].core.end(id, at: now), of: index)
            case .shutdown: take(agents[index].core.shutdown(giveUp: .zero, at: now), of: index)
            case .force: take(agents[index].core.forceShutdown(at: now), of: index)
            }
            return
        }
        switch command {
        case .end: take(agents[index].core.end(id, at: clock(index)), of: index)
        case .shutdown: begin(.graceful, giveUp: .zero, of: index)
        case .force: begin(.force, giveUp: .zero, of: index)
        }
    }
}
