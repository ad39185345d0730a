import SansIO

/// The non-INVITE server transaction (RFC 3261 §17.2.2, RFC 4320).
///
///   trying ──final──▶ completed ──Timer J──▶ terminated
///      └── 64·T1 without an answer ──▶ terminated
///
/// The only provisional answer is 100 (RFC 4320 §4.1). It goes out by itself when the client's Timer E has come to T2,
/// and over an unreliable transport never earlier. 408 is never sent (§4.2): what the user does not answer in time is
/// forgotten.
struct NonInviteServerTransaction: Hashable, Sendable {
    enum State: Hashable, Sendable {
        /// Unanswered. 100 is sent at `tryingAt`; nil: it was, and is repeated when the request is.
        case trying(tryingAt: Instant?, forgetAt: Instant)
        case completed(until: Instant)
        case terminated
    }
    enum Input: Hashable, Sendable {
        case repeated
        /// 100.
        case respondedTrying
        /// What RFC 4320 forbids: any other provisional answer, and 408.
        case respondedForbidden
        case respondedFinal
        case deadlineReached
    }
    typealias Action = ServerAction

    private(set) var state: State
    private let timers: TimerValues
    private let isReliable: Bool

    init(timers: TimerValues, isReliable: Bool, at now: Instant) {
        self.timers = timers
        self.isReliable = isReliable
        state = .trying(tryingAt: now + timers.lateTrying, forgetAt: now + timers.timeout)
    }

    var nextDeadline: Instant? {
        switch state {
        case .trying(let tryingAt, let forgetAt): earliest(tryingAt, forgetAt)
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
        case (.trying(let tryingAt, _), .repeated): return (state, tryingAt == nil ? [.resend] : [])
        case (.trying(let tryingAt, let forgetAt), .respondedTrying):
            // Too early over UDP: it follows by itself.
            if !isReliable, let tryingAt, now < tryingAt { return (state, []) }
            return (.trying(tryingAt: nil, forgetAt: forgetAt), [.send])
        case (.trying, .respondedFinal):
            return isReliable
                ? (.terminated, [.send, .terminate(acknowledged: true)])
                : (.completed(until: now + timers.timeout), [.send])
        case (.trying(let tryingAt, let forgetAt), .deadlineReached):
            guard now < forgetAt else { return (.terminated, [.terminate(acknowledged: true)]) }
            guard let tryingAt, now >= tryingAt else { return (state, []) }
            return (.trying(tryingAt: nil, forgetAt: forgetAt), [.sendTrying])
        case (.completed, .repeated): return (state, [.resend])
        case (.completed(let until), .deadlineReached):
            return now >= until ? (.terminated, [.terminate(acknowledged: true)]) : (state, [])
        case (.trying, .respondedForbidden), (.completed, .respondedTrying), (.completed, .respondedForbidden),
            (.completed, .respondedFinal), (.terminated, _):
            return (state, [])
        }
    }
}
