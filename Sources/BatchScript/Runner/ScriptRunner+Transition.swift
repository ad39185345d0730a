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
            return (proceed(Strands(.body, through: script.body, at: now), in: source, at: now, &outputs), outputs)
        case (.ready, _), (.over, _), (.running, .started), (.stopping, .started):
            return (state, [])

        case (_, .usageEnded(let row, let phase, let name)):
            return (state, [.report(.shutdownUsage(row, phase: phase, name: name))])
        case (.running(let strands), .interrupted(let interruption)):
            return interrupted(interruption, strands, in: source, at: now)
        case (.stopping, .interrupted(let interruption)):
            return (state, interruptedAgain(interruption, at: now))
        case (.running(let strands), .stopped(let report)):
            return stoppedEarly(report, strands, in: source, at: now)
        case (.stopping(let step, let rest), .stopped(let report)):
            return stopped(report, step, rest, in: source, at: now)

        case (.running(let strands), .completed(let request, let result)):
            return completed(request, result, strands, in: source, at: now)
        case (.stopping(let step, let rest), .completed(let request, let result)):
            return completedWhileStopping(request, result, step, rest, in: source, at: now)
        case (.running(let strands), .happened(let happening)):
            return happened(happening, strands, in: source, at: now)
        case (.stopping, .happened(let happening)):
            return (state, [.report(.event(happening))])
        case (.running(let strands), .changed):
            var outputs: [Output] = []
            return (settle(strands, in: source, at: now, &outputs), outputs)
        case (.stopping, .changed):
            return (state, [])

        case (.running(let strands), .deadlineReached):
            return deadlineReached(strands, in: source, at: now)
        case (.stopping, .deadlineReached):
            return (state, overallTimeReachedWhileStopping(at: now) + notice(in: source, at: now))
        }
    }

    // MARK: What waiting lines are told

    private mutating func completed(
        _ request: RequestID, _ result: CommandResult, _ strands: Strands, in source: some StateSource,
        at now: Instant
    ) -> (State, [Output]) {
        var outputs: [Output] = []
        for (id, wait, step) in strands.waiting {
            guard case .answer(request, let giveUpAt) = wait else { continue }
            if let usage = result.usageStillCalling(step.statement) {
                var strands = strands
                strands.set(.waiting(.finalAnswer(usage, giveUpAt: giveUpAt), step), of: id)
                return (.running(strands), [])
            }
            let outcome = Outcome(result, of: step.statement, in: source)
            return (finish([(id, outcome)], strands, in: source, at: now, &outputs), outputs)
        }
        if let usage = result.usageStillCalling(asynchronous[request]?.statement) {
            ringing[usage] = request
            return (.running(strands), [])
        }
        var other = asynchronous.removeValue(forKey: request)
        if let underWay = shutdownUnderWay, underWay.request == request, case .failed = result {
            other = underWay.step
            shutdownUnderWay = nil
        }
        guard let other else { return (.running(strands), []) }
        if record(Outcome(result, of: other.statement, in: source), of: other, at: now, &outputs) {
            return (cutShort(strands, in: source, at: now, &outputs), outputs)
        }
        return (proceed(strands, in: source, at: now, &outputs), outputs)
    }

    /// An event is for every line that waits for it now; what nobody waits for is kept for the next one.
    private mutating func happened(
        _ happening: Happening, _ strands: Strands, in source: some StateSource, at now: Instant
    ) -> (State, [Output]) {
        var outputs: [Output] = [.report(.event(happening))]
        var done: [(id: Int, outcome: Outcome)] = []
        queue.append(happening)
        if finalAnswer(happening, at: now, &outputs) {
            return (cutShort(strands, in: source, at: now, &outputs), outputs)
        }
        for (id, wait, step) in strands.waiting {
            switch wait {
            case .goal(.event(let filter), _):
                guard filter.matches(happening, in: source) else { continue }
                _ = queue.take(filter, in: source)
                done.append((id, .passed(happening.name, usage: happening)))
            case .absence(let filter, _):
                guard filter.matches(happening, in: source) else { continue }
                done.append((id, .failed(.failed, "\(filter.description) happened, which must not be")))
            case .finalAnswer(let usage, _):
                guard happening.usage == usage,
                    let outcome = happening.finalAnswer(expecting: step.statement?.expectation)
                else { continue }
                done.append((id, outcome))
            case .goal(.state(let condition), _):
                guard (try? condition.isTrue(in: source)) == true else { continue }
                done.append((id, .passed("", usage: nil)))
            case .answer, .time: continue
            }
        }
        if done.isEmpty, !strands.isEmpty { return (.running(strands), outputs) }
        return (finish(done, strands, in: source, at: now, &outputs), outputs)
    }

    /// The final answer to a call with `&` that wants one; true when the script must stop here.
    private mutating func finalAnswer(_ happening: Happening, at now: Instant, _ outputs: inout [Output]) -> Bool {
        guard let usage = happening.usage, let request = ringing[usage], let step = asynchronous[request],
            let outcome = happening.finalAnswer(expecting: step.statement?.expectation)
        else { return false }
        ringing[usage] = nil
        asynchronous[request] = nil
        return record(outcome, of: step, at: now, &outputs)
    }

    /// What waited for the state to be so is done.
    private mutating func settle(
        _ strands: Strands, in source: some StateSource, at now: Instant, _ outputs: inout [Output]
    ) -> State {
        let done = strands.waiting.compactMap { id, wait, _ -> (id: Int, outcome: Outcome)? in
            guard case .goal(.state(let condition), _) = wait, (try? condition.isTrue(in: source)) == true else {
                return nil
            }
            return (id, .passed("", usage: nil))
        }
        return done.isEmpty ? .running(strands) : finish(done, strands, in: source, at: now, &outputs)
    }

    // MARK: Time

    private mutating func deadlineReached(
        _ strands: Strands, in source: some StateSource, at now: Instant
    ) -> (State, [Output]) {
        var outputs: [Output] = []
        if let overallDeadline, now >= overallDeadline {
            let title = strands.waiting.first?.step.title ?? "the end"
            blame(.timeUp, "the overall time of \((overallTime ?? .zero).scriptText) is over at \(title)")
            for (_, _, step) in strands.waiting {
                _ = record(Outcome(status: .cutShort, text: ""), of: step, at: now, &outputs)
            }
            return (stop(at: now, &outputs), outputs)
        }
        for (request, other) in asynchronous.sorted(by: { $0.key.serial < $1.key.serial }) {
            guard let giveUpAt = other.giveUpAt, now >= giveUpAt else { continue }
            asynchronous[request] = nil
            if record(.late(after: now - other.since), of: other, at: now, &outputs) {
                return (cutShort(strands, in: source, at: now, &outputs), outputs)
            }
        }
        let done = strands.waiting.compactMap { id, wait, step -> (id: Int, outcome: Outcome)? in
            guard let deadline = wait.deadline, now >= deadline else { return nil }
            return (id, outcomeAtDeadline(of: wait, step, in: source, at: now))
        }
        return (finish(done, strands, in: source, at: now, &outputs), outputs)
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
