import DialogUsage
import SansIO
import SoftphoneCore

extension ScriptRunner {
    /// No line is left, or none may follow: the shutdown that ends every script, unless one is under way or done.
    mutating func stop(at now: Instant, _ outputs: inout [Output]) -> State {
        if let report { return over(report, at: now, &outputs) }
        asynchronous = [:]
        if var step = shutdownUnderWay?.step {
            step.index = script.statements.count
            noticeAt = now + Self.noticeInterval
            return .stopping(step)
        }
        return shutDown(giveUp: settings.giveUp, at: now, &outputs)
    }

    private mutating func shutDown(giveUp: Duration, at now: Instant, _ outputs: inout [Output]) -> State {
        let request = newRequest()
        let step = Step(statement: nil, index: script.statements.count, since: now)
        shutdownUnderWay = (request, step)
        noticeAt = now + Self.noticeInterval
        outputs.append(.send(request, .graceful(giveUp: giveUp)))
        return .stopping(step)
    }

    /// The line under way is given up, and with it the script.
    mutating func cutShort(_ step: Step, at now: Instant, _ outputs: inout [Output]) -> State {
        _ = record(Outcome(status: .cutShort, text: ""), of: step, at: now, &outputs)
        return stop(at: now, &outputs)
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

    mutating func interrupted(
        _ interruption: Interruption, _ wait: Wait, _ step: Step, at now: Instant
    ) -> (State, [Output]) {
        tally.interruptions += 1
        blame(interruption.exitCode, "interrupted at \(step.title)")
        var outputs: [Output] = []
        settings.giveUp = min(settings.giveUp, interruption.giveUp)
        return (cutShort(step, at: now, &outputs), outputs)
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
        _ request: RequestID, _ result: CommandResult, _ step: Step, in source: some StateSource, at now: Instant
    ) -> (State, [Output]) {
        guard let underWay = shutdownUnderWay, underWay.request == request, case .failed = result else {
            return (.stopping(step), [])
        }
        shutdownUnderWay = nil
        var outputs: [Output] = []
        return (finish(step, Outcome(result, of: step.statement, in: source), in: source, at: now, &outputs), outputs)
    }

    /// The rest of the script can only look back.
    mutating func stopped(
        _ report: ShutdownReport, _ step: Step, in source: some StateSource, at now: Instant
    ) -> (State, [Output]) {
        self.report = report
        var outputs: [Output] = []
        let mustStop = record(Outcome(report), of: step, at: now, &outputs)
        let hasFailed = tally.cause != nil && !settings.continuesAfterFailure
        if mustStop || hasFailed || tally.interruptions > 0 {
            return (over(report, at: now, &outputs), outputs)
        }
        return (advance(to: step.index + 1, in: source, at: now, &outputs), outputs)
    }

    /// A shutdown begun with `&` is over while a line still waits for something that can no longer come.
    mutating func stoppedEarly(
        _ report: ShutdownReport, _ wait: Wait, _ step: Step, in source: some StateSource, at now: Instant
    ) -> (State, [Output]) {
        self.report = report
        var outputs: [Output] = []
        if let shutdown = shutdownUnderWay?.step { _ = record(Outcome(report), of: shutdown, at: now, &outputs) }
        let outcome: Outcome
        switch wait {
        case .time, .absence: outcome = .passed("", usage: nil)
        case .goal(.state(let condition), _) where (try? condition.isTrue(in: source)) == true:
            outcome = .passed("", usage: nil)
        case .goal, .answer, .finalAnswer: outcome = .failed(.failed, "the shutdown was over first")
        }
        return (finish(step, outcome, in: source, at: now, &outputs), outputs)
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
    init(_ report: ShutdownReport) {
        let duration = "\(decimalText((report.finished - report.started).inSeconds, digits: 1)) s"
        if report.isClean {
            self.init(status: .ok, text: "clean")
        } else {
            self.init(status: .unclean, text: report.deadlineHit ? "gave up after \(duration)" : "not clean")
        }
    }
}
