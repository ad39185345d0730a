import SansIO
import Testing

@testable import SIPTransaction

@Suite("The non-INVITE client transaction")
struct NonInviteClientTransactionTests {
    typealias Machine = NonInviteClientTransaction

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
        Row([], .provisional, [.pass], 500),
        Row([], .final, [.pass], 5000),
        Row([], .transportFailed(.unreachable), [.fail(.unreachable), .terminate], nil),
        Row([], .deadlineReached, [], 500),
        // Proceeding.
        Row([.provisional], .provisional, [.pass], 500),
        Row([.provisional], .final, [.pass], 5000),
        Row([.provisional], .transportFailed(.closed), [.fail(.closed), .terminate], nil),
        Row([.provisional], .deadlineReached, [], 500),
        // Completed.
        Row([.final], .provisional, [], 5000),
        Row([.final], .final, [], 5000),
        Row([.final], .transportFailed(.unreachable), [], 5000),
        Row([.final], .deadlineReached, [], 5000),
        // Terminated.
        Row([.transportFailed(.closed)], .provisional, [], nil),
        Row([.transportFailed(.closed)], .final, [], nil),
        Row([.transportFailed(.closed)], .transportFailed(.closed), [], nil),
        Row([.transportFailed(.closed)], .deadlineReached, [], nil),
    ]

    @Test("Every state and every input (RFC 3261 §17.1.2.2, figure 6)", arguments: rows)
    func table(row: Row) {
        var machine = machine(after: row.path)
        #expect(machine.handle(row.input, at: .zero) == row.actions)
        #expect(machine.nextDeadline == row.deadline.map(at))
    }

    private func retransmissions(of machine: inout Machine) -> (times: [Instant], end: [Machine.Action]) {
        var times: [Instant] = []
        while let deadline = machine.nextDeadline {
            let actions = machine.handle(.deadlineReached, at: deadline)
            guard actions == [.retransmit] else { return (times, actions) }
            times.append(deadline)
        }
        return (times, [])
    }

    @Test("Timer E doubles from T1 up to T2, Timer F ends it at 64·T1 (CTX-074, RFC 3261 §17.1.2.2)")
    func timerE() {
        var machine = machine()
        let (times, end) = retransmissions(of: &machine)
        #expect(times == [500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500].map(at))
        #expect(end == [.fail(.timedOut), .terminate])
    }

    @Test("After a provisional answer Timer E is T2, and Timer F goes on (CTX-075, RFC 3261 §17.1.2.2)")
    func proceeding() {
        var machine = machine(after: [.provisional])
        let (times, end) = retransmissions(of: &machine)
        #expect(times == [500, 4500, 8500, 12_500, 16_500, 20_500, 24_500, 28_500].map(at))
        #expect(end == [.fail(.timedOut), .terminate])
    }

    @Test("Over a reliable transport only Timer F runs (RFC 3261 §17.1.2.2)")
    func reliable() {
        var machine = machine(isReliable: true)
        #expect(machine.nextDeadline == at(32_000))
        #expect(machine.handle(.deadlineReached, at: at(31_999)) == [])
        #expect(machine.handle(.deadlineReached, at: at(32_000)) == [.fail(.timedOut), .terminate])
    }

    @Test("Timer K absorbs repeated answers for T4, and not at all over a reliable transport (CTX-076)")
    func timerK() {
        var lossy = machine(after: [.final])
        #expect(lossy.handle(.final, at: at(4999)) == [])
        #expect(lossy.handle(.deadlineReached, at: at(4999)) == [])
        #expect(lossy.handle(.deadlineReached, at: at(5000)) == [.terminate])
        var reliable = machine(isReliable: true)
        #expect(reliable.handle(.final, at: .zero) == [.pass, .terminate])
        #expect(reliable.state == .terminated)
    }
}
