package import SIPMessage
package import SansIO

/// Bindings of ours at a registrar (RFC 3261 §10), kept alive until they are removed; or one question about them.
///
///                      2xx                     refresh due, network changed
///     registering ─────────────▶ registered ──────────────────────────────┐
///      ▲  │  ▲  ▲                  │     ▲                                 │
///      │  │  │  └──────────────────┼─────┼─────────────────────────────────┘
///      │  │  │ refresh             │     │ removal failed
///      │  │  └──────── unbound ◀── removing ◀── removalAfterAnswer ◀── end, removal while registering
///      │  │ 5xx,          │ end    │
///      │  ▼ silence       ▼        │ and then the end
///     backingOff ──────▶ ended ◀───┘
///                end       ▲
///     querying ────────────┘ any answer, end
///
/// REGISTERs never overlap (§10.2): what is asked for while one is in flight waits for its answer (R2, W28).
package struct ClientRegistration: BaseUsage, Hashable {
    package static let kind = UsageKind.clientRegistration

    package enum State: Hashable, Sendable {
        /// REGISTER in flight; `bound` is what the registrar still keeps for us from before.
        case registering(Attempt, Reason, bound: Lease?)
        case registered(asking: Duration, Lease)
        /// The registrar failed; waits before it tries again.
        case backingOff(Attempt, until: Instant, bound: Lease?)
        /// REGISTER without Contact in flight (§10.2.3). Nothing is bound by it.
        case querying
        /// A removal was asked for while a REGISTER was in flight.
        case removalAfterAnswer(Removal, bound: Lease?)
        /// REGISTER with expires=0 in flight.
        case removing(Removal)
        /// The application has removed what we had (W29).
        case unbound(asking: Duration)
        case ended(UsageOutcome)
    }

    package struct Attempt: Hashable, Sendable {
        package var asking: Duration
        /// Failures in a row, and this one.
        package var number = 1
        /// How often the registrar has wanted a longer time (423).
        package var raises = 0

        package init(asking: Duration) { self.asking = asking }

        func next() -> Attempt {
            var next = self
            next.number += 1
            return next
        }
    }
    package enum Reason: Hashable, Sendable {
        /// The first one, or a refresh.
        case renewal
        /// We have slept, or the network is another: whether the binding still leads to us is not known.
        case verification
        /// The same happened while a REGISTER was in flight, which may not have left from where we are now.
        case verificationAfterAnswer
    }
    package struct Removal: Hashable, Sendable {
        package enum Scope: Hashable, Sendable {
            /// Our contacts with expires=0.
            case own
            /// `*`, which removes what other devices have bound too; only when the application asks for it (§10.2.2).
            case everything
        }
        package enum Purpose: Hashable, Sendable {
            case end
            /// The usage stays; if it fails, what is still bound is kept as before.
            case unbinding(asking: Duration, bound: Lease?)
        }
        package var scope: Scope
        package var purpose: Purpose
    }

    package enum Input: Hashable, Sendable {
        case answered(Answer)
        case deadlineReached
        case refreshRequested
        /// After sleep, or a change of network.
        case networkChanged
        case removalRequested(Removal.Scope)
        case endRequested
    }
    /// The final answer to the REGISTER in flight, already sorted.
    package enum Answer: Hashable, Sendable {
        /// `jitter`, from 0 to 1, spreads the refreshes of many.
        case accepted(granted: Duration, jitter: Double)
        /// 200, but our binding is not in its list (§10.2.4).
        case unlisted(jitter: Double)
        /// 423; nil: without a time, or with an absurd one (§10.3 step 7).
        case intervalTooBrief(minimum: Duration?)
        /// 3xx to an address that has not been tried; the core has turned to it.
        case redirected(StatusCode)
        /// Challenged, and we cannot or must not answer it.
        case unauthorized(StatusCode, foreignRealm: String? = nil)
        case failed(Failure, retryAfter: Duration?, jitter: Double)
    }
    package enum Action: Hashable, Sendable {
        /// `expires`: no contact is to be asked for less.
        case register(expires: Duration)
        case query
        case unregister(Removal.Scope)
        /// The answer to the query in flight is not waited for.
        case forgetRequest
        case report(RegistrationEvent)
        case ended(UsageOutcome)
    }

    package private(set) var state: State
    private let mostRaises: Int

    private init(state: State, mostRaises: Int = 0) {
        self.state = state
        self.mostRaises = mostRaises
    }

    /// `raises`: how often in a row the registrar may want a longer time.
    package static func start(
        asking expires: Duration, raises: Int = UserAgentConfiguration.Limits().intervalRaises
    ) -> (ClientRegistration, [Action]) {
        let state = State.registering(Attempt(asking: expires), .renewal, bound: nil)
        return (ClientRegistration(state: state, mostRaises: raises), [.register(expires: expires)])
    }
    package static func startQuery() -> (ClientRegistration, [Action]) {
        (ClientRegistration(state: .querying), [.query])
    }

    /// Removes what an earlier run of ours has left behind.
    package static func startRemoval() -> (ClientRegistration, [Action]) {
        (ClientRegistration(state: .removing(Removal(scope: .own, purpose: .end))), [.unregister(.own)])
    }

    package var nextDeadline: Instant? {
        switch state {
        case .registered(_, let lease): lease.refreshAt
        case .backingOff(_, let until, _): until
        case .registering, .querying, .removalAfterAnswer, .removing, .unbound, .ended: nil
        }
    }
    package var isEnded: Bool { if case .ended = state { true } else { false } }
    /// An end was asked for: challenges to what was sent before are no longer answered (R4).
    package var isEndingBeforeAnswer: Bool { if case .removalAfterAnswer = state { true } else { false } }

    /// What the registrar is believed to keep for us.
    package var bound: Lease? {
        switch state {
        case .registered(_, let lease): lease
        case .registering(_, _, let bound), .backingOff(_, _, let bound), .removalAfterAnswer(_, let bound): bound
        case .querying, .removing, .unbound, .ended: nil
        }
    }

    /// The shortest time that the contacts are asked for now.
    package var asking: Duration {
        switch state {
        case .registering(let attempt, _, _), .backingOff(let attempt, _, _): attempt.asking
        case .registered(let asking, _), .unbound(let asking): asking
        case .querying, .removalAfterAnswer, .removing, .ended: .zero
        }
    }

    /// How far the binding can be relied upon; nil while there has been none.
    package var standing: RegistrationStanding? {
        switch state {
        case .registered: .granted
        case .registering(let attempt, _, _) where attempt.number > 1: .failing
        case .registering(_, .renewal, .some): .granted
        case .registering(_, _, .some): .unverified
        case .backingOff: .failing
        case .registering(_, _, nil), .querying, .removalAfterAnswer, .removing, .unbound, .ended: nil
        }
    }

    package mutating func end(at now: Instant) -> [Action] { handle(.endRequested, at: now) }

    package mutating func handle(_ input: Input, at now: Instant) -> [Action] {
        let (next, actions) = Self.transition(from: state, on: input, mostRaises: mostRaises, at: now)
        state = next
        return actions
    }
}

/// How far a registration can be relied upon.
package enum RegistrationStanding: String, Hashable, Sendable {
    /// The registrar has said so, and its time has not run out.
    case granted
    /// It had said so before we slept or changed the network; it has been asked again.
    case unverified
    /// The registrar refuses or is silent; the binding may live on for a while.
    case failing
}
