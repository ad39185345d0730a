import DialogUsage
import SansIO
import SoftphoneCore

extension ScriptRunner {
    /// Executes lines from `index` on until one has to wait, or there are none left.
    mutating func advance(
        to index: Int, in source: some StateSource, at now: Instant, _ outputs: inout [Output]
    ) -> State {
        var index = index
        while index < script.statements.count {
            var step = Step(statement: script.statements[index], index: index, since: now)
            if let outcome = rereading(&step) {
                if record(outcome, of: step, at: now, &outputs) { return stop(at: now, &outputs) }
            } else if let statement = step.statement {
                switch begin(statement, step, in: source, at: now, &outputs) {
                case .waits(let state): return state
                case .done(let outcome):
                    if record(outcome, of: step, at: now, &outputs) { return stop(at: now, &outputs) }
                case .runsOn: break
                }
            }
            index += 1
        }
        return stop(at: now, &outputs)
    }

    /// A line that speaks of a variable is read again with what the variable says now.
    private func rereading(_ step: inout Step) -> Outcome? {
        guard let source = step.statement?.source else { return nil }
        do throws(ScriptFault) {
            step.statement = try StatementParser.statement(from: source, variables: variables, facts: script.facts)
            return nil
        } catch {
            return .failed(.failed, error.text)
        }
    }

    private enum Beginning {
        case done(Outcome)
        case waits(State)
        /// An asynchronous line: its record comes when it is answered.
        case runsOn
    }

    private mutating func begin(
        _ statement: Statement, _ step: Step, in source: some StateSource, at now: Instant, _ outputs: inout [Output]
    ) -> Beginning {
        switch statement.action {
        case .command(let command): return send(command, statement, step, at: now, &outputs)
        case .wait(let goal): return wait(for: goal, statement, step, in: source, at: now)
        case .refuse(let filter, let duration): return .waits(.waiting(.absence(filter, until: now + duration), step))
        case .sleep(let duration): return .waits(.waiting(.time(now + duration), step))
        case .assert(let expression, let why): return .done(Self.check(expression, why, in: source))
        case .set(let setting): apply(setting)
        case .assign(let name, let value): variables[name] = value
        case .print(let text): outputs.append(.report(.print(text, line: statement.line)))
        case .flushEvents: queue.removeAll()
        }
        return .done(.passed("", usage: nil))
    }

    private mutating func send(
        _ command: Command, _ statement: Statement, _ step: Step, at now: Instant, _ outputs: inout [Output]
    ) -> Beginning {
        if report != nil { return .done(.failed(.failed, "the shutdown is over")) }
        let request = newRequest()
        outputs.append(.send(request, command))
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
            return .waits(.stopping(step))
        case (false, false):
            return .waits(.waiting(.answer(request, giveUpAt: step.giveUpAt), step))
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
        return .waits(.waiting(.goal(goal, giveUpAt: giveUpAt), step))
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

    /// The line is done; on to the next one, or to the end.
    mutating func finish(
        _ step: Step, _ outcome: Outcome, in source: some StateSource, at now: Instant, _ outputs: inout [Output]
    ) -> State {
        if record(outcome, of: step, at: now, &outputs) { return stop(at: now, &outputs) }
        return advance(to: step.index + 1, in: source, at: now, &outputs)
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
                        line: step.statement?.line, verb: step.statement?.verb ?? "shutdown",
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
    var title: String { statement.map { "line \($0.line), \($0.text)" } ?? "the shutdown at the end" }
}
