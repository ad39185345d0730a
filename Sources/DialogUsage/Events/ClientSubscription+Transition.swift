import SIPMessage
import SansIO

extension ClientSubscription {
    struct Circumstances {
        var patience: Patience
        var policy: ResubscriptionPolicy
        var now: Instant
    }

    static func transition(
        from state: State, on input: Input, _ around: Circumstances
    ) -> (State, [Action]) {
        let now = around.now
        switch (state, input) {

        // NOTIFY outranks everything: only the notifier knows our standing.
        case (.notifyWait(let asking, let granted, _, let attempt), .notified(.live(let standing, let said))):
            let lease = Lease(granted: shortest(said, granted, asking), at: now)
            let refresh = granted == nil ? Refresh.inFlight : .due
            return (.subscribed(standing, lease, asking: asking, refresh: refresh, attempt), [])
        case (
            .subscribed(_, let old, let asking, let refresh, let attempt), .notified(.live(let standing, let said))
        ):
            let lease = said.map { old.told($0, asking: asking, refresh, at: now) } ?? old
            return (.subscribed(standing, lease, asking: asking, refresh: refresh, attempt), [])
        case (
            .notifyWait(let asking, _, _, let attempt), .notified(.terminated(let reason, let retryAfter))
        ),
            (.subscribed(_, _, let asking, _, let attempt), .notified(.terminated(let reason, let retryAfter))):
            let loss = SubscriptionLoss.terminated(reason: reason, retryAfter: retryAfter)
            return lost(loss, .endedByPeer(nil), asking, attempt, around)
        case (.endingBeforeDialog, .notified(.terminated)), (.endingAfterRefresh, .notified(.terminated)),
            (.fetching, .notified(.terminated)):
            return ended(.endedByPeer(nil))
        case (.endingBeforeDialog, .notified(.live)):
            return (.unsubscribing(.unanswered(notified: false)), [.subscribe(.end, expires: .zero)])
        case (.endingAfterRefresh, .notified(.live)), (.unsubscribing, .notified(.live)):
            return (state, [])  // Crossed our SUBSCRIBE on the wire: the last state, not a new standing.
        case (.fetching, .notified(.live)):
            return (state, [])  // What was asked for; the final NOTIFY is still owed.
        case (.unsubscribing(.unanswered), .notified(.terminated)):
            return (.unsubscribing(.unanswered(notified: true)), [])
        case (.unsubscribing(.unnotified(let status, _)), .notified(.terminated)):
            return ended(.local(status))

        // Answers to the first SUBSCRIBE.
        case (
            .notifyWait(let asking, _, let giveUpAt, let attempt), .answered(.initial, .accepted(_, let said))
        ):
            let granted = shortest(said, asking)
            return (
                .notifyWait(asking: asking, granted: granted, giveUpAt: giveUpAt, attempt),
                [.report(.accepted(expires: granted))]
            )
        case (
            .subscribed(let standing, let old, let asking, _, let attempt),
            .answered(.initial, .accepted(_, let said))
        ):
            // The NOTIFY came first; its lease stands, unless the answer is shorter.
            let lease = said.map { old.shortened(to: $0, at: now) } ?? old
            return (
                .subscribed(standing, lease, asking: asking, refresh: .due, attempt),
                [.report(.accepted(expires: lease.granted))]
            )
        case (.notifyWait(let asking, _, _, var attempt), .answered(.initial, .intervalTooBrief(let minimum))):
            guard minimum > asking else { return ended(.endedByPeer(423)) }
            attempt.begunAt = now
            let giveUpAt = now + around.patience.timerN
            let next = State.notifyWait(asking: minimum, granted: nil, giveUpAt: giveUpAt, attempt)
            return (next, [.subscribe(.initial, expires: minimum)])
        case (.notifyWait, .answered(.initial, .unauthorized(let status, let realm))),
            (.fetching, .answered(.initial, .unauthorized(let status, let realm))):
            return refused(.credentials(status, foreignRealm: realm))
        case (.notifyWait(let asking, _, _, let attempt), .answered(.initial, .failed(let failure, _))):
            // What was never had is not lost: the first refusal of all is the application's to think about.
            guard attempt.losses > 0 else { return refused(failure) }
            return lost(.notRenewed(failure), failure.outcomeOfStart, asking, attempt, around)
        case (.endingBeforeDialog, .answered(.initial, .accepted)):
            return (.unsubscribing(.unanswered(notified: false)), [.subscribe(.end, expires: .zero)])
        case (.endingBeforeDialog, .answered(.initial, .failed(.timedOut, _))):
            return ended(.peerUnresponsive)
        case (.endingBeforeDialog, .answered(.initial, .failed)),
            (.endingBeforeDialog, .answered(.initial, .unauthorized)),
            (.endingBeforeDialog, .answered(.initial, .intervalTooBrief)):
            return ended(.neverEstablished)

        case (.notifyWait, .answered(.initial, .acceptedWithoutSubscription(let status))),
            (.subscribed, .answered(.initial, .acceptedWithoutSubscription(let status))),
            (.fetching, .answered(.initial, .acceptedWithoutSubscription(let status))):
            return ended(.endedByPeer(status))
        case (.endingBeforeDialog, .answered(.initial, .acceptedWithoutSubscription(let status))):
            return ended(.local(status))

        case (.fetching(_, let giveUpAt), .answered(.initial, .accepted(let status, _))):
            return (.fetching(status, giveUpAt: giveUpAt), [.report(.accepted(expires: .zero))])
        case (.fetching, .answered(.initial, .intervalTooBrief)):
            return ended(.endedByPeer(423))
        case (.fetching, .answered(.initial, .failed(let failure, _))):
            return refused(failure)

        // Answers to a refresh.
        case (
            .subscribed(let standing, _, let asking, .inFlight, let attempt),
            .answered(.refresh, .accepted(_, let said))
        ):
            let lease = Lease(granted: shortest(said, asking), at: now)
            return (.subscribed(standing, lease, asking: asking, refresh: .due, attempt), [.report(.refreshed)])
        case (
            .subscribed(let standing, let lease, let asking, .inFlight, let attempt),
            .answered(.refresh, .intervalTooBrief(let minimum))
        ):
            guard minimum > asking else { return lost(.gone(423), .endedByPeer(423), asking, attempt, around) }
            return (
                .subscribed(standing, lease, asking: minimum, refresh: .inFlight, attempt),
                [.subscribe(.refresh, expires: minimum)]
            )
        case (
            .subscribed(let standing, let lease, let asking, .inFlight, let attempt),
            .answered(.refresh, .failed(let failure, let retryAfter))
        ),
            (
                .subscribed(let standing, let lease, let asking, .due, let attempt),
                .answered(.initial, .failed(let failure, let retryAfter))
            ),
            (
                .subscribed(let standing, let lease, let asking, .inFlight, let attempt),
                .answered(.initial, .failed(let failure, let retryAfter))
            ):
            if let status = failure.status, subscriptionGone.contains(status) {
                return lost(.gone(status), .endedByPeer(status), asking, attempt, around)
            }
            guard now < lease.expiresAt else { return lost(.lapsed, .peerUnresponsive, asking, attempt, around) }
            // Any other failure says nothing of the subscription, which stands until it runs out (§4.1.2.2).
            let retryAt = retryTime(retryAfter, lease, at: now)
            return (
                .subscribed(standing, lease, asking: asking, refresh: .failed(retryAt: retryAt), attempt),
                [.report(.refreshFailed(failure))]
            )
        case (
            .subscribed(let standing, let lease, let asking, _, let attempt),
            .answered(.refresh, .unauthorized(let status, let realm))
        ),
            (
                .subscribed(let standing, let lease, let asking, _, let attempt),
                .answered(.initial, .unauthorized(let status, let realm))
            ):
            return (
                .subscribed(standing, lease, asking: asking, refresh: .failed(retryAt: nil), attempt),
                [.report(.refreshFailed(.credentials(status, foreignRealm: realm)))]
            )
        case (.endingAfterRefresh, .answered(.refresh, .failed(let failure, _))):
            if let status = failure.status, subscriptionGone.contains(status) { return ended(.local(status)) }
            return (.unsubscribing(.unanswered(notified: false)), [.subscribe(.end, expires: .zero)])
        case (.endingAfterRefresh, .answered(.refresh, .accepted)),
            (.endingAfterRefresh, .answered(.refresh, .unauthorized)),
            (.endingAfterRefresh, .answered(.refresh, .intervalTooBrief)),
            (.endingAfterRefresh, .answered(.refresh, .acceptedWithoutSubscription)),
            (.endingAfterRefresh, .answered(.initial, _)):
            return (.unsubscribing(.unanswered(notified: false)), [.subscribe(.end, expires: .zero)])

        // Answers to SUBSCRIBE with Expires 0.
        case (.unsubscribing, .answered(.end, .accepted(204, _))):
            return ended(.local(204))  // No NOTIFY will come (RFC 5839 §5.7).
        case (.unsubscribing(.unanswered(let notified)), .answered(.end, .accepted(let status, _))):
            if notified { return ended(.local(status)) }
            return (.unsubscribing(.unnotified(status, giveUpAt: now + around.patience.notifyGrace)), [])
        case (.unsubscribing, .answered(.end, .acceptedWithoutSubscription(let status))):
            return ended(.local(status))
        case (.unsubscribing, .answered(.end, .failed(let failure, _))):
            return ended(failure.outcomeOfEnd(alreadyGone: subscriptionGone))
        case (.unsubscribing, .answered(.end, .unauthorized(let status, _))):
            return ended(.refused(status))
        case (.unsubscribing, .answered(.end, .intervalTooBrief)):
            return ended(.refused(423))

        // Time.
        case (.notifyWait(let asking, let granted, _, let attempt), .deadlineReached):
            let outcome = granted == nil ? UsageOutcome.peerUnresponsive : .notifyMissing
            guard attempt.losses > 0 else { return ended(outcome) }
            return lost(.lapsed, outcome, asking, attempt, around)
        case (.fetching(let answer, _), .deadlineReached):
            return ended(answer == nil ? .peerUnresponsive : .notifyMissing)
        case (.endingBeforeDialog, .deadlineReached):
            return ended(.peerUnresponsive)
        case (.subscribed(let standing, let lease, let asking, .due, let attempt), .deadlineReached),
            (.subscribed(let standing, let lease, let asking, .due, let attempt), .refreshRequested),
            (.subscribed(let standing, let lease, let asking, .failed, let attempt), .refreshRequested):
            return (
                .subscribed(standing, lease, asking: asking, refresh: .inFlight, attempt),
                [.subscribe(.refresh, expires: asking)]
            )
        case (.subscribed(let standing, let lease, let asking, .failed, let attempt), .deadlineReached):
            guard now < lease.expiresAt else { return lost(.lapsed, .peerUnresponsive, asking, attempt, around) }
            return (
                .subscribed(standing, lease, asking: asking, refresh: .inFlight, attempt),
                [.subscribe(.refresh, expires: asking)]
            )
        case (.pausing(let asking, _, let attempt), .deadlineReached),
            (.pausing(let asking, _, let attempt), .refreshRequested):
            guard around.policy.tries > 0 else { return ended(.endedByPeer(nil)) }
            return anew(asking, attempt, [], around)
        case (.unsubscribing(.unnotified), .deadlineReached):
            return ended(.notifyMissing)

        // The application.
        case (.notifyWait(_, granted: nil, let giveUpAt, _), .endRequested):
            return (.endingBeforeDialog(giveUpAt: giveUpAt), [])
        case (.notifyWait(_, granted: .some, _, _), .endRequested), (.subscribed(_, _, _, .due, _), .endRequested),
            (.subscribed(_, _, _, .failed, _), .endRequested):
            return (.unsubscribing(.unanswered(notified: false)), [.subscribe(.end, expires: .zero)])
        case (.subscribed(_, _, _, .inFlight, _), .endRequested):
            return (.endingAfterRefresh, [])
        case (.fetching(let answer, let giveUpAt), .endRequested):
            // It is its own end already, and only its news is awaited.
            return (.fetching(answer, giveUpAt: min(giveUpAt, now + around.patience.notifyGrace)), [])
        case (.pausing, .endRequested):
            return ended(.local(nil))

        case (.notifyWait, .answered(.refresh, _)), (.notifyWait, .answered(.end, _)), (.notifyWait, .refreshRequested),
            (.subscribed, .answered), (.subscribed(_, _, _, .inFlight, _), .deadlineReached),
            (.subscribed(_, _, _, .inFlight, _), .refreshRequested),
            (.fetching, .answered(.refresh, _)), (.fetching, .answered(.end, _)), (.fetching, .refreshRequested),
            (.pausing, .answered), (.pausing, .notified),
            (.endingBeforeDialog, .answered(.refresh, _)), (.endingBeforeDialog, .answered(.end, _)),
            (.endingBeforeDialog, .refreshRequested), (.endingBeforeDialog, .endRequested),
            (.endingAfterRefresh, .answered(.end, _)), (.endingAfterRefresh, .deadlineReached),
            (.endingAfterRefresh, .refreshRequested), (.endingAfterRefresh, .endRequested),
            (.unsubscribing, .answered), (.unsubscribing(.unanswered), .deadlineReached),
            (.unsubscribing, .refreshRequested), (.unsubscribing, .endRequested), (.ended, _):
            return (state, [])
        }
    }

