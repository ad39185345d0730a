package import SIPMessage
package import SansIO

/// The called side of a session, from INVITE to BYE (RFC 3261 §13.3, §15).
///
///              answer              ACK
///   offered ───────────▶ accepted ─────▶ established ──▶ terminating ──▶ ended
///      │ end, reject,       │ end             (BYE)  BYE      ▲
///      │ CANCEL             ▼                                 │
///      ▼            acceptedThenEnd ── ACK or 64·T1: BYE ─────┘
///   refusing ──▶ ended
///        ACK or Timer H
///
/// The 2xx is repeated until the ACK, also over TCP (§13.3.1.4); BYE waits for the ACK or for 64·T1 (§15, W12).
package struct ServerInviteSession: BaseUsage, Hashable {
    package static let kind = UsageKind.serverInviteSession

    package enum State: Hashable, Sendable {
        case offered
        case accepted(Repeating, thenEnd: Bool)
        case established
        /// A final refusal is sent; `closing` and the outcome are told when it is acknowledged.
        case refusing(SessionClosing, UsageOutcome)
        case terminating(UsageOutcome?)
        case ended(UsageOutcome)
    }
    /// The 2xx without its ACK.
    package struct Repeating: Hashable, Sendable {
        package var at: Instant
        package var interval: Duration
        package var giveUpAt: Instant
    }
    package enum Input: Hashable, Sendable {
        case answered
        case rejected(StatusCode)
        case cancelled
        case acknowledged
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

    package private(set) var state: State = .offered
    private let timing: Timing

    package init(timing: Timing) { self.timing = timing }

    package var nextDeadline: Instant? {
        if case .accepted(let repeating, _) = state { min(repeating.at, repeating.giveUpAt) } else { nil }
    }
    package var isEnded: Bool { if case .ended = state { true } else { false } }
    package var isEnding: Bool {
        switch state {
        case .refusing, .terminating, .ended, .accepted(_, thenEnd: true): true
        case .offered, .accepted(_, thenEnd: false), .established: false
        }
    }

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

        case (.offered, .answered):
            let repeating = Repeating(at: now + timing.t1, interval: timing.t1, giveUpAt: now + timing.t1 * 64)
            return (.accepted(repeating, thenEnd: false), [.accept])
        case (.offered, .rejected(let status)):
            return (.refusing(.byUs, .local(status)), [.refuse(status)])
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
        case (.accepted(_, thenEnd: true), .acknowledged):
            return (.terminating(nil), [.bye])
        case (.accepted(let repeating, _), .endRequested):
            return (.accepted(repeating, thenEnd: true), [])
        case (.accepted(let repeating, let thenEnd), .deadlineReached):
            guard now < repeating.giveUpAt else {
                // No ACK ever came: the session is ended with BYE (§13.3.1.4).
                return (.terminating(thenEnd ? nil : .peerUnresponsive), [.bye])
            }
            let interval = min(repeating.interval * 2, timing.t2)
            let next = Repeating(at: now + interval, interval: interval, giveUpAt: repeating.giveUpAt)
            return (.accepted(next, thenEnd: thenEnd), [.repeatAccept])
        case (.accepted, .peerEnded), (.established, .peerEnded):
            return ended(.endedByPeer(nil), .byPeer)

        case (.established, .endRequested):
            return (.terminating(nil), [.bye])

        case (.terminating(let known), .byeAnswered(let status)):
            return ended(known ?? .local(status), .byUs)
        case (.terminating, .byeFailed(let failure)):
            return ended(failure.outcomeOfStart, .byUs)

        case (.offered, .acknowledged), (.offered, .refusalAcknowledged), (.offered, .refusalUnacknowledged),
            (.offered, .byeAnswered), (.offered, .byeFailed), (.offered, .deadlineReached), (.accepted, .answered),
            (.accepted, .rejected), (.accepted, .cancelled), (.accepted, .refusalAcknowledged),
            (.accepted, .refusalUnacknowledged), (.accepted, .byeAnswered), (.accepted, .byeFailed),
            (.established, .answered), (.established, .rejected), (.established, .cancelled),
            (.established, .acknowledged), (.established, .refusalAcknowledged),
            (.established, .refusalUnacknowledged), (.established, .byeAnswered), (.established, .byeFailed),
            (.established, .deadlineReached), (.refusing, .answered), (.refusing, .rejected), (.refusing, .cancelled),
            (.refusing, .acknowledged), (.refusing, .peerEnded), (.refusing, .byeAnswered), (.refusing, .byeFailed),
            (.refusing, .deadlineReached), (.refusing, .endRequested), (.terminating, .answered),
            (.terminating, .rejected), (.terminating, .cancelled), (.terminating, .acknowledged),
            (.terminating, .refusalAcknowledged), (.terminating, .refusalUnacknowledged), (.terminating, .peerEnded),
            (.terminating, .deadlineReached), (.terminating, .endRequested), (.ended, _):
            return (state, [])
        }
    }

    private static func ended(_ outcome: UsageOutcome, _ closing: SessionClosing) -> (State, [Action]) {
        (.ended(outcome), [.reportClosing(closing), .ended(outcome)])
    }
}
