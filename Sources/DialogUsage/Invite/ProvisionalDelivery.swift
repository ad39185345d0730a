package import SDP
package import SIPMessage
package import SansIO

/// The called side's reliable provisional responses (RFC 3262 §3): one at a time, repeated until its PRACK; what is to
/// be said meanwhile is held.
///
///            say                         PRACK, nothing held
///   idle ────────────▶ unacknowledged ─────────────────────────▶ idle
///                        │   ▲   │ │ PRACK, 2xx held, or final answer
///                        │   └───┘ ▼
///                        │  PRACK  over
///                        │  and a further one held
///                        └── 64·T1: the INVITE is refused ──▶ over
///
/// The 2xx waits for the PRACK where the response carries a description (§5); a refusal never waits.
package struct ProvisionalDelivery: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        /// The next one is numbered one higher.
        case idle(last: UInt32)
        case unacknowledged(UInt32, Repetition, describes: Bool, held: [Held])
        /// The INVITE has its final answer; a PRACK for this number may still come.
        case over(unacknowledged: UInt32?)
    }
    package struct Provisional: Hashable, Sendable {
        package var status: StatusCode
        package var description: SessionDescription?

        package init(status: StatusCode, description: SessionDescription? = nil) {
            self.status = status
            self.description = description
        }
    }
    package enum Held: Hashable, Sendable {
        case provisional(Provisional)
        case answer
    }
    package enum Input: Hashable, Sendable {
        case said(Provisional)
        /// The application wants its 2xx sent.
        case answerRequested
        /// PRACK with this RSeq.
        case acknowledged(UInt32)
        case finalSent
        case deadlineReached
    }
    package enum Action: Hashable, Sendable {
        case transmit(Provisional, number: UInt32)
        case repeatLast
        case answer
        /// The PRACK names the response that waits for it, or not: 200 or 481.
        case confirm, mismatch
        /// Nobody acknowledged: the INVITE is refused with 5xx.
        case refuse
    }

    package private(set) var state: State
    private let t1: Duration
    private let mostHeld: Int

    /// `first`: the RSeq before the first one.
    package init(first: UInt32, t1: Duration, mostHeld: Int) {
        state = .idle(last: first)
        self.t1 = t1
        self.mostHeld = mostHeld
    }

    package var nextDeadline: Instant? {
        if case .unacknowledged(_, let repetition, _, _) = state { repetition.nextDeadline } else { nil }
    }
    package var holdsAnswer: Bool {
        if case .unacknowledged(_, _, _, let held) = state { held.contains(.answer) } else { false }
    }

    package mutating func handle(_ input: Input, at now: Instant) -> [Action] {
        let (next, actions) = transition(from: state, on: input, at: now)
        state = next
        return actions
    }

    private func transition(from state: State, on input: Input, at now: Instant) -> (State, [Action]) {
        switch (state, input) {

        case (.idle(let last), .said(let provisional)): return say(provisional, after: last, held: [], at: now)
        case (.idle, .answerRequested): return (.over(unacknowledged: nil), [.answer])
        case (.idle, .finalSent): return (.over(unacknowledged: nil), [])

        case (.unacknowledged(let number, let repetition, let describes, let held), .said(let provisional)):
            guard held.count < mostHeld, !held.contains(.answer) else { return (state, []) }
            return (
                .unacknowledged(number, repetition, describes: describes, held: held + [.provisional(provisional)]), []
            )
        case (.unacknowledged(let number, let repetition, describes: true, let held), .answerRequested):
            guard !held.contains(.answer) else { return (state, []) }
            return (.unacknowledged(number, repetition, describes: true, held: held + [.answer]), [])
        case (.unacknowledged(let number, _, describes: false, _), .answerRequested):
            return (.over(unacknowledged: number), [.answer])
        case (.unacknowledged(let number, _, _, let held), .acknowledged(let named))
        where named == number:
            switch held.first {
            case nil: return (.idle(last: number), [.confirm])
            case .answer: return (.over(unacknowledged: nil), [.confirm, .answer])
            case .provisional(let next):
                let (state, actions) = say(next, after: number, held: Array(held.dropFirst()), at: now)
                return (state, [.confirm] + actions)
            }
        case (.unacknowledged(let number, _, _, _), .finalSent): return (.over(unacknowledged: number), [])
        case (.unacknowledged(let number, let repetition, let describes, let held), .deadlineReached):
            guard now >= repetition.nextDeadline else { return (state, []) }
            guard let next = repetition.next(at: now) else { return (.over(unacknowledged: number), [.refuse]) }
            return (.unacknowledged(number, next, describes: describes, held: held), [.repeatLast])

        case (.over(let number?), .acknowledged(let named)) where named == number:
            return (.over(unacknowledged: nil), [.confirm])

        case (.idle, .acknowledged), (.unacknowledged, .acknowledged), (.over, .acknowledged):
            return (state, [.mismatch])
        case (.idle, .deadlineReached), (.over, .said), (.over, .answerRequested), (.over, .finalSent),
            (.over, .deadlineReached):
            return (state, [])
        }
    }

    private func say(
        _ provisional: Provisional, after last: UInt32, held: [Held], at now: Instant
    ) -> (State, [Action]) {
        let repetition = Repetition(t1: t1, longest: t1 * 64, at: now)
        let state = State.unacknowledged(
            last &+ 1, repetition, describes: provisional.description != nil, held: held)
        return (state, [.transmit(provisional, number: last &+ 1)])
    }
}