    private static func ended(_ outcome: UsageOutcome) -> (State, [Action]) { (.ended(outcome), [.ended(outcome)]) }
    private static func refused(_ failure: Failure) -> (State, [Action]) {
        let outcome = failure.outcomeOfStart
        return (.ended(outcome), [.report(.refused(failure)), .ended(outcome)])
    }

    /// The subscription is no more. `outcome` is how the usage ends if the policy does not want it back.
    private static func lost(
        _ loss: SubscriptionLoss, _ outcome: UsageOutcome, _ asking: Duration, _ attempt: Attempt,
        _ around: Circumstances
    ) -> (State, [Action]) {
        let held = around.now - attempt.begunAt >= around.policy.stableAfter
        let losses = held ? 0 : attempt.losses
        guard let pause = around.policy.pause(after: loss, losses: losses) else { return ended(outcome) }
        let next = Attempt(losses: losses + 1, begunAt: around.now)
        let until = around.now + pause
        let report = Action.report(.interrupted(loss, retryAt: until))
        if pause == .zero { return anew(asking, next, [report], around) }
        return (.pausing(asking: asking, until: until, next), [report])
    }
    private static func anew(
        _ asking: Duration, _ attempt: Attempt, _ before: [Action], _ around: Circumstances
    ) -> (State, [Action]) {
        let attempt = Attempt(losses: attempt.losses, begunAt: around.now)
        let giveUpAt = around.now + around.patience.timerN
        return (
            .notifyWait(asking: asking, granted: nil, giveUpAt: giveUpAt, attempt),
            before + [.subscribeAnew(expires: asking)]
        )
    }

    /// After half of what is left, so that every failure leaves room for one more try; nil where none is left.
    private static func retryTime(_ retryAfter: Duration?, _ lease: Lease, at now: Instant) -> Instant? {
        let retryAt = now + max(retryAfter ?? (lease.expiresAt - now) / 2, .seconds(5))
        return retryAt < lease.expiresAt ? retryAt : nil
    }
    /// A notifier may grant less than was asked for, and never more (§4.2.1.1).
    private static func shortest(_ times: Duration?...) -> Duration { times.compactMap { $0 }.min() ?? .zero }
}

extension Lease {
    /// A NOTIFY may shorten the lease (RFC 6665 §4.2.2). It makes it longer only where a refresh may have been granted
    /// whose answer is not here.
    fileprivate func told(
        _ said: Duration, asking: Duration, _ refresh: ClientSubscription.Refresh, at now: Instant
    ) -> Lease {
        switch refresh {
        case .due: shortened(to: said, at: now)
        case .inFlight, .failed: Lease(granted: min(said, asking), at: now)
        }
    }
    fileprivate func shortened(to said: Duration, at now: Instant) -> Lease {
        now + said < expiresAt ? Lease(granted: said, at: now) : self
    }
}
