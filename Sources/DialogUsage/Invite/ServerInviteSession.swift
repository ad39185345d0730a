package import SIPMessage
package import SansIO

/// The called side of a session, from INVITE to BYE (RFC 3261 §13.3, §15): where it is. What is described in it is
/// `Negotiation`'s, which provisional responses are reliable `ProvisionalDelivery`'s.
///
///              answer              ACK
///   offered ───────────▶ accepted ─────▶ established ──▶ terminating ──▶ ended
///      │ end, reject,       │ end, or ACK   (BYE)  BYE      ▲
///      │ CANCEL, Expires    ▼ without answer                │
///      ▼            acceptedThenEnd ── ACK or 64·T1: BYE ───┘
///   refusing ──▶ ended
///        ACK or Timer H
///
/// The 2xx is repeated until the ACK, also over TCP (§13.3.1.4); BYE waits for the ACK or for 64·T1 (§15, W12). While it
/// rings, a provisional response leaves every minute, lest proxies give the call up (§13.3.1.1).
package struct ServerInviteSession: BaseUsage, Hashable {
    package static let kind = UsageKind.serverInviteSession

    package enum State: Hashable, Sendable {
        case offered(Ringing)
        case accepted(Repetition, thenEnd: Bool)
        case established
        /// A final refusal is sent; `closing` and the outcome are told when it is acknowledged.
        case refusing(SessionClosing, UsageOutcome)
        case terminating(SessionClosing, UsageOutcome?)
        case ended(UsageOutcome)
    }
    package struct Ringing: Hashable, Sendable {
        /// When the next provisional response is due; nil before the first.
        package var againAt: Instant?
        /// When Expires of the INVITE is over (§13.3.1).
        package var expiresAt: Instant?
    }
    package enum Input: Hashable, Sendable {
        /// A provisional response but 100 has been sent.
        case rang
        case answered
        case rejected(StatusCode)
        /// No PRACK for a reliable provisional response (RFC 3262 §3).
        case unheard
        case cancelled
        case acknowledged
        /// The ACK had to bring an answer and did not (§13.2.1).
        case acknowledgedWithoutAnswer
        case refusalAcknowledged
        /// The transaction is gone without an ACK (Timer H).
        case refusalUnacknowledged
        case peerEnded
        case byeAnswered(StatusCode)
        case byeFailed(Failure)
        case deadlineReached
        case endRequested
    }
    package enum Action: Hashable, Sendable {
        case ringAgain
        case accept
        case repeatAccept
        case refuse(StatusCode)
        case bye
        case reportConnected
        case reportClosing(SessionClosing)
        case ended(UsageOutcome)
    }
    package struct Timing: Hashable, Sendable {
        package var t1: Duration
        package var t2: Duration
        package init(t1: Duration, t2: Duration) {
            self.t1 = t1
            self.t2 = t2
        }
    }

    /// How often a provisional response is sent while it rings (§13.3.1.1).
    package static let ringInterval = Duration.seconds(60)

    package private(set) var state: State
    private let timing: Timing

    package init(timing: Timing, expiresAt: Instant? = nil) {
        self.timing = timing
        state = .offered(Ringing(expiresAt: expiresAt))
    }

    package var nextDeadline: Instant? {
        switch state {
        case .offered(let ringing): earliest(ringing.againAt, ringing.expiresAt)
        case .accepted(let repetition, _): repetition.nextDeadline
        case .established, .refusing, .terminating, .ended: nil
        }
    }
    package var isEnded: Bool { if case .ended = state { true } else { false } }
    package var isEnding: Bool {
        switch state {
        case .refusing, .terminating, .ended, .accepted(_, thenEnd: true): true
        case .offered, .accepted(_, thenEnd: false), .established: false
        }
    }
    package var isOffered: Bool { if case .offered = state { true } else { false } }

    package mutating func end(at now: Instant) -> [Action] { handle(.endRequested, at: now) }

    package mutating func handle(_ input: Input, at now: Instant) -> [Action] {
        let (next, actions) = Self.transition(from: state, on: input, timing: timing, at: now)
        state = next
        return actions
    }

    private static func transition(
        from state: State, on input: Input, timing: Timing, at now: Instant
    ) -> (State, [Action]) {
        switch (state, input) {

        case (.offered(var ringing), .rang):
            ringing.againAt = now + ringInterval
            return (.offered(ringing), [])
        case (.offered(var ringing), .deadlineReached):
            if let expiresAt = ringing.expiresAt, now >= expiresAt {
                return (.refusing(.cancelledByPeer, .endedByPeer(487)), [.refuse(487)])
            }
            guard let againAt = ringing.againAt, now >= againAt else { return (state, []) }
            ringing.againAt = now + ringInterval
            return (.offered(ringing), [.ringAgain])
        case (.offered, .answered):
            return (.accepted(Repetition(t1: timing.t1, longest: timing.t2, at: now), thenEnd: false), [.accept])
        case (.offered, .rejected(let status)):
            return (.refusing(.byUs, .local(status)), [.refuse(status)])
        case (.offered, .unheard):
            return (.refusing(.failed(.timedOut), .peerUnresponsive), [.refuse(504)])
        case (.offered, .endRequested):
            return (.refusing(.byUs, .local(480)), [.refuse(480)])
        case (.offered, .cancelled):
            return (.refusing(.cancelledByPeer, .endedByPeer(487)), [.refuse(487)])
        case (.offered, .peerEnded):
            // BYE in the early dialog (§15.1.2): the INVITE is answered 487.
            return (.refusing(.cancelledByPeer, .endedByPeer(487)), [.refuse(487)])

        case (.refusing(let closing, let outcome), .refusalAcknowledged):
            return ended(outcome, closing)
        case (.refusing(let closing, let outcome), .refusalUnacknowledged):
            return ended(closing == .byUs ? .peerUnresponsive : outcome, closing)

        case (.accepted(_, thenEnd: false), .acknowledged):
            return (.established, [.reportConnected])
        case (.accepted(_, thenEnd: false), .acknowledgedWithoutAnswer):
            return (.terminating(unusable, nil), [.bye])
        case (.accepted(_, thenEnd: true), .acknowledged), (.accepted(_, thenEnd: true), .acknowledgedWithoutAnswer):
            return (.terminating(.byUs, nil), [.bye])
        case (.accepted(let repetition, _), .endRequested):
            return (.accepted(repetition, thenEnd: true), [])
        case (.accepted(let repetition, let thenEnd), .deadlineReached):
            guard now >= repetition.nextDeadline else { return (state, []) }
            guard let next = repetition.next(at: now) else {
                // No ACK ever came: the session is ended with BYE (§13.3.1.4).
                return (.terminating(.byUs, thenEnd ? nil : .peerUnresponsive), [.bye])
            }
            return (.accepted(next, thenEnd: thenEnd), [.repeatAccept])
        case (.accepted, .peerEnded), (.established, .peerEnded):
            return ended(.endedByPeer(nil), .byPeer)

        case (.established, .endRequested):
            return (.terminating(.byUs, nil), [.bye])

        case (.terminating(let closing, let known), .byeAnswered(let status)):
            return ended(known ?? .local(status), closing)
        case (.terminating(let closing, _), .byeFailed(let failure)):
            return ended(failure.outcomeOfStart, closing)

        case (.offered, .acknowledged), (.offered, .acknowledgedWithoutAnswer), (.offered, .refusalAcknowledged),
            (.offered, .refusalUnacknowledged), (.offered, .byeAnswered), (.offered, .byeFailed), (.accepted, .rang),
            (.accepted, .answered), (.accepted, .rejected), (.accepted, .unheard), (.accepted, .cancelled),
            (.accepted, .refusalAcknowledged), (.accepted, .refusalUnacknowledged), (.accepted, .byeAnswered),
            (.accepted, .byeFailed), (.established, .rang), (.established, .answered), (.established, .rejected),
            (.established, .unheard), (.established, .cancelled), (.established, .acknowledged),
            (.established, .acknowledgedWithoutAnswer), (.established, .refusalAcknowledged),
            (.established, .refusalUnacknowledged), (.established, .byeAnswered), (.established, .byeFailed),
            (.established, .deadlineReached), (.refusing, .rang), (.refusing, .answered), (.refusing, .rejected),
            (.refusing, .unheard), (.refusing, .cancelled), (.refusing, .acknowledged),
            (.refusing, .acknowledgedWithoutAnswer), (.refusing, .peerEnded), (.refusing, .byeAnswered),
            (.refusing, .byeFailed), (.refusing, .deadlineReached), (.refusing, .endRequested), (.terminating, .rang),
            (.terminating, .answered), (.terminating, .rejected), (.terminating, .unheard), (.terminating, .cancelled),
            (.terminating, .acknowledged), (.terminating, .acknowledgedWithoutAnswer),
            (.terminating, .refusalAcknowledged), (.terminating, .refusalUnacknowledged), (.terminating, .peerEnded),
            (.terminating, .deadlineReached), (.terminating, .endRequested), (.ended, _):
            return (state, [])
        }
    }

    private static let unusable = SessionClosing.failed(.status(488, reason: "the peer agreed to no session"))

    private static func ended(_ outcome: UsageOutcome, _ closing: SessionClosing) -> (State, [Action]) {
        (.ended(outcome), [.reportClosing(closing), .ended(outcome)])
    }
}
