import BatchScript
@testable import DialogUsage
import SIPMessage
import SansIO
import SoftphoneCore
import Testing

/// Runs a script against a softphone that a test plays by hand.
struct Lab {
    var runner: ScriptRunner
    var state: FakeState
    var now = Instant.zero
    /// The commands sent so far, with their requests.
    var sent: [(request: RequestID, command: Command)] = []
    var records: [ScriptRecord] = []
    var written: [String] = []
    var verdict: Verdict?

    init(
        _ text: String, state: FakeState = FakeState(), environment: [String: String] = [:], sandbox: Bool = true,
        overallTime: Duration? = nil
    ) throws {
        let script = try Self.parse(text, environment: environment, sandbox: sandbox)
        let start = StartRecord(time: "2026-09-01T14:00:00.000Z", application: "lastcall test", file: "a.batch")
        runner = ScriptRunner(script, start: start, overallTime: overallTime)
        self.state = state
        tell(.started)
    }

    static func parse(
        _ text: String, environment: [String: String] = [:], sandbox: Bool = true, allowsFaults: Bool = false,
        checksNames: Bool = false
    ) throws(ScriptErrors) -> Script {
        try Script.parse(
            text, file: "a.batch", environment: environment,
            facts: Script.Facts(hasSandbox: sandbox, allowsFaults: allowsFaults, checksNames: checksNames))
    }

    static func errors(
        in text: String, environment: [String: String] = [:], sandbox: Bool = true, allowsFaults: Bool = false,
        checksNames: Bool = false
    ) -> [ScriptError] {
        do throws(ScriptErrors) {
            _ = try parse(
                text, environment: environment, sandbox: sandbox, allowsFaults: allowsFaults, checksNames: checksNames)
            return []
        } catch {
            return error.all
        }
    }

    /// A script of lines that need no softphone, run to its end.
    static func run(_ text: String, state: FakeState = FakeState(), environment: [String: String] = [:]) throws -> Lab {
        var lab = try Lab(text, state: state, environment: environment)
        lab.stop()
        return lab
    }

    mutating func tell(_ input: ScriptRunner.Input) {
        for output in runner.handle(input, in: state, at: now) {
            switch output {
            case .send(let request, let command): sent.append((request, command))
            case .write(let request, let file, _):
                written.append(file)
                tell(.completed(request, .succeeded(.init(text: "written"))))
            case .disturb: break
            case .report(let record): records.append(record)
            case .finished(let verdict): self.verdict = verdict
            }
        }
    }

    /// Time passes, with every deadline on the way said in order.
    mutating func wait(_ duration: Duration) {
        let end = now + duration
        while let deadline = runner.nextDeadline, deadline <= end {
            now = max(now, deadline)
            tell(.deadlineReached)
        }
        now = end
    }

    // MARK: What the softphone says

    mutating func succeed(_ status: StatusCode? = 200, usage: AnyUsageID? = nil, _ text: String = "") {
        guard let last = sent.last else { return }
        tell(.completed(last.request, .succeeded(.init(usage: usage, status: status, text: text))))
    }
    mutating func fail(_ kind: CommandFailure.Kind, _ text: String = "refused") {
        guard let last = sent.last else { return }
        tell(.completed(last.request, .failed(CommandFailure(kind, text))))
    }
    mutating func happen(
        _ name: String, usage: AnyUsageID? = nil, alias: String? = nil,
        _ fields: KeyValuePairs<String, FieldValue> = [:]
    ) {
        tell(.happened(Happening(name, usage: usage, alias: alias, fields: fields, at: now)))
    }

    /// The shutdown ends, with these outcomes.
    mutating func stop(_ outcomes: [UsageOutcome] = [], deadlineHit: Bool = false) {
        let rows = outcomes.enumerated().map { Self.row($0.offset, $0.element, at: now) }
        for row in rows { tell(.usageEnded(row, phase: row.id.kind.group.rawValue, name: "s1")) }
        tell(.stopped(Self.report(rows, deadlineHit: deadlineHit, at: now)))
    }

    static func row(_ index: Int, _ outcome: UsageOutcome, at now: Instant = .zero) -> ShutdownReport.Row {
        ShutdownReport.Row(
            id: AnyUsageID(kind: .clientSubscription, serial: UInt32(index + 1)), account: "alice",
            peer: "sip:bob@sandbox.test", outcome: outcome, lastStatus: outcome.status, requestsSent: 5,
            duration: .milliseconds(7_900), endedAt: now, peerSilentFor: .milliseconds(7_900), consequence: nil)
    }

    static func report(
        _ rows: [ShutdownReport.Row], deadlineHit: Bool = false, at now: Instant = .zero
    ) -> ShutdownReport {
        ShutdownReport(
            mode: .graceful, requestedBy: [], escalations: [], started: now - .seconds(8), finished: now,
            deadline: now, deadlineHit: deadlineHit, groups: [], usages: rows, undelivered: [], flushed: true,
            census: ManagerCensus())
    }

    // MARK: What the runner said

    var steps: [StepRecord] {
        records.compactMap { if case .step(let step) = $0 { step } else { nil } }
    }
    var printed: [String] {
        records.compactMap { if case .print(let text, _) = $0 { text } else { nil } }
    }
    /// The commands, as a line could say them.
    var verbs: [String] {
        sent.map { sent in
            switch sent.command {
            case .register: "register"
            case .call: "call"
            case .subscribe: "subscribe"
            case .message: "message"
            case .hangUp: "hangup"
            case .fault: "fault"
            case .publish: "publish"
            case .shutdown(let request):
                switch request.mode {
                case .graceful: "shutdown graceful \(request.giveUp?.scriptText ?? "")"
                case .ifIdle: "shutdown if-idle"
                case .force(let bestEffort): bestEffort ? "shutdown force best-effort" : "shutdown force"
                }
            default: "other"
            }
        }
    }
}
