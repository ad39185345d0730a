import DialogUsage
import SansIO
import SoftphoneCore

extension ScriptRunner {
    enum Beginning {
        case done(Outcome)
        case waits((wait: Wait, step: Step))
        case shutsDown(Step)
        /// The script is over by this line.
        case leaves(Outcome)
        /// An asynchronous line: its record comes when it is answered.
        case runsOn
    }

    mutating func begin(
        _ statement: Statement, _ step: Step, in source: some StateSource, at now: Instant, _ outputs: inout [Output]
    ) -> Beginning {
        switch statement.action {
        case .command(let command): return send(command, statement, step, at: now, &outputs)
        case .wait(let goal): return wait(for: goal, statement, step, in: source, at: now)
        case .refuse(let filter, let duration): return .waits((.absence(filter, until: now + duration), step))
        case .sleep(let duration): return .waits((.time(now + duration), step))
        case .assert(let expression, let why): return .done(Self.check(expression, why, in: source))
        case .set(let setting): apply(setting)
        case .assign(let name, let value): variables[name] = value
        case .print(let text): outputs.append(.report(.print(text, line: statement.line)))
        case .flushEvents: queue.removeAll()
        case .label(let text):
            label = text
            outputs.append(.report(.label(text, line: statement.line)))
        case .leave(let code):
            if code != .success { blame(code, "\(step.title) says so") }
            return .leaves(.passed("", usage: nil))
        case .dump(let dump): return write(dump, statement, step, in: source, at: now, &outputs)
        case .disturb(let fault): outputs.append(.disturb(fault))
        case .open: break
        }
        return .done(.passed("", usage: nil))
    }

    private mutating func write(
        _ dump: Dump, _ statement: Statement, _ step: Step, in source: some StateSource, at now: Instant,
        _ outputs: inout [Output]
    ) -> Beginning {
        guard let content = source.content(of: dump) else {
            return .done(.failed(.failed, "there is no usage of that name"))
        }
        if let file = dump.file {
            let request = newRequest()
            outputs.append(.write(request, file: file, content))
            return .waits((.answer(request, giveUpAt: now + (statement.timeout ?? settings.timeout)), step))
        }
        if case .bytes(let bytes) = content {
            let text = String(decoding: bytes, as: UTF8.self)
            outputs.append(.report(.dump(dump.name, text, line: statement.line)))
        }
        return .done(.passed("", usage: nil))
    }

    private mutating func send(
        _ command: Command, _ statement: Statement, _ step: Step, at now: Instant, _ outputs: inout [Output]
    ) -> Beginning {
        if report != nil { return .done(.failed(.failed, "the shutdown is over")) }
        let request = newRequest()
        outputs.append(.send(request, command))
        if case .fault(.clear) = command { outputs.append(.disturb(.clear)) }
        let isShutdown = statement.shutdown != nil
        var step = step
        // A shutdown has its own give-up time, and `giveup 0` may wait for ever.
        step.giveUpAt = statement.timeout.map { now + $0 } ?? (isShutdown ? nil : now + settings.timeout)
        switch (statement.isAsynchronous, isShutdown) {
        case (true, true):
            shutdownUnderWay = (request, step)
            return .runsOn
        case (true, false):
            asynchronous[request] = step
            return .runsOn
        case (false, true):
            shutdownUnderWay = (request, step)
            noticeAt = now + Self.noticeInterval
            return .shutsDown(step)
        case (false, false):
            return .waits((.answer(request, giveUpAt: step.giveUpAt), step))
        }
    }

    private mutating func wait(
        for goal: Statement.Goal, _ statement: Statement, _ step: Step, in source: some StateSource, at now: Instant
    ) -> Beginning {
        switch goal {
        case .event(let filter):
            if let found = queue.take(filter, in: source) { return .done(.passed(found.name, usage: found)) }
        case .state(let condition):
            if (try? condition.isTrue(in: source)) == true { return .done(.passed("", usage: nil)) }
        }
        let giveUpAt = now + (statement.timeout ?? settings.timeout)
        return .waits((.goal(goal, giveUpAt: giveUpAt), step))
    }

    private static func check(_ expression: Expression, _ why: String?, in source: some StateSource) -> Outcome {
        let prefix = why.map { $0 + ": " } ?? ""
        do throws(EvaluationFailure) {
            if try expression.isTrue(in: source) { return .passed("", usage: nil) }
            return .failed(.failed, prefix + expression.findings(in: source).joined(separator: ", "))
        } catch {
            return .failed(.failed, prefix + error.description)
        }
    }

    private mutating func apply(_ setting: Statement.Setting) {
        switch setting {
        case .timeout(let duration): settings.timeout = duration
        case .giveUp(let duration): settings.giveUp = duration
        case .continuesAfterFailure(let value): settings.continuesAfterFailure = value
        case .device: break  // The softphone was made with it.
        }
    }

    /// Writes the record and counts it; true when the script must stop here.
    mutating func record(
        _ outcome: Outcome, of step: Step, at now: Instant, _ outputs: inout [Output]
    ) -> Bool {
        var status = outcome.status
        if step.statement?.isTried == true {
            let failure = outcome.code.map(String.init) ?? outcome.cause.map { String($0.rawValue) }
            variables[Variables.result] = status == .failed ? failure ?? "1" : "0"
            if status == .failed { status = .tried }
        }
        outputs.append(
            .report(
                .step(
                    StepRecord(
                        line: step.statement?.line, file: step.statement?.file, turn: step.turn, label: step.label,
                        verb: step.statement?.verb ?? "shutdown",
                        statement: step.statementText,
                        status: status, code: outcome.code, text: outcome.text, duration: now - step.since,
                        usage: outcome.usage, account: step.statement?.account ?? outcome.account))))
        switch status {
        case .ok, .tried: tally.passed += 1
        case .unclean, .cutShort: break
        case .failed:
            tally.failed += 1
            blame(outcome.cause ?? .failed, "\(step.title): \(outcome.text)")
            return !settings.continuesAfterFailure
        }
        return false
    }

    /// The first cause wins.
    mutating func blame(_ cause: ExitCode, _ reason: String) {
        guard tally.cause == nil else { return }
        tally.cause = cause
        tally.reason = reason
    }
}

extension ScriptRunner.Step {
    var statementText: String { statement?.text ?? "shutdown graceful" }
    /// `line 7, call sip:bob@sandbox.test`
    var title: String { statement.map { "\($0.place), \($0.text)" } ?? "the shutdown at the end" }
}
