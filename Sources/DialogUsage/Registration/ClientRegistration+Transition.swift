import SIPMessage
import SansIO

extension ClientRegistration {
    typealias Step = (State, [Action])

    static func transition(from state: State, on input: Input, mostRaises: Int, at now: Instant) -> Step {
        switch (state, input) {

        // The answer to a REGISTER that binds.
        case (.registering(let attempt, let reason, _), .answered(.accepted(let granted, let jitter))):
            let lease = Lease(granted: granted, jitter: jitter, at: now)
            guard reason != .verificationAfterAnswer else { return register(attempt.asking, .verification, lease) }
            return (
                .registered(asking: attempt.asking, lease),
                [.report(.registered(expires: granted, bindings: [], missing: []))]
            )
        case (.registering(let attempt, let reason, _), .answered(.unlisted(let jitter))):
            guard attempt.number > 1 else {
                return (.registering(attempt.next(), reason, bound: nil), [.register(expires: attempt.asking)])
            }
            return backOff(attempt, .notBound, retryAfter: nil, jitter: jitter, bound: nil, at: now)
        case (.registering(var attempt, let reason, let bound), .answered(.intervalTooBrief(let minimum))):
            // A registrar that finds its own minimum too brief, or raises it again and again, is not asked for ever.
            guard let minimum, minimum > attempt.asking, attempt.raises < mostRaises else {
                return failed(.tooBrief)
            }
            attempt.asking = minimum
            attempt.raises += 1
            return (.registering(attempt, reason, bound: bound), [.register(expires: minimum)])
        case (.registering(let attempt, _, _), .answered(.redirected)):
            return (state, [.register(expires: attempt.asking)])
        case (.registering, .answered(.unauthorized(let status, let realm))):
            return failed(.credentials(status, foreignRealm: realm))
        case (
            .registering(let attempt, _, let bound), .answered(.failed(let failure, let retryAfter, let jitter))
        ):
            guard failure.isPassing else { return failed(failure) }
            return backOff(attempt, failure, retryAfter: retryAfter, jitter: jitter, bound: bound, at: now)
        case (.registering(let attempt, _, let bound), .networkChanged):
            return (.registering(attempt, .verificationAfterAnswer, bound: bound), [])

        // When it is time, or somebody wants it.
        case (.registered(let asking, let lease), .deadlineReached),
            (.registered(let asking, let lease), .refreshRequested):
            return register(asking, .renewal, lease)
        case (.registered(let asking, let lease), .networkChanged):
            return register(asking, .verification, lease)
        case (.backingOff(let attempt, _, let bound), .deadlineReached),
            (.backingOff(let attempt, _, let bound), .refreshRequested):
            return (.registering(attempt, .renewal, bound: alive(bound, at: now)), [.register(expires: attempt.asking)])
        case (.backingOff(let attempt, _, let bound), .networkChanged):
            return register(attempt.asking, .verification, alive(bound, at: now))
        case (.unbound(let asking), .refreshRequested):
            return register(asking, .renewal, nil)

        // The application removes what is bound, and the usage stays.
        case (.registered(let asking, let lease), .removalRequested(let scope)):
            return remove(scope, .unbinding(asking: asking, bound: lease))
        case (.registering(let attempt, _, let bound), .removalRequested(let scope)):
            let purpose = Removal.Purpose.unbinding(asking: attempt.asking, bound: bound)
            return (.removalAfterAnswer(Removal(scope: scope, purpose: purpose), bound: bound), [])
        case (.backingOff(let attempt, _, let bound), .removalRequested(let scope)):
            guard bound != nil || scope == .everything else { return unbound(attempt.asking) }
            return remove(scope, .unbinding(asking: attempt.asking, bound: bound))
        case (.unbound(let asking), .removalRequested(.everything)):
            return remove(.everything, .unbinding(asking: asking, bound: nil))

        // The end.
        case (.registered, .endRequested):
            return remove(.own, .end)
        case (.registering(_, _, let bound), .endRequested):
            return (.removalAfterAnswer(Removal(scope: .own, purpose: .end), bound: bound), [])
        case (.backingOff(_, _, let bound), .endRequested):
            return bound == nil ? ended(.neverEstablished) : remove(.own, .end)
        case (.unbound, .endRequested):
            return ended(.local(nil))
        case (.querying, .endRequested):
            return (.ended(.local(nil)), [.forgetRequest, .ended(.local(nil))])
        case (.removalAfterAnswer(let removal, let bound), .endRequested):
            return (.removalAfterAnswer(Removal(scope: removal.scope, purpose: .end), bound: bound), [])
        case (.removing(let removal), .endRequested):
            return (.removing(Removal(scope: removal.scope, purpose: .end)), [])  // W30: the same request serves both.

        // The answer to what was sent before the removal: a binding that may exist is taken back (R3, W28).
        case (.removalAfterAnswer(let removal, _), .answered(.accepted)),
            (.removalAfterAnswer(let removal, _), .answered(.unlisted)):
            return remove(removal.scope, removal.purpose)
        case (.removalAfterAnswer(let removal, let bound), .answered(.failed(let failure, _, _))):
            return removeIfBound(removal, mayBeBound: bound != nil || failure.mayHaveTakenEffect)
        case (.removalAfterAnswer(let removal, let bound), .answered(.unauthorized)),
            (.removalAfterAnswer(let removal, let bound), .answered(.redirected)),
            (.removalAfterAnswer(let removal, let bound), .answered(.intervalTooBrief)):
            return removeIfBound(removal, mayBeBound: bound != nil)

        // The answer to the removal.
        case (.removing(let removal), .answered(.accepted)), (.removing(let removal), .answered(.unlisted)):
            return removed(removal, 200)
        case (.removing(let removal), .answered(.failed(.status(let status, _), _, _)))
        where status == 404 || status == 410:
            return removed(removal, status)
        case (.removing(let removal), .answered(.failed(let failure, _, _))):
            return notRemoved(removal, failure, failure.outcomeOfEnd(alreadyGone: []), at: now)
        case (.removing(let removal), .answered(.unauthorized(let status, let realm))):
            return notRemoved(removal, .credentials(status, foreignRealm: realm), .refused(status), at: now)
        case (.removing(let removal), .answered(.redirected(let status))):
            return notRemoved(removal, .status(status, reason: status.defaultReason), .refused(status), at: now)
        case (.removing(let removal), .answered(.intervalTooBrief)):
            return notRemoved(removal, .tooBrief, .refused(423), at: now)

        // The answer to a query, which the core has reported.
        case (.querying, .answered(.accepted)), (.querying, .answered(.unlisted)):
            return ended(.endedByPeer(200))
        case (.querying, .answered(.redirected)):
            return (state, [.query])
        case (.querying, .answered(.failed(let failure, _, _))):
            return failed(failure)
        case (.querying, .answered(.unauthorized(let status, let realm))):
            return failed(.credentials(status, foreignRealm: realm))
        case (.querying, .answered(.intervalTooBrief)):
            return failed(.tooBrief)

        case (.registering, .deadlineReached), (.registering, .refreshRequested), (.registered, .answered),
            (.backingOff, .answered), (.unbound, .answered), (.unbound, .deadlineReached), (.unbound, .networkChanged),
            (.unbound, .removalRequested(.own)), (.querying, .deadlineReached), (.querying, .refreshRequested),
            (.querying, .networkChanged), (.querying, .removalRequested), (.removalAfterAnswer, .deadlineReached),
            (.removalAfterAnswer, .refreshRequested), (.removalAfterAnswer, .networkChanged),
            (.removalAfterAnswer, .removalRequested), (.removing, .deadlineReached), (.removing, .refreshRequested),
            (.removing, .networkChanged), (.removing, .removalRequested), (.ended, _):
            return (state, [])
        }
    }

