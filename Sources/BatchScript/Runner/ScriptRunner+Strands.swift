import DialogUsage
import SansIO
import SoftphoneCore

/// From line to line.
extension ScriptRunner {
    /// What becomes of the script when something is done.
    enum Course {
        case goesOn
        /// Nothing of it is done any more.
        case stops
        /// This line is a shutdown, which is waited for.
        case shutsDown(Step)
    }

    /// Lines done in one go. A script that only talks must leave the network and the signals their turn.
    private static let mostAtOnce = 1_000

    /// Does what can be done until every strand waits, or none is left.
    mutating func proceed(
        _ strands: Strands, in source: some StateSource, at now: Instant, _ outputs: inout [Output]
    ) -> State {
        var strands = strands
        for _ in 0..<Self.mostAtOnce {
            guard let strand = strands.firstReady else {
                guard strands.isEmpty else { return .running(strands) }
                // What was begun with `&` is part of the verdict.
                if !asynchronous.isEmpty, report == nil, shutdownUnderWay == nil { return .running(strands) }
                return end(of: strands.part, in: source, at: now, &outputs)
            }
            switch step(strand, &strands, in: source, at: now, &outputs) {
            case .goesOn: break
            case .stops: return cutShort(strands, in: source, at: now, &outputs)
            case .shutsDown(let step): return .stopping(step, rest: strands)
            }
        }
        return .running(strands)
    }

    private mutating func step(
        _ strand: Strand, _ strands: inout Strands, in source: some StateSource, at now: Instant,
        _ outputs: inout [Output]
    ) -> Course {
        var strand = strand
        guard let node = strand.next() else {
            strands.remove(strand, at: now)
            return .goesOn
        }
        strands.update(strand)
        switch node {
        case .line(let line):
            var step = Step(statement: line, since: now, turn: strand.turn, label: label)
            if let outcome = rereading(&step) { return course(after: outcome, of: step, at: now, &outputs) }
            guard let statement = step.statement else { return .goesOn }
            switch begin(statement, step, in: source, at: now, &outputs) {
            case .waits(let wait):
                strands.set(.waiting(wait.wait, wait.step), of: strand.id)
                return .goesOn
            case .shutsDown(let step): return .shutsDown(step)
            case .done(let outcome): return course(after: outcome, of: step, at: now, &outputs)
            case .leaves(let outcome):
                _ = record(outcome, of: step, at: now, &outputs)
                return .stops
            case .runsOn: return .goesOn
            }
        case .block(let block): return enter(block, strand, &strands, in: source, at: now, &outputs)
        }
    }

    private mutating func enter(
        _ block: CompoundStatement, _ strand: Strand, _ strands: inout Strands, in source: some StateSource,
        at now: Instant, _ outputs: inout [Output]
    ) -> Course {
        var strand = strand
        var step = Step(statement: block.opening, since: now, turn: strand.turn, label: label)
        if let outcome = rereading(&step) { return course(after: outcome, of: step, at: now, &outputs) }
        guard case .open(let kind)? = step.statement?.action else { return .goesOn }
        switch kind {
        case .repetition(let turns): strand.enter(block.body, turns: turns)
        case .finally: strand.enter(block.body)
        case .parallel:
            strands.fork(strand, into: block.body, at: now)
            return .goesOn
        case .choice(let condition):
            do throws(EvaluationFailure) {
                strand.enter(try condition.isTrue(in: source) ? block.body : block.otherwise)
            } catch {
                let outcome = Outcome.failed(.failed, error.description)
                return course(after: outcome, of: step, at: now, &outputs)
            }
        }
        strands.update(strand)
        return .goesOn
    }

    private mutating func course(
        after outcome: Outcome, of step: Step, at now: Instant, _ outputs: inout [Output]
    ) -> Course {
        record(outcome, of: step, at: now, &outputs) ? .stops : .goesOn
    }

    /// A line that speaks of a variable is read again with what the variable says now.
    private func rereading(_ step: inout Step) -> Outcome? {
        guard let old = step.statement, let source = old.source else { return nil }
        var variables = variables
        if let turn = step.turn { variables[Variables.turn] = String(turn) }
        do throws(ScriptFault) {
            step.statement = try StatementParser.statement(from: source, variables: variables, facts: script.facts)
            step.statement?.file = old.file
            return nil
        } catch {
            return .failed(.failed, error.text)
        }
    }

    // MARK: The line is done

    /// The lines of these strands are done; on to the next ones, or to the end.
    mutating func finish(
        _ done: [(id: Int, outcome: Outcome)], _ strands: Strands, in source: some StateSource,
        at now: Instant, _ outputs: inout [Output]
    ) -> State {
        var strands = strands
        for (id, outcome) in done {
            guard let step = strands.waiting.first(where: { $0.id == id })?.step else { continue }
            strands.set(.ready(since: now), of: id)
            if record(outcome, of: step, at: now, &outputs) { return cutShort(strands, in: source, at: now, &outputs) }
        }
        return proceed(strands, in: source, at: now, &outputs)
    }

    /// The lines under way are given up, and with them this part of the script.
    mutating func cutShort(
        _ strands: Strands, in source: some StateSource, at now: Instant, _ outputs: inout [Output]
    ) -> State {
        for (_, _, step) in strands.waiting {
            _ = record(Outcome(status: .cutShort, text: ""), of: step, at: now, &outputs)
        }
        return end(of: strands.part, in: source, at: now, &outputs)
    }

    /// The body is over; what must be done in any case comes before the shutdown, as long as that has not begun and
    /// there is time.
    private mutating func end(
        of part: Strands.Part, in source: some StateSource, at now: Instant, _ outputs: inout [Output]
    ) -> State {
        guard part == .body, let finally = script.finally, report == nil, shutdownUnderWay == nil else {
            return stop(at: now, &outputs)
        }
        label = nil
        // Each line of it is worth doing, whatever becomes of the others.
        settings.continuesAfterFailure = true
        return proceed(Strands(.finally, through: finally, at: now), in: source, at: now, &outputs)
    }
}
