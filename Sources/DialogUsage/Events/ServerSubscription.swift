package import SIPMessage
package import SansIO

/// The notifier side of a subscription (RFC 6665 §4.2).
///
///               accept                  end, expiry, unsubscribe
///   requested ─────────▶ notifying ────────────────────────────▶ ending ──▶ ended
///       │ reject, granted without a subscription, no answer         ▲ final NOTIFY answered
///       ▼
///     ended
///
/// One NOTIFY is in flight at a time (§4.2.2 asks for no more and CSeq order is then certain): what changes meanwhile
/// goes out as one NOTIFY after it, and what changes while a Retry-After is waited for, after that.
package struct ServerSubscription: BaseUsage, Hashable {
    package static let kind = UsageKind.serverSubscription

    package enum State: Hashable, Sendable {
        /// SUBSCRIBE received, not answered; the application has until then.
        case requested(asking: Duration, answerBy: Instant)
        case notifying(Live, expiresAt: Instant, Notifying)
        /// The final NOTIFY, in flight or waiting for the one before it.
        case ending(Final, Notifying)
        case ended(UsageOutcome)
    }
    package enum Live: Hashable, Sendable { case pending, active }
    package enum Notifying: Hashable, Sendable {
        case idle, inFlight, inFlightThenAgain
        /// The watcher has asked to be left alone until then (Retry-After).
        case heldBack(until: Instant)
    }
    /// Why the last NOTIFY says `terminated`.
    package enum Final: Hashable, Sendable {
        /// We go away and may come back: `probation` (`shutdown.md` W16).
        case goingAway
        /// The subscription's time is over, or the watcher ended it: `timeout`.
        case timeout
        /// The application's own reason, such as `rejected` or `noresource`.
        case said(String, retryAfter: Duration? = nil)
    }

    package enum Input: Hashable, Sendable {
        case accepted(Live, granted: Duration)
        case rejected(StatusCode)
        /// A REFER was accepted, and its sender wants no subscription (RFC 4488 §4).
        case grantedWithoutSubscription
        case changed(Live)
        /// A new SUBSCRIBE in the dialog; zero ends the subscription.
        case refreshed(granted: Duration)
        /// The same from a watcher who knows the present state: no NOTIFY is wanted (RFC 5839 §6.3).
        case refreshedKnowing(granted: Duration)
        /// The application ends it with a reason of its own.
        case terminated(reason: String, retryAfter: Duration? = nil)
        case notifyAnswered(NotifyAnswer)
        case deadlineReached
        case endRequested
    }
    package enum NotifyAnswer: Hashable, Sendable {
        case accepted(StatusCode)
        case failed(Failure, retryAfter: Duration? = nil)
    }
    package enum Action: Hashable, Sendable {
        case accept(expires: Duration)
        /// 204: accepted, and no NOTIFY follows.
        case acceptQuietly(expires: Duration)
        case reject(StatusCode)
        case notify(Live, expiresAt: Instant)
        case notifyFinal(Final)
        case ended(UsageOutcome)
    }

    package private(set) var state: State
    /// What an unanswered request gets when we leave. In the dialog of a call it must not be 480, which would end the call
    /// too (RFC 5057 §5.1).
    private let refusalOnLeaving: StatusCode

    package init(asking expires: Duration, answerBy until: Instant, refusalOnLeaving: StatusCode = 480) {
        state = .requested(asking: expires, answerBy: until)
        self.refusalOnLeaving = refusalOnLeaving
    }

    package var nextDeadline: Instant? {
        switch state {
        case .notifying(_, let expiresAt, .heldBack(let until)): min(expiresAt, until)
        case .notifying(_, let expiresAt, .idle), .notifying(_, let expiresAt, .inFlight),
            .notifying(_, let expiresAt, .inFlightThenAgain):
            expiresAt
        case .requested(_, let until): until
        case .ending, .ended: nil
        }
    }
    package var isEnded: Bool { if case .ended = state { true } else { false } }

    package mutating func end(at now: Instant) -> [Action] { handle(.endRequested, at: now) }

    package mutating func handle(_ input: Input, at now: Instant) -> [Action] {
        let (next, actions) = Self.transition(from: state, on: input, leavingWith: refusalOnLeaving, at: now)
        state = next
        return actions
    }

    private static func transition(
        from state: State, on input: Input, leavingWith refusal: StatusCode, at now: Instant
    ) -> (State, [Action]) {
        switch (state, input) {

        case (.requested(let asking, _), .accepted(let live, let granted)):
            if asking == .zero {  // A fetch: the answer and one NOTIFY (§4.4.3).
                return (.ending(.timeout, .inFlight), [.accept(expires: .zero), .notifyFinal(.timeout)])
            }
            let expiresAt = now + granted
            return (
                .notifying(live, expiresAt: expiresAt, .inFlight),
                [.accept(expires: granted), .notify(live, expiresAt: expiresAt)]
            )
        case (.requested, .rejected(let status)):
            return (.ended(.endedByPeer(nil)), [.reject(status), .ended(.endedByPeer(nil))])
        case (.requested, .endRequested):
            return (.ended(.local(refusal)), [.reject(refusal), .ended(.local(refusal))])
        case (.requested(_, let until), .deadlineReached):
            return now >= until ? (.ended(.local(500)), [.reject(500), .ended(.local(500))]) : (state, [])
        case (.requested, .grantedWithoutSubscription):
            return ended(.endedByPeer(nil))
        case (.requested, .terminated):
            return (.ended(.local(403)), [.reject(403), .ended(.local(403))])

        case (.notifying(_, let expiresAt, .idle), .changed(let live)):
            return (.notifying(live, expiresAt: expiresAt, .inFlight), [.notify(live, expiresAt: expiresAt)])
        case (.notifying(_, let expiresAt, .inFlight), .changed(let live)),
            (.notifying(_, let expiresAt, .inFlightThenAgain), .changed(let live)):
            return (.notifying(live, expiresAt: expiresAt, .inFlightThenAgain), [])
        case (.notifying(_, let expiresAt, .heldBack(let until)), .changed(let live)):
            return (.notifying(live, expiresAt: expiresAt, .heldBack(until: until)), [])

        case (.notifying(let live, _, let notifying), .refreshedKnowing(let granted)):
            if granted == .zero {
                return (.ended(.endedByPeer(204)), [.acceptQuietly(expires: .zero), .ended(.endedByPeer(204))])
            }
            return (.notifying(live, expiresAt: now + granted, notifying), [.acceptQuietly(expires: granted)])
        case (.notifying(let live, _, let notifying), .refreshed(let granted)):
            guard granted > .zero else {
                return finish(.timeout, notifying, before: [.accept(expires: .zero)])
            }
            let expiresAt = now + granted
            switch notifying {
            case .idle, .heldBack:  // Who asks anew is there again.
                return (
                    .notifying(live, expiresAt: expiresAt, .inFlight),
                    [.accept(expires: granted), .notify(live, expiresAt: expiresAt)]
                )
            case .inFlight, .inFlightThenAgain:
                return (.notifying(live, expiresAt: expiresAt, .inFlightThenAgain), [.accept(expires: granted)])
            }

        case (.notifying(let live, let expiresAt, let notifying), .notifyAnswered(.accepted)):
            guard notifying == .inFlightThenAgain else { return (.notifying(live, expiresAt: expiresAt, .idle), []) }
            return (.notifying(live, expiresAt: expiresAt, .inFlight), [.notify(live, expiresAt: expiresAt)])
        case (.notifying(let live, let expiresAt, let notifying), .notifyAnswered(.failed(let failure, let retryAfter))):
            // Silence and the statuses of §4.2.2 end the subscription; what only failed this once does not.
            if failure.endsSubscription { return ended(failure.outcomeOfStart) }
            if let retryAfter {
                return (.notifying(live, expiresAt: expiresAt, .heldBack(until: now + retryAfter)), [])
            }
            guard notifying == .inFlightThenAgain else { return (.notifying(live, expiresAt: expiresAt, .idle), []) }
            return (.notifying(live, expiresAt: expiresAt, .inFlight), [.notify(live, expiresAt: expiresAt)])

        case (.notifying(let live, let expiresAt, .heldBack(let until)), .deadlineReached) where until < expiresAt:
            return (.notifying(live, expiresAt: expiresAt, .inFlight), [.notify(live, expiresAt: expiresAt)])
        case (.notifying(_, _, let notifying), .deadlineReached):
            return finish(.timeout, notifying)
        case (.notifying(_, _, let notifying), .endRequested):
            return finish(.goingAway, notifying)
        case (.notifying(_, _, let notifying), .terminated(let reason, let retryAfter)):
            return finish(.said(reason, retryAfter: retryAfter), notifying)

        // The final NOTIFY waits for the one in flight (R2), then for its own answer.
        case (.ending(let final, .inFlightThenAgain), .notifyAnswered(.accepted)):
            return (.ending(final, .inFlight), [.notifyFinal(final)])
        case (.ending(let final, _), .notifyAnswered(.accepted(let status))):
            return ended(final == .goingAway ? .local(status) : .endedByPeer(status))
        case (.ending(let final, .inFlightThenAgain), .notifyAnswered(.failed(let failure, _)))
        where !failure.endsSubscription:
            return (.ending(final, .inFlight), [.notifyFinal(final)])
        case (.ending, .notifyAnswered(.failed(let failure, _))):
            return ended(failure.outcomeOfEnd(alreadyGone: subscriptionGone))

        case (.requested, .changed), (.requested, .refreshed), (.requested, .refreshedKnowing),
            (.requested, .notifyAnswered), (.notifying, .accepted), (.notifying, .rejected),
            (.notifying, .grantedWithoutSubscription), (.ending, .accepted), (.ending, .rejected),
            (.ending, .grantedWithoutSubscription), (.ending, .changed), (.ending, .refreshed),
            (.ending, .refreshedKnowing), (.ending, .terminated),
            (.ending, .deadlineReached), (.ending, .endRequested), (.ended, _):
            return (state, [])
        }
    }

    private static func finish(
        _ final: Final, _ notifying: Notifying, before: [Action] = []
    ) -> (State, [Action]) {
        switch notifying {
        case .idle, .heldBack: (.ending(final, .inFlight), before + [.notifyFinal(final)])
        case .inFlight, .inFlightThenAgain: (.ending(final, .inFlightThenAgain), before)
        }
    }

    private static func ended(_ outcome: UsageOutcome) -> (State, [Action]) { (.ended(outcome), [.ended(outcome)]) }
}

extension Failure {
    /// Whether a NOTIFY that failed so takes its subscription with it (RFC 6665 §4.2.2).
    fileprivate var endsSubscription: Bool {
        switch self {
        case .status(let code, _): subscriptionGone.contains(code)
        case .timedOut, .unreachable: true
        case .credentials, .untrusted: false
        }
    }
}
