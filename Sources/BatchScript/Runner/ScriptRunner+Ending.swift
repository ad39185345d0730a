import DialogUsage
import SansIO
import SoftphoneCore

extension ScriptRunner {
    /// No line is left, or none may follow: the shutdown that ends every script, unless one is under way or done.
    mutating func stop(at now: Instant, _ outputs: inout [Output]) -> State {
        recordUnanswered(at: now, &outputs)
        if let report { return over(report, at: now, &outputs) }
        noticeAt = now + Self.noticeInterval
        if let step = shutdownUnderWay?.step { return .stopping(step, rest: nil) }
        return shutDown(.graceful(giveUp: settings.giveUp), at: now, &outputs)
    }

    private mutating func shutDown(_ command: Command, at now: Instant, _ outputs: inout [Output]) -> State {
        let request = newRequest()
        let step = Step(statement: nil, since: now)
        shutdownUnderWay = (request, step)
        outputs.append(.send(request, command))
        return .stopping(step, rest: nil)
    }

    /// Lines with `&` that have no answer, and will get none.
    private mutating func recordUnanswered(at now: Instant, _ outputs: inout [Output]) {
        let left = asynchronous.sorted { $0.key.serial < $1.key.serial }
        asynchronous = [:]
        for (_, step) in left { _ = record(Outcome(status: .cutShort, text: ""), of: step, at: now, &outputs) }
    }

    /// A second is long when one does not know what is waited for.
    static let noticeInterval = Duration.seconds(1)

    mutating func notice(in source: some StateSource, at now: Instant) -> [Output] {
        guard let due = noticeAt, now >= due else { return [] }
        noticeAt = now + Self.noticeInterval
        let blockers = source.blockers(at: now)
        return blockers.isEmpty ? [] : [.report(.waiting(blockers))]
    }

    // MARK: Signals and the overall time

    /// The first one ends the body, and what must be done in any case is done; the second one forces.
    mutating func interrupted(
        _ interruption: Interruption, _ strands: Strands, in source: some StateSource, at now: Instant
    ) -> (State, [Output]) {
        var outputs: [Output] = []
        tally.interruptions += 1
        settings.giveUp = min(settings.giveUp, interruption.giveUp)
        let title = strands.waiting.first?.step.title ?? "the end"
        blame(interruption.exitCode, "interrupted at \(title)")
        guard tally.interruptions > 1 else { return (cutShort(strands, in: source, at: now, &outputs), outputs) }
        for (_, _, step) in strands.waiting {
            _ = record(Outcome(status: .cutShort, text: ""), of: step, at: now, &outputs)
        }
        recordUnanswered(at: now, &outputs)
        return (shutDown(.forceBestEffort, at: now, &outputs), outputs)
    }

    /// During a shutdown: the first signal joins it and may shorten it (S3), the second forces.
    mutating func interruptedAgain(_ interruption: Interruption, at now: Instant) -> [Output] {
        tally.interruptions += 1
        if tally.interruptions == 1 { return [.send(newRequest(), .graceful(giveUp: interruption.giveUp))] }
        blame(interruption.exitCode, "forced by a second signal")
        return [.send(newRequest(), .forceBestEffort)]
    }

    mutating func overallTimeReachedWhileStopping(at now: Instant) -> [Output] {
        guard let overallDeadline, now >= overallDeadline, !tally.isForced else { return [] }
        blame(.timeUp, "the overall time of \((overallTime ?? .zero).scriptText) was over during the shutdown")
        tally.isForced = true
        return [.send(newRequest(), .forceBestEffort)]
    }

    // MARK: The end of the shutdown

    mutating func completedWhileStopping(
        _ request: RequestID, _ result: CommandResult, _ step: Step, _ rest: Strands?, in source: some StateSource,
        at now: Instant
    ) -> (State, [Output]) {
        var outputs: [Output] = []
        if let other = asynchronous.removeValue(forKey: request) {
            var outcome = Outcome(result, of: other.statement, in: source)
            if case .failed(let failure) = result, failure.kind == .shuttingDown { outcome = .init(failure) }
            _ = record(outcome, of: other, at: now, &outputs)
            return (.stopping(step, rest: rest), outputs)
        }
        guard let underWay = shutdownUnderWay, underWay.request == request, case .failed = result else {
            return (.stopping(step, rest: rest), [])
        }
        shutdownUnderWay = nil
        let mustStop = record(Outcome(result, of: step.statement, in: source), of: step, at: now, &outputs)
        guard let rest else { return (stop(at: now, &outputs), outputs) }
        if mustStop { return (cutShort(rest, in: source, at: now, &outputs), outputs) }
        return (proceed(rest, in: source, at: now, &outputs), outputs)
    }

    /// The rest of the script can only look back.
    mutating func stopped(
        _ report: ShutdownReport, _ step: Step, _ rest: Strands?, in source: some StateSource, at now: Instant
    ) -> (State, [Output]) {
        self.report = report
        var outputs: [Output] = []
        let mustStop = record(Outcome(report), of: step, at: now, &outputs)
        recordUnanswered(at: now, &outputs)
        let hasFailed = tally.cause != nil && !settings.continuesAfterFailure
        guard let rest, !mustStop, !hasFailed, tally.interruptions == 0 else {
            return (over(report, at: now, &outputs), outputs)
        }
        return (proceed(rest, in: source, at: now, &outputs), outputs)
    }

    /// A shutdown begun with `&` is over while lines still wait for something that can no longer come.
    mutating func stoppedEarly(
        _ report: ShutdownReport, _ strands: Strands, in source: some StateSource, at now: Instant
    ) -> (State, [Output]) {
        self.report = report
        var outputs: [Output] = []
        if let shutdown = shutdownUnderWay?.step { _ = record(Outcome(report), of: shutdown, at: now, &outputs) }
        recordUnanswered(at: now, &outputs)
        let done = strands.waiting.map { id, wait, _ in
            switch wait {
            case .time, .absence: return (id: id, outcome: Outcome.passed("", usage: nil))
            case .goal(.state(let condition), _) where (try? condition.isTrue(in: source)) == true:
                return (id: id, outcome: Outcome.passed("", usage: nil))
            case .goal, .answer, .finalAnswer:
                return (id: id, outcome: Outcome.failed(.failed, "the shutdown was over first"))
            }
        }
        return (finish(done, strands, in: source, at: now, &outputs), outputs)
    }

    private func over(_ report: ShutdownReport, at now: Instant, _ outputs: inout [Output]) -> State {
        let verdict = Verdict(
            on: report, cause: tally.cause, passed: tally.passed, failed: tally.failed, elapsed: now - started,
            reason: tally.reason)
        outputs += [.report(.end(verdict, report)), .finished(verdict)]
        return .over(verdict)
    }
}

extension Outcome {
    /// It was under way when the shutdown began.
    fileprivate init(_ failure: CommandFailure) {
        self.init(status: .cutShort, text: failure.text, usage: failure.usage?.description)
    }

    init(_ report: ShutdownReport) {
        let duration = "\(decimalText((report.finished - report.started).inSeconds, digits: 1)) s"
        if report.isClean {
            self.init(status: .ok, text: "clean")
        } else {
            self.init(status: .unclean, text: report.deadlineHit ? "gave up after \(duration)" : "not clean")
        }
    }
}
