import SansIO

/// The non-INVITE client transaction (RFC 3261 §17.1.2).
///
///   trying ──1xx──▶ proceeding ──final──▶ completed ──Timer K──▶ terminated
///      └── Timer F, transport ──▶ terminated
struct NonInviteClientTransaction: Hashable, Sendable {
    enum State: Hashable, Sendable {
        /// Timer E repeats, doubling up to T2; Timer F gives up. `heard`: a provisional answer came, T2 from then on.
        case trying(retransmitAt: Instant?, interval: Duration, giveUpAt: Instant, heard: Bool)
        case completed(until: Instant)
        case terminated
    }
    enum Input: Hashable, Sendable {
        case provisional, final
        case transportFailed(TransactionFailure)
        case deadlineReached
    }
    typealias Action = ClientAction

    private(set) var state: State
    private let timers: TimerValues
    private let isReliable: Bool

    init(timers: TimerValues, isReliable: Bool, at now: Instant) {
        self.timers = timers
        self.isReliable = isReliable
        state = .trying(
            retransmitAt: isReliable ? nil : now + timers.t1, interval: timers.t1, giveUpAt: now + timers.timeout,
            heard: false)
    }

    var nextDeadline: Instant? {
        switch state {
        case .trying(let retransmitAt, _, let giveUpAt, _): earliest(retransmitAt, giveUpAt)
        case .completed(let until): until
        case .terminated: nil
        }
    }
    var isAwaitingFinal: Bool { if case .trying = state { true } else { false } }
    /// Timer F, while it runs.
    var givesUpAt: Instant? { if case .trying(_, _, let giveUpAt, _) = state { giveUpAt } else { nil } }

    mutating func handle(_ input: Input, at now: Instant) -> [Action] {
        let (next, actions) = transition(on: input, at: now)
        state = next
        return actions
    }

    private func transition(on input: Input, at now: Instant) -> (State, [Action]) {
        switch (state, input) {
        case (.trying(let retransmitAt, _, let giveUpAt, _), .provisional):
            return (.trying(retransmitAt: retransmitAt, interval: timers.t2, giveUpAt: giveUpAt, heard: true), [.pass])
        case (.trying, .final):
            if isReliable { return (.terminated, [.pass, .terminate]) }
            return (.completed(until: now + timers.t4), [.pass])
        case (.trying(let retransmitAt, let interval, let giveUpAt, let heard), .deadlineReached):
            guard now < giveUpAt else { return (.terminated, [.fail(.timedOut), .terminate]) }
            guard let retransmitAt, now >= retransmitAt else { return (state, []) }
            let next = heard ? timers.t2 : min(interval * 2, timers.t2)
            return (.trying(retransmitAt: now + next, interval: next, giveUpAt: giveUpAt, heard: heard), [.retransmit])
        case (.trying, .transportFailed(let failure)):
            return (.terminated, [.fail(failure), .terminate])
        case (.completed(let until), .deadlineReached):
            return now >= until ? (.terminated, [.terminate]) : (state, [])
        case (.completed, .provisional), (.completed, .final), (.completed, .transportFailed), (.terminated, _):
            return (state, [])
        }
    }
}
