import SansIO
import Testing

@testable import SIPTransaction

@Suite("The INVITE client transaction")
struct InviteClientTransactionTests {
    typealias Machine = InviteClientTransaction

    private func machine(isReliable: Bool = false, after inputs: [Machine.Input] = []) -> Machine {
        var machine = Machine(timers: TimerValues(), isReliable: isReliable, at: .zero)
        for input in inputs { _ = machine.handle(input, at: .zero) }
        return machine
    }

    /// A state by the inputs that lead to it, an input, what is done, and when the next deadline is (nil: none).
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
        // Calling.
        Row([], .provisional, [.pass], nil),
        Row([], .accepted, [.pass], 32_000),
        Row([], .refused, [.acknowledge, .pass], 32_000),
        Row([], .transportFailed(.unreachable), [.fail(.unreachable), .terminate], nil),
        Row([], .deadlineReached, [], 500),
        // Proceeding.
        Row([.provisional], .provisional, [.pass], nil),
        Row([.provisional], .accepted, [.pass], 32_000),
        Row([.provisional], .refused, [.acknowledge, .pass], 32_000),
        Row([.provisional], .transportFailed(.closed), [.fail(.closed), .terminate], nil),
        Row([.provisional], .deadlineReached, [], nil),
        // Completed.
        Row([.refused], .provisional, [], 32_000),
        Row([.refused], .accepted, [], 32_000),
        Row([.refused], .refused, [.acknowledge], 32_000),
        Row([.refused], .transportFailed(.unreachable), [.terminate], nil),
        Row([.refused], .deadlineReached, [], 32_000),
        // Accepted.
        Row([.accepted], .provisional, [], 32_000),
        Row([.accepted], .accepted, [.pass], 32_000),
        Row([.accepted], .refused, [], 32_000),
        Row([.accepted], .transportFailed(.unreachable), [], 32_000),
        Row([.accepted], .deadlineReached, [], 32_000),
        // Terminated.
        Row([.transportFailed(.unreachable)], .provisional, [], nil),
        Row([.transportFailed(.unreachable)], .accepted, [], nil),
        Row([.transportFailed(.unreachable)], .refused, [], nil),
        Row([.transportFailed(.unreachable)], .transportFailed(.unreachable), [], nil),
        Row([.transportFailed(.unreachable)], .deadlineReached, [], nil),
    ]

    @Test("Every state and every input (RFC 3261 §17.1.1.2, figure 5 of RFC 6026 §8.4)", arguments: rows)
    func table(row: Row) {
        var machine = machine(after: row.path)
        #expect(machine.handle(row.input, at: .zero) == row.actions)
        #expect(machine.nextDeadline == row.deadline.map(at))
    }

    @Test("Timer A doubles from T1 and Timer B ends it at 64·T1 (CTX-065, RFC 3261 §17.1.1.2)")
    func timerA() {
        var machine = machine()
        var sent: [Instant] = []
        var end: [Machine.Action] = []
        while let deadline = machine.nextDeadline {
            let actions = machine.handle(.deadlineReached, at: deadline)
            if actions == [.retransmit] { sent.append(deadline) } else { end = actions }
        }
        #expect(sent == [500, 1500, 3500, 7500, 15_500, 31_500].map(at))
        #expect(end == [.fail(.timedOut), .terminate])
        #expect(machine.state == .terminated)
    }

    @Test("Timer B ends it at 64·T1 to the millisecond")
    func timerB() {
        var machine = machine(isReliable: true)
        #expect(machine.handle(.deadlineReached, at: at(31_999)) == [])
        #expect(machine.handle(.deadlineReached, at: at(32_000)) == [.fail(.timedOut), .terminate])
    }

    @Test("Over a reliable transport nothing is retransmitted (CTX-066, RFC 3261 §17.1.1.2)")
    func reliable() { #expect(machine(isReliable: true).nextDeadline == at(32_000)) }

    @Test("No timer runs after a provisional answer (CTX-067, RFC 3261 §17.1.1.2)")
    func provisional() {
        let machine = machine(after: [.provisional])
        #expect(machine.nextDeadline == nil)
        #expect(machine.isAwaitingFinal)
    }

    @Test("Timer D: a refusal is acknowledged again for 32 s, and passed up once (CTX-069, RFC 6026 §8.4)")
    func timerD() {
        var machine = machine(after: [.refused])
        #expect(machine.handle(.refused, at: at(31_999)) == [.acknowledge])
        #expect(machine.handle(.deadlineReached, at: at(31_999)) == [])
        #expect(machine.handle(.deadlineReached, at: at(32_000)) == [.terminate])
    }

    @Test("Timer D is zero over a reliable transport, and ACK is sent all the same (CTX-068, RFC 6026 §8.4)")
    func reliableRefusal() {
        var machine = machine(isReliable: true)
        #expect(machine.handle(.refused, at: .zero) == [.acknowledge, .pass, .terminate])
        #expect(machine.state == .terminated)
    }

    @Test(
        "Timer M: each 2xx is passed up for 64·T1, over any transport (CTX-071, RFC 6026 §7.2)",
        arguments: [false, true])
    func timerM(isReliable: Bool) {
        var machine = machine(isReliable: isReliable, after: [.accepted])
        #expect(!machine.isAwaitingFinal)
        #expect(machine.handle(.accepted, at: at(31_999)) == [.pass])
        #expect(machine.handle(.deadlineReached, at: at(31_999)) == [])
        #expect(machine.handle(.deadlineReached, at: at(32_000)) == [.terminate])
    }

    @Test("All derived timers follow T1; Timer D is never shorter than 32 s (CTX-082, RFC 6026 §8.4)")
    func configured() {
        let defaults = TimerValues()
        #expect((defaults.t1, defaults.t2, defaults.t4) == (.milliseconds(500), .seconds(4), .seconds(5)))
        #expect(defaults.timeout == .seconds(32))
        let timers = TimerValues(t1: .milliseconds(100))
        var machine = Machine(timers: timers, isReliable: false, at: .zero)
        #expect(machine.nextDeadline == at(100))
        _ = machine.handle(.refused, at: .zero)
        #expect(machine.nextDeadline == at(32_000))
        machine = Machine(timers: timers, isReliable: true, at: .zero)
        #expect(machine.nextDeadline == at(6400))
    }
}
