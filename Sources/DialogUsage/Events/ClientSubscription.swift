package import SIPMessage
package import SansIO

/// The subscriber side of a subscription (RFC 6665 §4.1).
///
///                NOTIFY pending|active              refresh, and again after a failure
///   notifyWait ─────────────────────────▶ subscribed ──────┐
///   ▲ │ │ │                                │ │   ▲         │
///   │ │ │ │ end, SUBSCRIBE in flight       │ │   └─────────┘
///   │ │ │ ▼                            end │ │ end, refresh in flight
///   │ │ │ endingBeforeDialog               │ └──────────▶ endingAfterRefresh
///   │ │ │ │ 2xx or NOTIFY                  ▼                  │ its answer
///   │ │ │ └─────────────────────────▶ unsubscribing ◀─────────┘
///   │ │ │ Timer N, refusal                 │ answer, and NOTIFY terminated or the grace over
///   │ │ └────────────────────────────▶ ended ◀── lost, and its policy says never
///   │ ▼ lost, and it may be had again
///   pausing      fetching ─ NOTIFY terminated ─▶ ended
///
/// Only the NOTIFY says what our standing is; the 2xx to SUBSCRIBE says only that it was heard (§4.1.2.4). A subscription
/// that was lost is asked for again as `ResubscriptionPolicy` says, in a dialog of its own: the usage stays the same, so
/// that whoever watches goes on watching.
package struct ClientSubscription: BaseUsage, Hashable {
    package static let kind = UsageKind.clientSubscription

    package enum State: Hashable, Sendable {
        /// No NOTIFY yet; given up at Timer N (§4.1.2.4). `granted`: what the 2xx said, which may be missing.
        case notifyWait(asking: Duration, granted: Duration?, giveUpAt: Instant, Attempt)
        case subscribed(Standing, Lease, asking: Duration, refresh: Refresh, Attempt)
        /// SUBSCRIBE with Expires 0 outside a dialog: one NOTIFY, and no more (§4.4.3).
        case fetching(StatusCode?, giveUpAt: Instant)
        /// Lost, and asked for again when the pause is over.
        case pausing(asking: Duration, until: Instant, Attempt)
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
        /// It failed without saying that the subscription is gone, which stands until its lease is over (§4.1.2.2). nil: no
        /// time or no use to try again.
        case failed(retryAt: Instant?)
    }
    package enum Unsubscribing: Hashable, Sendable {
        /// The final answer is awaited; `notified`: NOTIFY `terminated` overtook it.
        case unanswered(notified: Bool)
        /// 2xx came; the final NOTIFY may still take until then.
        case unnotified(StatusCode, giveUpAt: Instant)
    }
    /// The how-manieth subscription this is since the last that held.
    package struct Attempt: Hashable, Sendable {
        /// Subscriptions lost in a row before this one.
        package var losses: Int
        package var begunAt: Instant

        package init(losses: Int = 0, begunAt: Instant) {
            self.losses = losses
            self.begunAt = begunAt
        }
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
        /// `granted`: the Expires of the 2xx, which has to be there (§4.2.1.1) and sometimes is not.
        case accepted(StatusCode, granted: Duration?)
        /// A REFER was accepted, and there will be no NOTIFY (RFC 4488 §4).
        case acceptedWithoutSubscription(StatusCode)
        case intervalTooBrief(minimum: Duration)
        case unauthorized(StatusCode, foreignRealm: String? = nil)
        case failed(Failure, retryAfter: Duration? = nil)
    }
    package enum Notification: Hashable, Sendable {
        /// `granted`: the `expires` parameter, where the notifier gave one.
        case live(Standing, granted: Duration?)
        case terminated(TerminationReason?, retryAfter: Duration? = nil)
    }
    package enum Action: Hashable, Sendable {
        case subscribe(Request, expires: Duration)
        /// The first SUBSCRIBE of a new dialog; what is said in the old one no longer counts.
        case subscribeAnew(expires: Duration)
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
        let giveUpAt = now + patience.timerN
        let state =
            expires == .zero
            ? State.fetching(nil, giveUpAt: giveUpAt)
            : .notifyWait(asking: expires, granted: nil, giveUpAt: giveUpAt, Attempt(begunAt: now))
        return (
            ClientSubscription(state: state, patience: patience), [.subscribe(.initial, expires: expires)]
        )
    }

    package var nextDeadline: Instant? {
        switch state {
        case .notifyWait(_, _, let giveUpAt, _), .endingBeforeDialog(let giveUpAt), .fetching(_, let giveUpAt): giveUpAt
        case .subscribed(_, let lease, _, .due, _): lease.refreshAt
        case .subscribed(_, let lease, _, .failed(let retryAt), _): retryAt ?? lease.expiresAt
        case .pausing(_, let until, _): until
        case .unsubscribing(.unnotified(_, let giveUpAt)): giveUpAt
        // A refresh that races the expiry may still be accepted; its answer always comes.
        case .subscribed(_, _, _, .inFlight, _), .endingAfterRefresh, .unsubscribing(.unanswered), .ended: nil
        }
    }
    package var isEnded: Bool { if case .ended = state { true } else { false } }
    /// Challenges to what was sent before the end are no longer answered (R4).
    package var isEndingBeforeAnswer: Bool {
        switch state {
        case .endingBeforeDialog, .endingAfterRefresh: true
        case .notifyWait, .subscribed, .fetching, .pausing, .unsubscribing, .ended: false
        }
    }
    /// No NOTIFY has told us our standing: whichever notifier speaks first is ours (§4.4.1).
    package var awaitsFirstNotify: Bool {
        switch state {
        case .notifyWait, .fetching, .endingBeforeDialog: true
        case .subscribed, .pausing, .endingAfterRefresh, .unsubscribing, .ended: false
        }
    }

    package mutating func end(at now: Instant) -> [Action] { handle(.endRequested, at: now) }

    package mutating func handle(
        _ input: Input, under policy: ResubscriptionPolicy = .standard, at now: Instant
    ) -> [Action] {
        let (next, actions) = Self.transition(
            from: state, on: input, Circumstances(patience: patience, policy: policy, now: now))
        state = next
        return actions
    }

    /// The subscription at another notifier that the same SUBSCRIBE has reached; its first NOTIFY is here. Where the end of
    /// this one was asked for, that one ends too (W18).
    package func fork(at now: Instant) -> ClientSubscription {
        let giveUpAt = now + patience.timerN
        let forked: State
        switch state {
        case .notifyWait(let asking, _, _, _), .subscribed(_, _, let asking, _, _), .pausing(let asking, _, _):
            forked = .notifyWait(asking: asking, granted: asking, giveUpAt: giveUpAt, Attempt(begunAt: now))
        case .fetching(let status, _): forked = .fetching(status ?? 200, giveUpAt: giveUpAt)
        case .endingBeforeDialog, .endingAfterRefresh, .unsubscribing, .ended:
            forked = .endingBeforeDialog(giveUpAt: giveUpAt)
        }
        return ClientSubscription(state: forked, patience: patience)
    }
}
