import DialogUsage
import SansIO
import SoftphoneCore

extension ScriptRunner {
    /// The whole machine: where it is, and what happened.
    mutating func transition(
        from state: State, on input: Input, in source: some StateSource, at now: Instant
    ) -> (State, [Output]) {
        switch (state, input) {
        case (.ready, .started):
            started = now
            var outputs: [Output] = [.report(.start(start))]
            return (advance(to: 0, in: source, at: now, &outputs), outputs)
        case (.ready, _), (.over, _), (.waiting, .started), (.stopping, .started):
            return (state, [])

        case (_, .usageEnded(let row, let phase, let name)):
            return (state, [.report(.shutdownUsage(row, phase: phase, name: name))])
        case (.waiting(let wait, let step), .interrupted(let interruption)):
            return interrupted(interruption, wait, step, at: now)
        case (.stopping, .interrupted(let interruption)):
            return (state, interruptedAgain(interruption, at: now))
        case (.waiting(let wait, let step), .stopped(let report)):
            return stoppedEarly(report, wait, step, in: source, at: now)
        case (.stopping(let step), .stopped(let report)):
            return stopped(report, step, in: source, at: now)

        case (.waiting(let wait, let step), .completed(let request, let result)):
            return completed(request, result, wait, step, in: source, at: now)
        case (.stopping(let step), .completed(let request, let result)):
            return completedWhileStopping(request, result, step, in: source, at: now)
        case (.waiting(let wait, let step), .happened(let happening)):
            return happened(happening, wait, step, in: source, at: now)
        case (.stopping, .happened(let happening)):
            return (state, [.report(.event(happening))])
        case (.waiting(.goal(.state(let condition), let giveUpAt), let step), .changed):
            return settled(condition, giveUpAt, step, in: source, at: now)
        case (.waiting, .changed), (.stopping, .changed):
            return (state, [])

        case (.waiting(let wait, let step), .deadlineReached):
            return deadlineReached(wait, step, in: source, at: now)
        case (.stopping, .deadlineReached):
            return (state, overallTimeReachedWhileStopping(at: now) + notice(in: source, at: now))
        }
    }

    // MARK: What a waiting line is told

    private mutating func completed(
        _ request: RequestID, _ result: CommandResult, _ wait: Wait, _ step: Step, in source: some StateSource,
        at now: Instant
    ) -> (State, [Output]) {
        if case .answer(request, let giveUpAt) = wait {
            if let usage = result.usageStillCalling(step.statement) {
                return (.waiting(.finalAnswer(usage, giveUpAt: giveUpAt), step), [])
            }
            var outputs: [Output] = []
            return (
                finish(step, Outcome(result, of: step.statement, in: source), in: source, at: now, &outputs), outputs
            )
        }
        var other = asynchronous.removeValue(forKey: request)
        if let underWay = shutdownUnderWay, underWay.request == request, case .failed = result {
            other = underWay.step
            shutdownUnderWay = nil
        }
        guard let other else { return (.waiting(wait, step), []) }
        var outputs: [Output] = []
        let failed = record(Outcome(result, of: other.statement, in: source), of: other, at: now, &outputs)
        guard failed else { return (.waiting(wait, step), outputs) }
        return (cutShort(step, at: now, &outputs), outputs)
    }

    private mutating func happened(
        _ happening: Happening, _ wait: Wait, _ step: Step, in source: some StateSource, at now: Instant
    ) -> (State, [Output]) {
        var outputs: [Output] = [.report(.event(happening))]
        queue.append(happening)
        switch wait {
        case .goal(.event(let filter), _):
            guard let found = queue.take(filter, in: source) else { return (.waiting(wait, step), outputs) }
            return (finish(step, .passed(found.name, usage: found), in: source, at: now, &outputs), outputs)
        case .goal(.state(let condition), let giveUpAt):
            let (next, more) = settled(condition, giveUpAt, step, in: source, at: now)
            return (next, outputs + more)
        case .absence(let filter, _):
            guard filter.matches(happening, in: source) else { return (.waiting(wait, step), outputs) }
            let outcome = Outcome.failed(.failed, "\(filter.description) happened, which must not be")
            return (finish(step, outcome, in: source, at: now, &outputs), outputs)
        case .finalAnswer(let usage, _):
            guard happening.usage == usage, let outcome = happening.finalAnswer(expecting: step.statement?.expectation)
            else { return (.waiting(wait, step), outputs) }
            return (finish(step, outcome, in: source, at: now, &outputs), outputs)
        case .answer, .time:
            return (.waiting(wait, step), outputs)
        }
    }

    private mutating func settled(
        _ condition: Expression, _ giveUpAt: Instant, _ step: Step, in source: some StateSource, at now: Instant
    ) -> (State, [Output]) {
        guard (try? condition.isTrue(in: source)) == true else {
            return (.waiting(.goal(.state(condition), giveUpAt: giveUpAt), step), [])
        }
        var outputs: [Output] = []
        return (finish(step, .passed("", usage: nil), in: source, at: now, &outputs), outputs)
    }

    // MARK: Time

    private mutating func deadlineReached(
        _ wait: Wait, _ step: Step, in source: some StateSource, at now: Instant
    ) -> (State, [Output]) {
        var outputs: [Output] = []
        if let overallDeadline, now >= overallDeadline {
            blame(.timeUp, "the overall time of \((overallTime ?? .zero).scriptText) is over at \(step.title)")
            return (cutShort(step, at: now, &outputs), outputs)
        }
        for (request, other) in asynchronous.sorted(by: { $0.key.serial < $1.key.serial }) {
            guard let giveUpAt = other.giveUpAt, now >= giveUpAt else { continue }
            asynchronous[request] = nil
            if record(.late(after: now - other.since), of: other, at: now, &outputs) {
                return (cutShort(step, at: now, &outputs), outputs)
            }
        }
        guard let deadline = wait.deadline, now >= deadline else { return (.waiting(wait, step), outputs) }
        return (
            finish(step, outcomeAtDeadline(of: wait, step, in: source, at: now), in: source, at: now, &outputs), outputs
        )
    }

    private func outcomeAtDeadline(
        of wait: Wait, _ step: Step, in source: some StateSource, at now: Instant
    ) -> Outcome {
        let waited = (now - step.since).scriptText
        switch wait {
        case .time, .absence: return .passed("", usage: nil)
        case .answer, .finalAnswer: return .late(after: now - step.since)
        case .goal(.event(let filter), _):
            let seen = queue.names.isEmpty ? "nothing" : queue.names.suffix(8).joined(separator: ", ")
            return .failed(.failed, "no \(filter.description) within \(waited); seen and not used: \(seen)")
        case .goal(.state(let condition), _):
            return .failed(.failed, "not within \(waited): " + condition.findings(in: source).joined(separator: ", "))
        }
    }
}
