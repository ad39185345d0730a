import SansIO
import Testing

@testable import SIPTransaction

@Suite("The INVITE server transaction")
struct InviteServerTransactionTests {
    typealias Machine = InviteServerTransaction

    private func machine(isReliable: Bool = false, after inputs: [Machine.Input] = []) -> Machine {
        var machine = Machine(timers: TimerValues(), isReliable: isReliable, at: .zero)
        for input in inputs { _ = machine.handle(input, at: .zero) }
        return machine
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var path: [Machine.Input]
        var input: Machine.Input
        var actions: [Machine.Action]
        var deadline: Int64?
        var testDescription: String { "\(path) + \(input)" }
        init(_ path: [Machine.Input], _ input: Machine.Input, _ actions: [Machine.Action], _ deadline: Int64?) {
            (self.path, self.input, self.actions, self.deadline) = (path, input, actions, deadline)
        }
    }
    static let confirmed: [Machine.Input] = [.respondedRefused, .acknowledged]
    static let rows: [Row] = [
        // Proceeding, nothing answered yet.
        Row([], .repeated, [.sendTrying], nil),
        Row([], .respondedProvisional, [.send], nil),
        Row([], .respondedAccepted, [.send], 32_000),
        Row([], .respondedRefused, [.send], 500),
        Row([], .acknowledged, [], 200),
        Row([], .deadlineReached, [], 200),
        // Proceeding, a provisional answer given.
        Row([.respondedProvisional], .repeated, [.resend], nil),
        Row([.respondedProvisional], .respondedProvisional, [.send], nil),
        Row([.respondedProvisional], .respondedAccepted, [.send], 32_000),
        Row([.respondedProvisional], .respondedRefused, [.send], 500),
        Row([.respondedProvisional], .acknowledged, [], nil),
        Row([.respondedProvisional], .deadlineReached, [], nil),
        // Completed.
        Row([.respondedRefused], .repeated, [.resend], 500),
        Row([.respondedRefused], .respondedProvisional, [], 500),
        Row([.respondedRefused], .respondedAccepted, [], 500),
        Row([.respondedRefused], .respondedRefused, [], 500),
        Row([.respondedRefused], .acknowledged, [.refusalAcknowledged], 5000),
        Row([.respondedRefused], .deadlineReached, [], 500),
        // Confirmed.
        Row(confirmed, .repeated, [], 5000),
        Row(confirmed, .respondedProvisional, [], 5000),
        Row(confirmed, .respondedAccepted, [], 5000),
        Row(confirmed, .respondedRefused, [], 5000),
        Row(confirmed, .acknowledged, [], 5000),
        Row(confirmed, .deadlineReached, [], 5000),
        // Accepted.
        Row([.respondedAccepted], .repeated, [], 32_000),
        Row([.respondedAccepted], .respondedProvisional, [], 32_000),
        Row([.respondedAccepted], .respondedAccepted, [.send], 32_000),
        Row([.respondedAccepted], .respondedRefused, [], 32_000),
        Row([.respondedAccepted], .acknowledged, [.passAcknowledgement], 32_000),
        Row([.respondedAccepted], .deadlineReached, [], 32_000),
    ]

    @Test("Every state and every input (RFC 3261 §17.2.1, figure 7 of RFC 6026 §8.6)", arguments: rows)
    func table(row: Row) {
        var machine = machine(after: row.path)
        #expect(machine.handle(row.input, at: .zero) == row.actions)
        #expect(machine.nextDeadline == row.deadline.map(at))
    }

    @Test(
        "Nothing happens after its end",
        arguments: [
            Machine.Input.repeated, .respondedProvisional, .respondedAccepted, .respondedRefused, .acknowledged,
            .deadlineReached,
        ])
    func terminated(input: Machine.Input) {
        var machine = machine(isReliable: true, after: [.respondedRefused, .acknowledged])
        #expect(machine.state == .terminated)
        #expect(machine.handle(input, at: .zero) == [])
        #expect(machine.nextDeadline == nil)
    }

    @Test("100 Trying goes out by itself after 200 ms, once (STX-086, RFC 3261 §17.2.1)")
    func trying() {
        var machine = machine()
        #expect(machine.handle(.deadlineReached, at: at(200)) == [.sendTrying])
        #expect(machine.nextDeadline == nil)
        #expect(machine.handle(.repeated, at: at(500)) == [.resend])
    }

    @Test("Timer G repeats a refusal from T1 up to T2, Timer H gives up at 64·T1 (STX-088, RFC 3261 §17.2.1)")
    func timerG() {
        var machine = machine(after: [.respondedRefused])
        #expect(machine.awaitsAcknowledgement)
        var times: [Instant] = []
        var end: [Machine.Action] = []
        while let deadline = machine.nextDeadline {
            let actions = machine.handle(.deadlineReached, at: deadline)
            if actions == [.resend] { times.append(deadline) } else { end = actions }
        }
        #expect(times == [500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500].map(at))
        #expect(end == [.terminate(acknowledged: false)])
        #expect(!machine.awaitsAcknowledgement)
    }

    @Test("Over a reliable transport there is Timer H and no Timer G (RFC 3261 §17.2.1)")
    func timerH() {
        var machine = machine(isReliable: true, after: [.respondedRefused])
        #expect(machine.nextDeadline == at(32_000))
        #expect(machine.handle(.deadlineReached, at: at(31_999)) == [])
        #expect(machine.handle(.deadlineReached, at: at(32_000)) == [.terminate(acknowledged: false)])
    }

    @Test("Timer I absorbs further ACKs for T4, and not at all over a reliable transport (STX-090)")
    func timerI() {
        var lossy = machine(after: Self.confirmed)
        #expect(lossy.handle(.deadlineReached, at: at(4999)) == [])
        #expect(lossy.handle(.deadlineReached, at: at(5000)) == [.terminate(acknowledged: true)])
        var reliable = machine(isReliable: true, after: [.respondedRefused])
        #expect(reliable.handle(.acknowledged, at: .zero) == [.refusalAcknowledged, .terminate(acknowledged: true)])
    }

    @Test(
        "Timer L absorbs the INVITE and passes each ACK for 64·T1, over any transport (STX-089, STX-091, RFC 6026 §7.1)",
        arguments: [false, true])
    func timerL(isReliable: Bool) {
        var machine = machine(isReliable: isReliable, after: [.respondedAccepted])
        #expect(machine.handle(.repeated, at: at(31_999)) == [])
        #expect(machine.handle(.acknowledged, at: at(31_999)) == [.passAcknowledgement])
        #expect(machine.handle(.respondedAccepted, at: at(31_999)) == [.send])
        #expect(machine.handle(.deadlineReached, at: at(31_999)) == [])
        #expect(machine.handle(.deadlineReached, at: at(32_000)) == [.terminate(acknowledged: true)])
    }
}
