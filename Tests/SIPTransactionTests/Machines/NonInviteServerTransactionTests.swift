import SansIO
import Testing

@testable import SIPTransaction

@Suite("The non-INVITE server transaction")
struct NonInviteServerTransactionTests {
    typealias Machine = NonInviteServerTransaction

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
    static let rows: [Row] = [
        // Trying.
        Row([], .repeated, [], 3500),
        Row([], .respondedTrying, [], 3500),
        Row([], .respondedForbidden, [], 3500),
        Row([], .respondedFinal, [.send], 32_000),
        Row([], .deadlineReached, [], 3500),
        // Completed.
        Row([.respondedFinal], .repeated, [.resend], 32_000),
        Row([.respondedFinal], .respondedTrying, [], 32_000),
        Row([.respondedFinal], .respondedForbidden, [], 32_000),
        Row([.respondedFinal], .respondedFinal, [], 32_000),
        Row([.respondedFinal], .deadlineReached, [], 32_000),
    ]

    @Test("Every state and every input over UDP (RFC 3261 §17.2.2, figure 8; RFC 4320 §4)", arguments: rows)
    func table(row: Row) {
        var machine = machine(after: row.path)
        #expect(machine.handle(row.input, at: .zero) == row.actions)
        #expect(machine.nextDeadline == row.deadline.map(at))
    }

    static let reliableRows: [Row] = [
        Row([], .respondedTrying, [.send], 32_000),
        Row([.respondedTrying], .repeated, [.resend], 32_000),
        Row([.respondedTrying], .respondedTrying, [.send], 32_000),
        Row([.respondedTrying], .respondedForbidden, [], 32_000),
        Row([.respondedTrying], .respondedFinal, [.send, .terminate(acknowledged: true)], nil),
        Row([.respondedTrying], .deadlineReached, [], 32_000),
        Row([.respondedFinal], .repeated, [], nil),
        Row([.respondedFinal], .respondedTrying, [], nil),
        Row([.respondedFinal], .respondedForbidden, [], nil),
        Row([.respondedFinal], .respondedFinal, [], nil),
        Row([.respondedFinal], .deadlineReached, [], nil),
    ]

    @Test(
        "Over a reliable transport 100 may be sent at any time, and Timer J is zero (RFC 4320 §4.1)",
        arguments: reliableRows)
    func reliable(row: Row) {
        var machine = machine(isReliable: true, after: row.path)
        #expect(machine.handle(row.input, at: .zero) == row.actions)
        #expect(machine.nextDeadline == row.deadline.map(at))
    }

    @Test("100 goes out when Timer E of the client has come to T2, once (STX-096, RFC 4320 §4.1)")
    func trying() {
        var machine = machine()
        #expect(machine.handle(.respondedTrying, at: at(3499)) == [])
        #expect(machine.handle(.repeated, at: at(3499)) == [])
        #expect(machine.handle(.deadlineReached, at: at(3500)) == [.sendTrying])
        #expect(machine.handle(.repeated, at: at(7500)) == [.resend])
        #expect(machine.handle(.respondedTrying, at: at(7600)) == [.send])
        #expect(machine.nextDeadline == at(32_000))
    }

    @Test("100 is due when T1 and T2 say so (RFC 4320 §4.1)")
    func configured() {
        #expect(TimerValues().lateTrying == .milliseconds(3500))
        #expect(TimerValues(t1: .seconds(1), t2: .seconds(4)).lateTrying == .seconds(3))
        #expect(TimerValues(t1: .seconds(4), t2: .seconds(4)).lateTrying == .zero)
        #expect(TimerValues(t1: .zero).lateTrying == .zero)
    }

    @Test("What is never answered is forgotten after 64·T1, without a 408 (STX-097, RFC 4320 §4.2)")
    func forgotten() {
        var machine = machine()
        _ = machine.handle(.deadlineReached, at: at(3500))
        #expect(machine.handle(.respondedForbidden, at: at(31_000)) == [])
        #expect(machine.isUnanswered)
        #expect(machine.handle(.deadlineReached, at: at(31_999)) == [])
        #expect(machine.handle(.deadlineReached, at: at(32_000)) == [.terminate(acknowledged: true)])
    }

    @Test("Timer J repeats the answer for 64·T1 (STX-093, RFC 3261 §17.2.2)")
    func timerJ() {
        var machine = machine(after: [.respondedFinal])
        #expect(machine.handle(.repeated, at: at(31_999)) == [.resend])
        #expect(machine.handle(.deadlineReached, at: at(31_999)) == [])
        #expect(machine.handle(.deadlineReached, at: at(32_000)) == [.terminate(acknowledged: true)])
    }
}
