package import SIPMessage
package import SansIO

/// The subscriber side of a subscription (RFC 6665 §4.1).
///
///                NOTIFY pending|active              refresh
///   notifyWait ─────────────────────────▶ subscribed ──────┐
///     │   │                                  │   ▲         │
///     │   │ end, SUBSCRIBE in flight     end │   └─────────┘
///     │   ▼                                  │ end, refresh in flight
///     │  endingBeforeDialog                  ├──────────▶ endingAfterRefresh
///     │   │ 2xx or NOTIFY                    ▼                   │ its answer
///     │   └────────────────────────▶ unsubscribing ◀─────────────┘
///     │ Timer N, refusal                     │ answer, and NOTIFY terminated or the grace over
///     ▼                                      ▼
///   ended ◀──────────────────────────────── ended
///
///   subscribed ── NOTIFY terminated that asks us to come back ──▶ pausing ──▶ notifyWait, in a new dialog
///
/// Only the NOTIFY says what our standing is; the 2xx to SUBSCRIBE says only that it was heard (§4.1.2.4). Where the notifier
/// ends the subscription and the policy says so, the usage lives on and subscribes anew (§4.1.3): to the application that is
/// one subscription, with one end.
package struct ClientSubscription: BaseUsage, Hashable {
    package static let kind = UsageKind.clientSubscription

    package enum State: Hashable, Sendable {
        /// No NOTIFY yet; given up at Timer N (§4.1.2.4). `answered`: the 2xx has come.
        case notifyWait(asking: Asking, answered: Bool, giveUpAt: Instant)
        case subscribed(Standing, Lease, asking: Asking, refresh: Refresh)
        /// The notifier has ended it, or a new attempt has failed: SUBSCRIBE in a new dialog at that instant (§4.1.3).
        case pausing(asking: Asking, until: Instant)
        /// The end was asked for before anything was heard (W18).
        case endingBeforeDialog(giveUpAt: Instant)
        /// The end was asked for while a refresh was in flight (W20).
        case endingAfterRefresh
        /// SUBSCRIBE with Expires 0 sent (W19).
        case unsubscribing(Unsubscribing)
        case ended(UsageOutcome)
    }
    package enum Refresh: Hashable, Sendable {
        case due, inFlight
        /// It failed without saying that the subscription is gone, which stands until its lease is over (§4.1.2.2); it is
        /// tried again at that instant.
        case failed(retryAt: Instant)
    }
    /// For how long we ask, and how many subscriptions in a row have ended before they were once renewed.
    package struct Asking: Hashable, Sendable {
        package var expires: Duration
        package var attempt: Int

        package init(expires: Duration, attempt: Int = 0) {
            self.expires = expires
            self.attempt = attempt
        }
        func again() -> Asking { Asking(expires: expires, attempt: attempt + 1) }
    }
    /// Whether to subscribe anew after an end that the notifier made, as the policy has judged it.
    package struct Comeback: Hashable, Sendable {
        /// nil: never.
        package var wait: Duration?
        /// For the back-off of those that end too often.
        package var jitter: Double

        package init(after wait: Duration?, jitter: Double = 1) {
            self.wait = wait
            self.jitter = jitter
        }
        package static let never = Comeback(after: nil)
    }
    package enum Unsubscribing: Hashable, Sendable {
        /// The final answer is awaited; `notified`: NOTIFY `terminated` overtook it.
        case unanswered(notified: Bool)
        /// 2xx came; the final NOTIFY may still take until then.
        case unnotified(StatusCode, giveUpAt: Instant)
    }

    package enum Input: Hashable, Sendable {
        case answered(Request, Answer)
        case notified(Notification)
        case deadlineReached
        case refreshRequested
        case endRequested
    }
    /// Which SUBSCRIBE an answer is to: they can overtake each other.
    package enum Request: Hashable, Sendable { case initial, refresh, end }
    package enum Answer: Hashable, Sendable {
        case accepted(StatusCode, granted: Duration)
        /// A REFER was accepted, and there will be no NOTIFY (RFC 4488 §4).
        case acceptedWithoutSubscription(StatusCode)
        case intervalTooBrief(minimum: Duration)
        case unauthorized(StatusCode)
        /// A refresh found no subscription (§4.1.2.2).
        case gone(StatusCode, Comeback)
        case failed(Failure, retryAfter: Duration?)
    }
    package enum Notification: Hashable, Sendable {
        /// `granted`: the `expires` parameter, where the notifier gave one.
        case live(Standing, granted: Duration?)
        case terminated(Comeback)
    }
    package enum Action: Hashable, Sendable {
        /// A new Call-ID and tag from here on: what follows is an unrelated SUBSCRIBE (§4.1.2.2).
        case startAnew
        case subscribe(Request, expires: Duration)
        case report(SubscriptionEvent)
        case ended(UsageOutcome)
    }

    /// Timer N, and how long the final NOTIFY may take.
    package struct Patience: Hashable, Sendable {
        package var timerN: Duration
        package var notifyGrace: Duration
        package init(timerN: Duration, notifyGrace: Duration) {
            self.timerN = timerN
            self.notifyGrace = min(notifyGrace, timerN)
        }
    }

    package private(set) var state: State
    private let patience: Patience

    package static func start(
        asking expires: Duration, patience: Patience, at now: Instant
    ) -> (ClientSubscription, [Action]) {
        let state = State.notifyWait(
            asking: Asking(expires: expires), answered: false, giveUpAt: now + patience.timerN)
        return (
            ClientSubscription(state: state, patience: patience), [.subscribe(.initial, expires: expires)]
        )
    }
    /// One more subscription that a fork of our SUBSCRIBE has made: its first NOTIFY is what makes it (§4.4.1).
    package static func forked(
        asking expires: Duration, patience: Patience, at now: Instant
    ) -> ClientSubscription {
        let state = State.notifyWait(
            asking: Asking(expires: expires), answered: true, giveUpAt: now + patience.timerN)
        return ClientSubscription(state: state, patience: patience)
    }

    package var nextDeadline: Instant? {
        switch state {
        case .notifyWait(_, _, let giveUpAt), .endingBeforeDialog(let giveUpAt): giveUpAt
        case .subscribed(_, let lease, _, .due): lease.refreshAt
        case .subscribed(_, let lease, _, .inFlight): lease.expiresAt
        case .subscribed(_, let lease, _, .failed(let retryAt)): min(retryAt, lease.expiresAt)
        case .pausing(_, let until): until
        case .unsubscribing(.unnotified(_, let giveUpAt)): giveUpAt
        case .endingAfterRefresh, .unsubscribing(.unanswered), .ended: nil
        }
    }
    package var isEnded: Bool { if case .ended = state { true } else { false } }
    /// For how long it asks; nil when it asks no more.
    package var asking: Duration? {
        switch state {
        case .notifyWait(let asking, _, _), .subscribed(_, _, let asking, _), .pausing(let asking, _): asking.expires
        case .endingBeforeDialog, .endingAfterRefresh, .unsubscribing, .ended: nil
        }
    }
    /// Nothing of it is at any server.
    package var isPausing: Bool { if case .pausing = state { true } else { false } }
    /// Challenges to what was sent before the end are no longer answered (R4).
    package var isEndingBeforeAnswer: Bool {
        switch state {
        case .endingBeforeDialog, .endingAfterRefresh: true
        case .notifyWait, .subscribed, .pausing, .unsubscribing, .ended: false
        }
    }

    package mutating func end(at now: Instant) -> [Action] { handle(.endRequested, at: now) }

    package mutating func handle(_ input: Input, at now: Instant) -> [Action] {
        let (next, actions) = Self.transition(from: state, on: input, patience: patience, at: now)
        state = next
        return actions
    }

    private static func transition(
        from state: State, on input: Input, patience: Patience, at now: Instant
    ) -> (State, [Action]) {
        switch (state, input) {

        // NOTIFY outranks everything: only the notifier knows our standing.
        case (.notifyWait(let asking, let answered, _), .notified(.live(let standing, let granted))):
            let lease = Lease(granted: min(granted ?? asking.expires, asking.expires), at: now)
            return (.subscribed(standing, lease, asking: asking, refresh: answered ? .due : .inFlight), [])
        case (.subscribed(_, let old, let asking, let refresh), .notified(.live(let standing, let granted))):
            // A shorter time counts, a longer one than we asked for does not (§4.1.3).
            let lease = granted.map { Lease(granted: min($0, asking.expires), at: now) } ?? old
            return (.subscribed(standing, lease, asking: asking, refresh: refresh), [])
        case (.notifyWait(let asking, _, _), .notified(.terminated(let comeback))),
            (.subscribed(_, _, let asking, _), .notified(.terminated(let comeback))):
            return comeBack(comeback, asking, else: .endedByPeer(nil), patience, at: now)
        case (.endingBeforeDialog, .notified(.terminated)), (.endingAfterRefresh, .notified(.terminated)):
            return ended(.endedByPeer(nil))
        case (.endingBeforeDialog, .notified(.live)):
            return (.unsubscribing(.unanswered(notified: false)), [.subscribe(.end, expires: .zero)])
        case (.endingAfterRefresh, .notified(.live)), (.unsubscribing, .notified(.live)):
            return (state, [])  // Crossed our SUBSCRIBE on the wire: the last state, not a new standing.
        case (.unsubscribing(.unanswered), .notified(.terminated)):
            return (.unsubscribing(.unanswered(notified: true)), [])
        case (.unsubscribing(.unnotified(let status, _)), .notified(.terminated)):
            return ended(.local(status))

        // Answers to the first SUBSCRIBE.
        case (.notifyWait(let asking, _, let giveUpAt), .answered(.initial, .accepted(_, let granted))):
            return (
                .notifyWait(asking: asking, answered: true, giveUpAt: giveUpAt),
                [.report(.accepted(expires: granted))]
            )
        case (.subscribed(let standing, let lease, let asking, _), .answered(.initial, .accepted(_, let granted))):
            // The NOTIFY came first; its lease stands.
            return (
                .subscribed(standing, lease, asking: asking, refresh: .due), [.report(.accepted(expires: granted))]
            )
        case (.notifyWait(let asking, _, _), .answered(.initial, .intervalTooBrief(let minimum))):
            guard minimum > asking.expires else { return ended(.endedByPeer(423)) }
            let more = Asking(expires: minimum, attempt: asking.attempt)
            let next = State.notifyWait(asking: more, answered: false, giveUpAt: now + patience.timerN)
            return (next, [.subscribe(.initial, expires: minimum)])
        case (.notifyWait, .answered(.initial, .unauthorized(let status))):
            return ended(.endedByPeer(status))
        case (.notifyWait, .answered(.initial, .gone(let status, _))):
            return ended(.endedByPeer(status))
        case (.notifyWait(let asking, _, _), .answered(.initial, .failed(let failure, let retryAfter))):
            // The first attempt fails to whoever made it; a later one of our own is made again.
            guard asking.attempt > 0, failure.isPassing else { return ended(failure.outcomeOfStart) }
            return comeBack(
                Comeback(after: retryAfter ?? .zero), asking, else: failure.outcomeOfStart, patience, at: now)
        case (.endingBeforeDialog, .answered(.initial, .accepted)):
            return (.unsubscribing(.unanswered(notified: false)), [.subscribe(.end, expires: .zero)])
        case (.endingBeforeDialog, .answered(.initial, .failed(.timedOut, _))):
            return ended(.peerUnresponsive)
        case (.endingBeforeDialog, .answered(.initial, .failed)), (.endingBeforeDialog, .answered(.initial, .gone)),
            (.endingBeforeDialog, .answered(.initial, .unauthorized)),
            (.endingBeforeDialog, .answered(.initial, .intervalTooBrief)):
            return ended(.neverEstablished)

        case (.notifyWait, .answered(.initial, .acceptedWithoutSubscription(let status))),
            (.subscribed, .answered(.initial, .acceptedWithoutSubscription(let status))):
            return ended(.endedByPeer(status))
        case (.endingBeforeDialog, .answered(.initial, .acceptedWithoutSubscription(let status))):
            return ended(.local(status))

        // Answers to a refresh.
        case (.subscribed(let standing, _, let asking, .inFlight), .answered(.refresh, .accepted(_, let granted))):
            // It has been renewed: what ended before it counts no more.
            let lease = Lease(granted: min(granted, asking.expires), at: now)
            return (.subscribed(standing, lease, asking: Asking(expires: asking.expires), refresh: .due), [])
        case (
            .subscribed(let standing, let lease, let asking, .inFlight),
            .answered(.refresh, .intervalTooBrief(let minimum))
        ):
            guard minimum > asking.expires else { return ended(.endedByPeer(423)) }
            let more = Asking(expires: minimum, attempt: asking.attempt)
            return (
                .subscribed(standing, lease, asking: more, refresh: .inFlight), [.subscribe(.refresh, expires: minimum)]
            )
        case (.subscribed(_, _, let asking, _), .answered(.refresh, .gone(let status, let comeback))),
            (.subscribed(_, _, let asking, _), .answered(.initial, .gone(let status, let comeback))):
            return comeBack(comeback, asking, else: .endedByPeer(status), patience, at: now)
        case (
            .subscribed(let standing, let lease, let asking, .inFlight),
            .answered(.refresh, .failed(let failure, let retryAfter))
        ),
            (
                .subscribed(let standing, let lease, let asking, .due),
                .answered(.initial, .failed(let failure, let retryAfter))
            ),
            (
                .subscribed(let standing, let lease, let asking, .inFlight),
                .answered(.initial, .failed(let failure, let retryAfter))
            ):
            // It says nothing of the subscription, which stands until it runs out (§4.1.2.2). Half of what is left is waited
            // before the next try, and no less than five seconds, so that a server in trouble is left alone.
            let wait = max(retryAfter ?? (lease.expiresAt - now) / 2, .seconds(5))
            return (
                .subscribed(standing, lease, asking: asking, refresh: .failed(retryAt: now + wait)),
                [.report(.refreshFailed(failure))]
            )
        case (.subscribed(let standing, let lease, let asking, _), .answered(.refresh, .unauthorized(let status))),
            (.subscribed(let standing, let lease, let asking, _), .answered(.initial, .unauthorized(let status))):
            // Nothing of ours will please it: it runs out.
            return (
                .subscribed(standing, lease, asking: asking, refresh: .failed(retryAt: lease.expiresAt)),
                [.report(.refreshFailed(.credentials(status)))]
            )
        case (.endingAfterRefresh, .answered(.refresh, .gone(let status, _))):
            return ended(.local(status))
        case (.endingAfterRefresh, .answered(.refresh, .failed)),
            (.endingAfterRefresh, .answered(.refresh, .accepted)),
            (.endingAfterRefresh, .answered(.refresh, .unauthorized)),
            (.endingAfterRefresh, .answered(.refresh, .intervalTooBrief)),
            (.endingAfterRefresh, .answered(.refresh, .acceptedWithoutSubscription)),
            (.endingAfterRefresh, .answered(.initial, _)):
            return (.unsubscribing(.unanswered(notified: false)), [.subscribe(.end, expires: .zero)])

        // Answers to SUBSCRIBE with Expires 0.
        case (.unsubscribing(.unanswered(let notified)), .answered(.end, .accepted(let status, _))):
            if notified { return ended(.local(status)) }
            return (.unsubscribing(.unnotified(status, giveUpAt: now + patience.notifyGrace)), [])
        case (.unsubscribing, .answered(.end, .acceptedWithoutSubscription(let status))):
            return ended(.local(status))
        case (.unsubscribing, .answered(.end, .gone(let status, _))):
            return ended(.local(status))
        case (.unsubscribing, .answered(.end, .failed(let failure, _))):
            return ended(failure.outcomeOfEnd(alreadyGone: subscriptionGone))
        case (.unsubscribing, .answered(.end, .unauthorized(let status))):
            return ended(.refused(status))
        case (.unsubscribing, .answered(.end, .intervalTooBrief)):
            return ended(.refused(423))

        // Time.
        case (.notifyWait(let asking, let answered, _), .deadlineReached):
            let outcome = answered ? UsageOutcome.notifyMissing : .peerUnresponsive
            guard asking.attempt > 0 else { return ended(outcome) }
            return comeBack(Comeback(after: .zero), asking, else: outcome, patience, at: now)
        case (.pausing(let asking, _), .deadlineReached), (.pausing(let asking, _), .refreshRequested):
            return begin(asking, patience, at: now)
        case (.pausing, .endRequested):
            return ended(.endedByPeer(nil))  // The notifier had ended it; nobody waits for a word of ours.
        case (.endingBeforeDialog, .deadlineReached):
            return ended(.peerUnresponsive)
        case (.subscribed(_, let lease, _, .failed), .deadlineReached) where now >= lease.expiresAt:
            return ended(.peerUnresponsive)
        case (.subscribed(_, _, _, .inFlight), .deadlineReached):
            return ended(.peerUnresponsive)
        case (.subscribed(let standing, let lease, let asking, .due), .deadlineReached),
            (.subscribed(let standing, let lease, let asking, .due), .refreshRequested),
            (.subscribed(let standing, let lease, let asking, .failed), .deadlineReached),
            (.subscribed(let standing, let lease, let asking, .failed), .refreshRequested):
            return (
                .subscribed(standing, lease, asking: asking, refresh: .inFlight),
                [.subscribe(.refresh, expires: asking.expires)]
            )
        case (.unsubscribing(.unnotified), .deadlineReached):
            return ended(.notifyMissing)

        // The application.
        case (.notifyWait(_, answered: false, let giveUpAt), .endRequested):
            return (.endingBeforeDialog(giveUpAt: giveUpAt), [])
        case (.notifyWait(_, answered: true, _), .endRequested), (.subscribed(_, _, _, .due), .endRequested),
            (.subscribed(_, _, _, .failed), .endRequested):
            return (.unsubscribing(.unanswered(notified: false)), [.subscribe(.end, expires: .zero)])
        case (.subscribed(_, _, _, .inFlight), .endRequested):
            return (.endingAfterRefresh, [])

        case (.notifyWait, .answered(.refresh, _)), (.notifyWait, .answered(.end, _)), (.notifyWait, .refreshRequested),
            (.subscribed, .answered), (.subscribed(_, _, _, .inFlight), .refreshRequested), (.pausing, .answered),
            (.pausing, .notified),
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

    /// SUBSCRIBE as if there had been none before.
    private static func begin(_ asking: Asking, _ patience: Patience, at now: Instant) -> (State, [Action]) {
        (
            .notifyWait(asking: asking, answered: false, giveUpAt: now + patience.timerN),
            [.startAnew, .subscribe(.initial, expires: asking.expires)]
        )
    }
    /// After an end that was not ours: once at once where the policy has it so, then ever later (RFC 5626 §4.5 has the pace),
    /// so that no notifier keeps us busy.
    private static func comeBack(
        _ comeback: Comeback, _ asking: Asking, else outcome: UsageOutcome, _ patience: Patience, at now: Instant
    ) -> (State, [Action]) {
        // A fetch is over with its one NOTIFY (§4.4.3).
        guard let wanted = comeback.wait, asking.expires > .zero else { return ended(outcome) }
        let wait =
            asking.attempt == 0 ? wanted : max(wanted, backOff(attempt: asking.attempt, jitter: comeback.jitter))
        guard wait > .zero else {
            let (state, actions) = begin(asking.again(), patience, at: now)
            return (state, [.report(.resubscribing(at: now))] + actions)
        }
        return (.pausing(asking: asking.again(), until: now + wait), [.report(.resubscribing(at: now + wait))])
    }
}
