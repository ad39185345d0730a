package import SIPMessage
package import SansIO

/// The one request about the session that may be under way in a dialog, either way (RFC 3261 §14, RFC 3311 §5). Glare is
/// a state, not a flag.
///
///            we ask                2xx, failure
///   idle ────────────▶ sent ───────────────────────▶ idle
///     │                 │ 491        time
///     │                 ▼ ──────────────▶ sent
///     │              waiting
///     │ peer offers     │ peer offers
///     ▼                 ▼            we answer a re-INVITE           ACK
///   received ◀──────── received ────────────────────────▶ answered ───────▶ idle, or waiting again
///     └── we answer anything else, or refuse ──────────────────────────────▶ idle, or waiting again
///
/// What we ask is kept while the peer's own offer is dealt with: after a 491 the two sides ask in turn (§14.1).
package struct SessionModification: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        case idle
        /// Ours, unanswered.
        case sent(Way)
        /// 491: both sides asked at once; ours is sent again at that instant.
        case waiting(Again)
        /// The peer's, waiting for the application's answer.
        case received(Source, then: Again?)
        /// The peer's re-INVITE, answered 2xx and waiting for its ACK; repeated until then (§13.3.1.4).
        case answered(Repetition, then: Again?)
    }
    package enum Way: Hashable, Sendable {
        case reinvite, update
        /// A re-INVITE with the description as it stands: nobody asked for it but the session timer (RFC 4028 §7.4).
        case refresh
    }
    package struct Again: Hashable, Sendable {
        package var way: Way
        package var at: Instant
    }
    /// What brought the peer's offer. Two of them are no requests: an offer in a reliable provisional response is
    /// answered in PRACK, one in the 2xx to our INVITE in the ACK.
    package enum Source: Hashable, Sendable { case reinvite, update, prack, provisional, acceptance }

    package enum Input: Hashable, Sendable {
        case offerRequested(Way)
        case succeeded
        case glare(wait: Duration)
        case failed
        case received(Source)
        case responded
        /// We refused the peer's offer, or the peer has taken it back.
        case dropped
        case acknowledged
        case deadlineReached
        case endRequested
    }
    package enum Action: Hashable, Sendable {
        case send(Way)
        case repeatAnswer
        /// The peer's request cannot be taken on now: 491, or 500 with Retry-After.
        case refuse(StatusCode)
        /// The end comes first: the peer's unanswered request gets its last answer (W9).
        case refusePending
        /// No ACK to our 2xx ends the session (§14.2).
        case endSession
    }

    package private(set) var state = State.idle
    private let timing: ServerInviteSession.Timing

    package init(timing: ServerInviteSession.Timing) { self.timing = timing }

    package var nextDeadline: Instant? {
        switch state {
        case .idle, .sent, .received: nil
        case .answered(let repetition, _): repetition.nextDeadline
        case .waiting(let again): again.at
        }
    }
    package var isIdle: Bool { state == .idle }

    package mutating func handle(_ input: Input, at now: Instant) -> [Action] {
        let (next, actions) = Self.transition(from: state, on: input, timing: timing, at: now)
        state = next
        return actions
    }

    private static func transition(
        from state: State, on input: Input, timing: ServerInviteSession.Timing, at now: Instant
    ) -> (State, [Action]) {
        switch (state, input) {

        case (.idle, .offerRequested(let way)): return (.sent(way), [.send(way)])
        case (.idle, .received(let source)): return (.received(source, then: nil), [])

        case (.sent, .succeeded), (.sent, .failed): return (.idle, [])
        case (.sent(let way), .glare(let wait)): return (.waiting(Again(way: way, at: now + wait)), [])
        case (.sent, .received): return (state, [.refuse(491)])

        case (.waiting(let again), .deadlineReached):
            return now >= again.at ? (.sent(again.way), [.send(again.way)]) : (state, [])
        case (.waiting(let again), .received(let source)): return (.received(source, then: again), [])

        case (.received(.reinvite, let again), .responded):
            return (.answered(Repetition(t1: timing.t1, longest: timing.t2, at: now), then: again), [])
        case (.received(_, let again), .responded), (.received(_, let again), .dropped),
            (.answered(_, let again), .acknowledged):
            return (later(again, at: now), [])
        case (.received, .received), (.answered, .received): return (state, [.refuse(500)])
        case (.received, .endRequested): return (.idle, [.refusePending])

        case (.answered(let repetition, let again), .deadlineReached):
            guard now >= repetition.nextDeadline else { return (state, []) }
            guard let next = repetition.next(at: now) else { return (.idle, [.endSession]) }
            return (.answered(next, then: again), [.repeatAnswer])

        case (.idle, .endRequested), (.sent, .endRequested), (.waiting, .endRequested), (.answered, .endRequested):
            return (.idle, [])

        case (.idle, .succeeded), (.idle, .glare), (.idle, .failed), (.idle, .responded), (.idle, .dropped),
            (.idle, .acknowledged), (.idle, .deadlineReached), (.sent, .offerRequested), (.sent, .responded),
            (.sent, .dropped), (.sent, .acknowledged), (.sent, .deadlineReached), (.waiting, .offerRequested),
            (.waiting, .succeeded), (.waiting, .glare), (.waiting, .failed), (.waiting, .responded),
            (.waiting, .dropped), (.waiting, .acknowledged), (.received, .offerRequested), (.received, .succeeded),
            (.received, .glare), (.received, .failed), (.received, .acknowledged), (.received, .deadlineReached),
            (.answered, .offerRequested), (.answered, .succeeded), (.answered, .glare), (.answered, .failed),
            (.answered, .responded), (.answered, .dropped):
            return (state, [])
        }
    }

    private static func later(_ again: Again?, at now: Instant) -> State {
        again.map { .waiting(Again(way: $0.way, at: max($0.at, now))) } ?? .idle
    }
}
