package import SIPMessage
package import SansIO

/// The calling side of a session, from INVITE to BYE (RFC 3261 §13.2, §15): where it is. What is described in it is
/// `Negotiation`'s, what is asked in it `SessionModification`'s.
///
///             1xx                 2xx
///   calling ───────▶ proceeding ───────▶ established ──▶ terminating ──▶ ended
///      │ end            │   │               ▲   ▲ (BYE)  BYE   ▲
///      │                │   └─▶ answering ──┘   │              │
///      │                │ 2xx with an offer: the answer goes into the ACK
///      ▼                ▼ end, Expires          │              │
///   endingUnheard ──▶ cancelling ───────────────┼─ 2xx crosses, or its answer is none: ACK and BYE
///            1xx: CANCEL    │ 487 or any other final, or 64·T1
///                           ▼
///                         ended
///
/// CANCEL is never sent before a provisional response was heard (§9.1). A 2xx after the end was asked for leads to
/// ACK and BYE, and the application never hears that it was connected (W5).
package struct ClientInviteSession: BaseUsage, Hashable {
    package static let kind = UsageKind.clientInviteSession

    package enum State: Hashable, Sendable {
        /// `expiresAt`: when Expires of the INVITE is over (§13.2.1).
        case calling(expiresAt: Instant?)
        case proceeding(expiresAt: Instant?)
        /// The 2xx brought an offer; the application has until then to answer it.
        case answering(giveUpAt: Instant)
        case endingUnheard
        case cancelling(giveUpAt: Instant)
        case established
        /// BYE is sent; what is told when it has its answer.
        case terminating(SessionClosing)
        case ended(UsageOutcome)
    }
    /// What a 2xx means for offer and answer.
    package enum Acceptance: Hashable, Sendable {
        /// Both sides have described the session.
        case settled
        /// The peer offers; the answer goes into the ACK.
        case offering
        /// No answer, or one that is none: ACK and BYE (§13.2.2.4).
        case faulty
    }
    package enum Input: Hashable, Sendable {
        case provisional(StatusCode)
        /// The INVITE was sent once more, for credentials, elsewhere or otherwise; nothing is heard of that yet.
        case repeated
        case accepted(Acceptance)
        /// The application has answered the offer of the 2xx.
        case offerAnswered
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

    package private(set) var state: State
    /// 64·T1: how long a CANCEL may stay without effect.
    private let patience: Duration

    package init(patience: Duration, expiresAt: Instant? = nil) {
        self.patience = patience
        state = .calling(expiresAt: expiresAt)
    }

    package var nextDeadline: Instant? {
        switch state {
        case .calling(let expiresAt), .proceeding(let expiresAt): expiresAt
        case .answering(let giveUpAt), .cancelling(let giveUpAt): giveUpAt
        case .endingUnheard, .established, .terminating, .ended: nil
        }
    }
    package var isEnded: Bool { if case .ended = state { true } else { false } }
    /// Of the INVITE that is out.
    package var hasHeardNothing: Bool {
        switch state {
        case .calling, .endingUnheard: true
        case .proceeding, .answering, .cancelling, .established, .terminating, .ended: false
        }
    }
    package var isEnding: Bool {
        switch state {
        case .endingUnheard, .cancelling, .terminating, .ended: true
        case .calling, .proceeding, .answering, .established: false
        }
    }
    /// No 2xx yet: a description may still come from several places.
    package var isEarly: Bool {
        switch state {
        case .calling, .proceeding, .endingUnheard, .cancelling: true
        case .answering, .established, .terminating, .ended: false
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

        case (.calling(let expiresAt), .provisional(let status)),
            (.proceeding(let expiresAt), .provisional(let status)):
            return (.proceeding(expiresAt: expiresAt), [.reportProgress(status)])
        case (.calling(let expiresAt), .repeated), (.proceeding(let expiresAt), .repeated):
            return (.calling(expiresAt: expiresAt), [])
        case (.calling, .accepted(.settled)), (.proceeding, .accepted(.settled)):
            return (.established, [.acknowledge, .reportConnected])
        case (.calling, .accepted(.offering)), (.proceeding, .accepted(.offering)):
            return (.answering(giveUpAt: now + patience), [])
        case (.calling, .accepted(.faulty)), (.proceeding, .accepted(.faulty)):
            return (.terminating(unusable), [.acknowledge, .bye])
        case (.calling, .refused(let status, let reason)), (.proceeding, .refused(let status, let reason)):
            return ended(.endedByPeer(status), .refused(status, reason: reason))
        case (.calling, .failed(let failure)), (.proceeding, .failed(let failure)):
            return ended(failure.outcomeOfStart, .failed(failure))
        case (.calling, .endRequested):
            return (.endingUnheard, [])
        case (.proceeding, .endRequested):
            return (.cancelling(giveUpAt: now + patience), [.cancel])
        case (.calling(let expiresAt), .deadlineReached):
            return expiresAt.map { now >= $0 } ?? false ? (.endingUnheard, []) : (state, [])
        case (.proceeding(let expiresAt), .deadlineReached):
            let isOver = expiresAt.map { now >= $0 } ?? false
            return isOver ? (.cancelling(giveUpAt: now + patience), [.cancel]) : (state, [])

        case (.answering, .offerAnswered):
            return (.established, [.acknowledge, .reportConnected])
        case (.answering, .endRequested):
            return (.terminating(.byUs), [.acknowledge, .bye])
        case (.answering, .deadlineReached):
            return (.terminating(unusable), [.acknowledge, .bye])
        case (.answering, .peerEnded):
            return (.ended(.endedByPeer(nil)), [.acknowledge, .reportClosing(.byPeer), .ended(.endedByPeer(nil))])

        case (.endingUnheard, .provisional):
            return (.cancelling(giveUpAt: now + patience), [.cancel])
        case (.endingUnheard, .accepted), (.cancelling, .accepted):
            return (.terminating(.byUs), [.acknowledge, .bye])
        case (.endingUnheard, .refused(let status, _)), (.cancelling, .refused(let status, _)):
            // A challenge that comes while ending is not answered (R4): there never was a call.
            return ended(status == 401 || status == 407 ? .neverEstablished : .local(status), .byUs)
        case (.endingUnheard, .failed(let failure)), (.cancelling, .failed(let failure)):
            return ended(failure.outcomeOfStart, .byUs)
        case (.cancelling(let giveUpAt), .deadlineReached):
            return now >= giveUpAt ? ended(.peerUnresponsive, .byUs) : (state, [])

        case (.established, .accepted):
            return (state, [.acknowledge])  // A repeated 2xx: our ACK was lost (§13.2.2.4).
        case (.established, .peerEnded):
            return ended(.endedByPeer(nil), .byPeer)
        case (.established, .endRequested):
            return (.terminating(.byUs), [.bye])

        case (.terminating, .accepted):
            return (state, [.acknowledge])
        case (.terminating(let closing), .byeAnswered(let status)):
            return ended(.local(status), closing)  // Any final answer to BYE ends it (R6).
        case (.terminating(let closing), .byeFailed(let failure)):
            return ended(failure.outcomeOfStart, closing)

        case (.calling, .peerEnded), (.proceeding, .peerEnded):
            // BYE in an early dialog: the callee gives up before answering; the INVITE gets its final answer too.
            return (state, [])
        case (.calling, .byeAnswered), (.calling, .byeFailed), (.calling, .offerAnswered), (.proceeding, .byeAnswered),
            (.proceeding, .byeFailed), (.proceeding, .offerAnswered), (.answering, .provisional),
            (.answering, .repeated), (.endingUnheard, .repeated), (.cancelling, .repeated), (.established, .repeated),
            (.terminating, .repeated),
            (.answering, .accepted), (.answering, .refused), (.answering, .failed), (.answering, .byeAnswered),
            (.answering, .byeFailed), (.endingUnheard, .peerEnded), (.endingUnheard, .byeAnswered),
            (.endingUnheard, .byeFailed), (.endingUnheard, .offerAnswered), (.endingUnheard, .deadlineReached),
            (.endingUnheard, .endRequested), (.cancelling, .provisional), (.cancelling, .peerEnded),
            (.cancelling, .byeAnswered), (.cancelling, .byeFailed), (.cancelling, .offerAnswered),
            (.cancelling, .endRequested), (.established, .provisional), (.established, .refused),
            (.established, .failed), (.established, .byeAnswered), (.established, .byeFailed),
            (.established, .offerAnswered), (.established, .deadlineReached), (.terminating, .provisional),
            (.terminating, .refused), (.terminating, .failed), (.terminating, .peerEnded),
            (.terminating, .offerAnswered), (.terminating, .deadlineReached), (.terminating, .endRequested),
            (.ended, _):
            return (state, [])
        }
    }

    private static let unusable = SessionClosing.failed(.status(488, reason: "the peer agreed to no session"))

    private static func ended(_ outcome: UsageOutcome, _ closing: SessionClosing) -> (State, [Action]) {
        (.ended(outcome), [.reportClosing(closing), .ended(outcome)])
    }
}
