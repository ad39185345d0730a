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
/// Only the NOTIFY says what our standing is; the 2xx to SUBSCRIBE says only that it was heard (§4.1.2.4).
package struct ClientSubscription: BaseUsage, Hashable {
    package static let kind = UsageKind.clientSubscription

    package enum State: Hashable, Sendable {
        /// No NOTIFY yet; given up at Timer N (§4.1.2.4). `answered`: the 2xx has come.
        case notifyWait(asking: Duration, answered: Bool, giveUpAt: Instant)
        case subscribed(Standing, Lease, asking: Duration, refresh: Refresh)
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
        /// It failed without saying that the subscription is gone, which stands until its lease is over (§4.1.2.2).
        case failed
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
        case failed(Failure)
    }
    package enum Notification: Hashable, Sendable {
        /// `granted`: the `expires` parameter, where the notifier gave one.
        case live(Standing, granted: Duration?)
        case terminated
    }
    package enum Action: Hashable, Sendable {
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
        let state = State.notifyWait(asking: expires, answered: false, giveUpAt: now + patience.timerN)
        return (
            ClientSubscription(state: state, patience: patience), [.subscribe(.initial, expires: expires)]
        )
    }

    package var nextDeadline: Instant? {
        switch state {
        case .notifyWait(_, _, let giveUpAt), .endingBeforeDialog(let giveUpAt): giveUpAt
        case .subscribed(_, let lease, _, .due): lease.refreshAt
        case .subscribed(_, let lease, _, .inFlight), .subscribed(_, let lease, _, .failed): lease.expiresAt
        case .unsubscribing(.unnotified(_, let giveUpAt)): giveUpAt
        case .endingAfterRefresh, .unsubscribing(.unanswered), .ended: nil
        }
    }
    package var isEnded: Bool { if case .ended = state { true } else { false } }
    /// Challenges to what was sent before the end are no longer answered (R4).
    package var isEndingBeforeAnswer: Bool {
        switch state {
        case .endingBeforeDialog, .endingAfterRefresh: true
        case .notifyWait, .subscribed, .unsubscribing, .ended: false
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
            let lease = Lease(granted: granted ?? asking, at: now)
            return (.subscribed(standing, lease, asking: asking, refresh: answered ? .due : .inFlight), [])
        case (.subscribed(_, let old, let asking, let refresh), .notified(.live(let standing, let granted))):
            let lease = granted.map { Lease(granted: $0, at: now) } ?? old
            return (.subscribed(standing, lease, asking: asking, refresh: refresh), [])
        case (.notifyWait, .notified(.terminated)), (.subscribed, .notified(.terminated)),
            (.endingBeforeDialog, .notified(.terminated)), (.endingAfterRefresh, .notified(.terminated)):
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
            guard minimum > asking else { return ended(.endedByPeer(423)) }
            let next = State.notifyWait(asking: minimum, answered: false, giveUpAt: now + patience.timerN)
            return (next, [.subscribe(.initial, expires: minimum)])
        case (.notifyWait, .answered(.initial, .unauthorized(let status))):
            return ended(.endedByPeer(status))
        case (.notifyWait, .answered(.initial, .failed(let failure))):
            return ended(failure.outcomeOfStart)
        case (.endingBeforeDialog, .answered(.initial, .accepted)):
            return (.unsubscribing(.unanswered(notified: false)), [.subscribe(.end, expires: .zero)])
        case (.endingBeforeDialog, .answered(.initial, .failed(.timedOut))):
            return ended(.peerUnresponsive)
        case (.endingBeforeDialog, .answered(.initial, .failed)),
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
            return (.subscribed(standing, Lease(granted: granted, at: now), asking: asking, refresh: .due), [])
        case (.subscribed(let standing, let lease, _, .inFlight), .answered(.refresh, .intervalTooBrief(let minimum))):
            guard minimum > .zero else { return ended(.endedByPeer(423)) }
            return (
                .subscribed(standing, lease, asking: minimum, refresh: .inFlight),
                [.subscribe(.refresh, expires: minimum)]
            )
        case (.subscribed(let standing, let lease, let asking, .inFlight), .answered(.refresh, .failed(let failure))),
            (.subscribed(let standing, let lease, let asking, .due), .answered(.initial, .failed(let failure))),
            (.subscribed(let standing, let lease, let asking, .inFlight), .answered(.initial, .failed(let failure))):
            if let status = failure.status, subscriptionGone.contains(status) { return ended(.endedByPeer(status)) }
            // Any other failure says nothing of the subscription, which stands until it runs out (§4.1.2.2).
            return (
                .subscribed(standing, lease, asking: asking, refresh: .failed), [.report(.refreshFailed(failure))]
            )
        case (.subscribed(let standing, let lease, let asking, _), .answered(.refresh, .unauthorized(let status))),
            (.subscribed(let standing, let lease, let asking, _), .answered(.initial, .unauthorized(let status))):
            return (
                .subscribed(standing, lease, asking: asking, refresh: .failed),
                [.report(.refreshFailed(.credentials(status)))]
            )
        case (.endingAfterRefresh, .answered(.refresh, .failed(let failure))):
            if let status = failure.status, subscriptionGone.contains(status) { return ended(.local(status)) }
            return (.unsubscribing(.unanswered(notified: false)), [.subscribe(.end, expires: .zero)])
        case (.endingAfterRefresh, .answered(.refresh, .accepted)),
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
        case (.unsubscribing, .answered(.end, .failed(let failure))):
            return ended(failure.outcomeOfEnd(alreadyGone: subscriptionGone))
        case (.unsubscribing, .answered(.end, .unauthorized(let status))):
            return ended(.refused(status))
        case (.unsubscribing, .answered(.end, .intervalTooBrief)):
            return ended(.refused(423))

        // Time.
        case (.notifyWait(_, let answered, _), .deadlineReached):
            return ended(answered ? .notifyMissing : .peerUnresponsive)
        case (.endingBeforeDialog, .deadlineReached):
            return ended(.peerUnresponsive)
        case (.subscribed(let standing, let lease, let asking, .due), .deadlineReached),
            (.subscribed(let standing, let lease, let asking, .due), .refreshRequested),
            (.subscribed(let standing, let lease, let asking, .failed), .refreshRequested):
            return (
                .subscribed(standing, lease, asking: asking, refresh: .inFlight),
                [.subscribe(.refresh, expires: asking)]
            )
        case (.subscribed(_, _, _, .inFlight), .deadlineReached), (.subscribed(_, _, _, .failed), .deadlineReached):
            return ended(.peerUnresponsive)
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
            (.subscribed, .answered), (.subscribed(_, _, _, .inFlight), .refreshRequested),
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
}
