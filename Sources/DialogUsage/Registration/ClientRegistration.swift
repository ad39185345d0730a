package import SIPMessage
package import SansIO

/// One binding of ours at a registrar (RFC 3261 §10), kept alive until it is ended.
///
///                    2xx                    refresh due
///   registering ───────────▶ registered ─────────────────┐
///     ▲   │  ▲                 │      ▲                   │
///     │   │  └─────────────────┼──────┼───────────────────┘
///     │   │ 5xx, silence       │ end  │ 2xx
///     │   ▼                    ▼      │
///     └ backingOff          removing ◀┼── endingAfterAnswer ◀── end while registering
///         │  end, none bound   │      │
///         ▼                    ▼
///       ended ◀────────────── ended
///
/// REGISTERs never overlap (§10.2): an end that comes while one is in flight waits for its answer (R2, W28).
package struct ClientRegistration: BaseUsage, Hashable {
    package static let kind = UsageKind.clientRegistration

    package enum State: Hashable, Sendable {
        /// REGISTER in flight; `bound` is what the registrar still keeps for us from before.
        case registering(asking: Duration, attempt: Int, bound: Lease?)
        case registered(asking: Duration, Lease)
        /// The registrar failed; waits before it tries again.
        case backingOff(asking: Duration, attempt: Int, until: Instant, bound: Lease?)
        /// The end was asked for while a REGISTER was in flight.
        case endingAfterAnswer(bound: Lease?)
        /// REGISTER with expires=0 for our own Contact in flight.
        case removing
        case ended(UsageOutcome)
    }

    package enum Input: Hashable, Sendable {
        case answered(Answer)
        case deadlineReached
        case refreshRequested
        case endRequested
    }
    /// The final answer to the REGISTER in flight, already sorted.
    package enum Answer: Hashable, Sendable {
        case accepted(granted: Duration)
        /// 423: the registrar wants at least this long (§10.3 step 7).
        case intervalTooBrief(minimum: Duration)
        /// Challenged, and we cannot or must not answer it.
        case unauthorized(StatusCode)
        case failed(Failure, retryAfter: Duration?, jitter: Double)
    }
    package enum Action: Hashable, Sendable {
        case register(expires: Duration)
        /// Our own Contact with expires=0, never `*` (W27).
        case unregister
        case report(RegistrationEvent)
        case ended(UsageOutcome)
    }

    package private(set) var state: State

    package static func start(asking expires: Duration) -> (ClientRegistration, [Action]) {
        (
            ClientRegistration(state: .registering(asking: expires, attempt: 1, bound: nil)),
            [.register(expires: expires)]
        )
    }

    package var nextDeadline: Instant? {
        switch state {
        case .registered(_, let lease): lease.refreshAt
        case .backingOff(_, _, let until, _): until
        case .registering, .endingAfterAnswer, .removing, .ended: nil
        }
    }
    package var isEnded: Bool { if case .ended = state { true } else { false } }
    /// An end was asked for: challenges to what was sent before are no longer answered (R4).
    package var isEndingBeforeAnswer: Bool { if case .endingAfterAnswer = state { true } else { false } }

    package mutating func end(at now: Instant) -> [Action] { handle(.endRequested, at: now) }

    package mutating func handle(_ input: Input, at now: Instant) -> [Action] {
        let (next, actions) = Self.transition(from: state, on: input, at: now)
        state = next
        return actions
    }

    private static func transition(from state: State, on input: Input, at now: Instant) -> (State, [Action]) {
        switch (state, input) {

        case (.registering(let asking, _, _), .answered(.accepted(let granted))):
            let lease = Lease(granted: granted, at: now)
            return (
                .registered(asking: asking, lease),
                [.report(.registered(expires: granted, bindings: []))]
            )
        case (.registering(let asking, let attempt, let bound), .answered(.intervalTooBrief(let minimum))):
            // A registrar that finds its own minimum too brief is refused rather than asked for ever.
            guard minimum > asking else {
                return failed(.status(423, reason: "Interval Too Brief"), bound: bound)
            }
            return (.registering(asking: minimum, attempt: attempt, bound: bound), [.register(expires: minimum)])
        case (.registering(_, _, let bound), .answered(.unauthorized(let status))):
            return failed(.credentials(status), bound: bound)
        case (
            .registering(let asking, let attempt, let bound),
            .answered(.failed(let failure, let retryAfter, let jitter))
        ):
            guard failure.isPassing else { return failed(failure, bound: bound) }
            let wait = max(retryAfter ?? .zero, retryAfter == nil ? backOff(attempt: attempt, jitter: jitter) : .zero)
            let until = now + max(wait, .seconds(1))
            let stillBound = bound.flatMap { $0.expiresAt > now ? $0 : nil }
            return (
                .backingOff(asking: asking, attempt: attempt + 1, until: until, bound: stillBound),
                [.report(.failed(failure, retryAt: until))]
            )

        case (.registered(let asking, let lease), .deadlineReached),
            (.registered(let asking, let lease), .refreshRequested):
            return (.registering(asking: asking, attempt: 1, bound: lease), [.register(expires: asking)])
        case (.backingOff(let asking, let attempt, _, let bound), .deadlineReached),
            (.backingOff(let asking, let attempt, _, let bound), .refreshRequested):
            return (.registering(asking: asking, attempt: attempt, bound: bound), [.register(expires: asking)])

        case (.registered, .endRequested):
            return (.removing, [.unregister])
        case (.registering(_, _, let bound), .endRequested):
            return (.endingAfterAnswer(bound: bound), [])
        case (.backingOff(_, _, _, let bound), .endRequested):
            guard bound != nil else { return ended(.neverEstablished) }
            return (.removing, [.unregister])

        // The answer to what was sent before the end: a binding that may exist is taken back (R3, W28).
        case (.endingAfterAnswer, .answered(.accepted)):
            return (.removing, [.unregister])
        case (.endingAfterAnswer(let bound), .answered(.failed(let failure, _, _))):
            guard bound != nil || failure.mayHaveTakenEffect else { return ended(.neverEstablished) }
            return (.removing, [.unregister])
        case (.endingAfterAnswer(let bound), .answered(.unauthorized)),
            (.endingAfterAnswer(let bound), .answered(.intervalTooBrief)):
            guard bound != nil else { return ended(.neverEstablished) }
            return (.removing, [.unregister])

        case (.removing, .answered(.accepted)):
            return ended(.local(200))
        case (.removing, .answered(.failed(let failure, _, _))):
            return ended(failure.outcomeOfEnd(alreadyGone: [404, 410]))
        case (.removing, .answered(.unauthorized(let status))):
            return ended(.refused(status))
        case (.removing, .answered(.intervalTooBrief)):
            return ended(.refused(423))

        case (.registering, .deadlineReached), (.registering, .refreshRequested), (.registered, .answered),
            (.backingOff, .answered), (.endingAfterAnswer, .deadlineReached), (.endingAfterAnswer, .refreshRequested),
            (.endingAfterAnswer, .endRequested), (.removing, .deadlineReached), (.removing, .refreshRequested),
            (.removing, .endRequested), (.ended, _):
            return (state, [])
        }
    }

    private static func ended(_ outcome: UsageOutcome) -> (State, [Action]) { (.ended(outcome), [.ended(outcome)]) }

    /// The registrar has refused for good.
    private static func failed(_ failure: Failure, bound: Lease?) -> (State, [Action]) {
        let outcome = UsageOutcome.endedByPeer(failure.status)
        return (.ended(outcome), [.report(.failed(failure, retryAt: nil)), .ended(outcome)])
    }
}
