package import SIPMessage
package import SansIO

/// The calling side of a session, from INVITE to BYE (RFC 3261 §13.2, §15).
///
///             1xx                 2xx
///   calling ───────▶ proceeding ───────▶ established ──▶ terminating ──▶ ended
///      │ end            │ end               ▲ (BYE)  BYE     ▲
///      ▼                ▼                   │                │
///   endingUnheard ──▶ cancelling ───────────┼─ 2xx crosses: ACK and BYE
///            1xx: CANCEL    │ 487 or any other final, or 64·T1
///                           ▼
///                         ended
///
/// CANCEL is never sent before a provisional response was heard (§9.1). A 2xx after the end was asked for leads to
/// ACK and BYE, and the application never hears that it was connected (W5).
package struct ClientInviteSession: BaseUsage, Hashable {
    package static let kind = UsageKind.clientInviteSession

    package enum State: Hashable, Sendable {
        case calling
        case proceeding
        case endingUnheard
        case cancelling(giveUpAt: Instant)
        case established
        case terminating
        case ended(UsageOutcome)
    }
    package enum Input: Hashable, Sendable {
        case provisional(StatusCode)
        case accepted
        case refused(StatusCode, reason: String)
        case failed(Failure)
        case peerEnded
        case byeAnswered(StatusCode)
        case byeFailed(Failure)
        case deadlineReached
        case endRequested
    }
    package enum Action: Hashable, Sendable {
        case cancel
        case acknowledge
        case bye
        case reportProgress(StatusCode)
        case reportConnected
        case reportClosing(SessionClosing)
        case ended(UsageOutcome)
    }

    package private(set) var state: State = .calling
    /// 64·T1: how long a CANCEL may stay without effect.
    private let patience: Duration

    package init(patience: Duration) { self.patience = patience }

    package var nextDeadline: Instant? {
        if case .cancelling(let giveUpAt) = state { giveUpAt } else { nil }
    }
    package var isEnded: Bool { if case .ended = state { true } else { false } }
    package var isEnding: Bool {
        switch state {
        case .endingUnheard, .cancelling, .terminating, .ended: true
        case .calling, .proceeding, .established: false
        }
    }

    package mutating func end(at now: Instant) -> [Action] { handle(.endRequested, at: now) }

    package mutating func handle(_ input: Input, at now: Instant) -> [Action] {
        let (next, actions) = Self.transition(from: state, on: input, patience: patience, at: now)
        state = next
        return actions
    }

    private static func transition(
        from state: State, on input: Input, patience: Duration, at now: Instant
    ) -> (State, [Action]) {
        switch (state, input) {

        case (.calling, .provisional(let status)), (.proceeding, .provisional(let status)):
            return (.proceeding, [.reportProgress(status)])
        case (.calling, .accepted), (.proceeding, .accepted):
            return (.established, [.acknowledge, .reportConnected])
        case (.calling, .refused(let status, let reason)), (.proceeding, .refused(let status, let reason)):
            return ended(.endedByPeer(status), .refused(status, reason: reason))
        case (.calling, .failed(let failure)), (.proceeding, .failed(let failure)):
            return ended(failure.outcomeOfStart, .failed(failure))
        case (.calling, .endRequested):
            return (.endingUnheard, [])
        case (.proceeding, .endRequested):
            return (.cancelling(giveUpAt: now + patience), [.cancel])

        case (.endingUnheard, .provisional):
            return (.cancelling(giveUpAt: now + patience), [.cancel])
        case (.endingUnheard, .accepted), (.cancelling, .accepted):
            return (.terminating, [.acknowledge, .bye])
        case (.endingUnheard, .refused(let status, _)), (.cancelling, .refused(let status, _)):
            // A challenge that comes while ending is not answered (R4): there never was a call.
            return ended(status == 401 || status == 407 ? .neverEstablished : .local(status), .byUs)
        case (.endingUnheard, .failed(let failure)), (.cancelling, .failed(let failure)):
            return ended(failure.outcomeOfStart, .byUs)
        case (.cancelling, .deadlineReached):
            return ended(.peerUnresponsive, .byUs)

        case (.established, .accepted):
            return (state, [.acknowledge])  // A repeated 2xx: our ACK was lost (§13.2.2.4).
        case (.established, .peerEnded):
            return ended(.endedByPeer(nil), .byPeer)
        case (.established, .endRequested):
            return (.terminating, [.bye])

        case (.terminating, .accepted):
            return (state, [.acknowledge])
        case (.terminating, .byeAnswered(let status)):
            return ended(.local(status), .byUs)  // Any final answer to BYE ends it (R6).
        case (.terminating, .byeFailed(let failure)):
            return ended(failure.outcomeOfStart, .byUs)

        case (.calling, .peerEnded), (.proceeding, .peerEnded):
            // BYE in an early dialog: the callee gives up before answering; the INVITE gets its final answer too.
            return (state, [])
        case (.calling, .byeAnswered), (.calling, .byeFailed), (.calling, .deadlineReached),
            (.proceeding, .byeAnswered), (.proceeding, .byeFailed), (.proceeding, .deadlineReached),
            (.endingUnheard, .peerEnded), (.endingUnheard, .byeAnswered), (.endingUnheard, .byeFailed),
            (.endingUnheard, .deadlineReached), (.endingUnheard, .endRequested), (.cancelling, .provisional),
            (.cancelling, .peerEnded), (.cancelling, .byeAnswered), (.cancelling, .byeFailed),
            (.cancelling, .endRequested), (.established, .provisional), (.established, .refused),
            (.established, .failed), (.established, .byeAnswered), (.established, .byeFailed),
            (.established, .deadlineReached), (.terminating, .provisional), (.terminating, .refused),
            (.terminating, .failed), (.terminating, .peerEnded), (.terminating, .deadlineReached),
            (.terminating, .endRequested), (.ended, _):
            return (state, [])
        }
    }

    private static func ended(_ outcome: UsageOutcome, _ closing: SessionClosing) -> (State, [Action]) {
        (.ended(outcome), [.reportClosing(closing), .ended(outcome)])
    }
}