    private static func register(_ asking: Duration, _ reason: Reason, _ bound: Lease?) -> Step {
        (.registering(Attempt(asking: asking), reason, bound: bound), [.register(expires: asking)])
    }
    private static func alive(_ lease: Lease?, at now: Instant) -> Lease? {
        lease.flatMap { $0.expiresAt > now ? $0 : nil }
    }
    private static func backOff(
        _ attempt: Attempt, _ failure: Failure, retryAfter: Duration?, jitter: Double, bound: Lease?, at now: Instant
    ) -> Step {
        let until = now + pause(after: retryAfter, attempt: attempt.number, jitter: jitter)
        return (
            .backingOff(attempt.next(), until: until, bound: alive(bound, at: now)),
            [.report(.failed(failure, retryAt: until))]
        )
    }
    private static func remove(_ scope: Removal.Scope, _ purpose: Removal.Purpose) -> Step {
        (.removing(Removal(scope: scope, purpose: purpose)), [.unregister(scope)])
    }
    private static func unbound(_ asking: Duration) -> Step { (.unbound(asking: asking), [.report(.removed)]) }

    /// What failed left nothing behind: there is nothing to remove, unless everybody's is to go.
    private static func removeIfBound(_ removal: Removal, mayBeBound: Bool) -> Step {
        if mayBeBound || removal.scope == .everything { return remove(removal.scope, removal.purpose) }
        switch removal.purpose {
        case .end: return ended(.neverEstablished)
        case .unbinding(let asking, _): return unbound(asking)
        }
    }
    private static func removed(_ removal: Removal, _ status: StatusCode) -> Step {
        switch removal.purpose {
        case .end: ended(.local(status))
        case .unbinding(let asking, _): unbound(asking)
        }
    }
    private static func notRemoved(
        _ removal: Removal, _ failure: Failure, _ outcome: UsageOutcome, at now: Instant
    ) -> Step {
        switch removal.purpose {
        case .end: return ended(outcome)
        case .unbinding(let asking, let bound):
            let report = Action.report(.failed(failure, retryAt: nil))
            guard let lease = alive(bound, at: now) else { return (.unbound(asking: asking), [report]) }
            return (.registered(asking: asking, lease), [report])
        }
    }
    private static func ended(_ outcome: UsageOutcome) -> Step { (.ended(outcome), [.ended(outcome)]) }

    /// The registrar has refused for good, or said what makes no sense.
    private static func failed(_ failure: Failure) -> Step {
        let outcome = failure.outcomeOfStart
        return (.ended(outcome), [.report(.failed(failure, retryAt: nil)), .ended(outcome)])
    }
}

extension Failure {
    /// 200 without the binding that was asked for (RFC 3261 §10.2.4).
    static let notBound = Failure.status(200, reason: "OK, but without our binding")
    static let tooBrief = Failure.status(423, reason: "Interval Too Brief")
}
