import SIPMessage
import SansIO

/// The non-INVITE server transaction (RFC 3261 §17.2.2, RFC 4320).
///
///   trying ──1xx──▶ proceeding ──final──▶ completed ──Timer J──▶ terminated
///
/// No 408 is ever sent (RFC 4320 §4.1), and what the user never answers is forgotten after Timer J's time.
struct NonInviteServerTransaction: Hashable, Sendable {
    enum State: Hashable, Sendable {
        /// Unanswered. `answered`: a provisional was sent and is repeated when the request is.
        case trying(answered: Bool, forgetAt: Instant)
        case completed(until: Instant)
        case terminated
    }
    enum Input: Hashable, Sendable {
        case repeated
        case respondedProvisional, respondedFinal
        case deadlineReached
    }
    enum Action: Hashable, Sendable {
        case send, resend, terminate
    }

    private(set) var state: State
    private let timers: TimerValues
    private let isReliable: Bool

    init(timers: TimerValues, isReliable: Bool, at now: Instant) {
        self.timers = timers
        self.isReliable = isReliable
        state = .trying(answered: false, forgetAt: now + timers.timeout)
    }

    var nextDeadline: Instant? {
        switch state {
        case .trying(_, let forgetAt): forgetAt
        case .completed(let until): until
        case .terminated: nil
        }
    }
    var isUnanswered: Bool { if case .trying = state { true } else { false } }

    mutating func handle(_ input: Input, at now: Instant) -> [Action] {
        let (next, actions) = transition(on: input, at: now)
        state = next
        return actions
    }

    private func transition(on input: Input, at now: Instant) -> (State, [Action]) {
        switch (state, input) {
        case (.trying(let answered, _), .repeated): return (state, answered ? [.resend] : [])
        case (.trying(_, let forgetAt), .respondedProvisional):
            return (.trying(answered: true, forgetAt: forgetAt), [.send])
        case (.trying, .respondedFinal):
            return isReliable ? (.terminated, [.send, .terminate]) : (.completed(until: now + timers.timeout), [.send])
        case (.trying(_, let forgetAt), .deadlineReached):
            return now >= forgetAt ? (.terminated, [.terminate]) : (state, [])
        case (.completed, .repeated): return (state, [.resend])
        case (.completed(let until), .deadlineReached):
            return now >= until ? (.terminated, [.terminate]) : (state, [])
        case (.completed, .respondedProvisional), (.completed, .respondedFinal), (.terminated, _):
            return (state, [])
        }
    }
}
