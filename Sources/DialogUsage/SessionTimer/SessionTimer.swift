package import SIPMessage
package import SansIO

/// The session timer of one dialog (RFC 4028): whether the session is still wanted, asked at half of each interval by
/// one side; where nobody asks any more, the session is ended.
///
///             2xx with Session-Expires               deadline, or a re-INVITE or UPDATE of ours
///   off ────────────────────────────────▶ waiting ───────────────────────────────────────▶ refreshing
///    ▲                                    │  ▲ ▲                                             │ │ │
///    │ 2xx without it, from any state     │  │ └──── 2xx; 491 and others: later ─────────────┘ │ │
///    └──────────────                      │  │ 2xx to what the peer asked                      │ │
///                                         │  └──────────── refused ◀── too late to try again ──┘ │
///                        they refresh,    │                   │ expiry                           │ 408, 481,
///                        and did not      ▼                   ▼                                  ▼ silence, expiry
///                                      expired ◀─────────────────────────────────────────────────┘
///
/// `waiting` ends at half the interval if we refresh, and ahead of the expiry (§10) if they do. A deadline that is
/// reached long after its time means that the machine slept: then nobody is blamed, the session is refreshed at once.
package struct SessionTimer: Hashable, Sendable {
    package static let optionTag = "timer"
    /// No interval is shorter (§4).
    package static let absoluteMinimum = Duration.seconds(90)
    /// How late a deadline may be for it to count.
    static let slack = Duration.seconds(5)

    package enum Side: Hashable, Sendable { case us, them }
    /// What the last 2xx to an INVITE or UPDATE said.
    package struct Agreement: Hashable, Sendable {
        package var interval: Duration
        package var refresher: Side

        package init(interval: Duration, refresher: Side) {
            self.interval = interval
            self.refresher = refresher
        }
        /// How long before the expiry the side that waits ends the session (§10).
        var margin: Duration { min(.seconds(32), interval / 3) }
    }
    package struct Run: Hashable, Sendable {
        package var agreement: Agreement
        package var expiresAt: Instant
        /// When we act, if nothing happens.
        var actsAt: Instant {
            switch agreement.refresher {
            case .us: expiresAt - agreement.interval / 2
            case .them: expiresAt - agreement.margin
            }
        }
    }
    package enum State: Hashable, Sendable {
        case off
        case waiting(Run, until: Instant)
        case refreshing(Run, giveUpAt: Instant)
        /// It was refused, and there is no time for another try.
        case refused(Run)
        case expired
    }
    package enum Input: Hashable, Sendable {
        /// A 2xx, ours or theirs, to an INVITE or UPDATE; nil: it said nothing of a timer.
        case agreed(Agreement?)
        /// A re-INVITE or UPDATE of ours was sent, for whatever purpose: it refreshes too (§7.2).
        case refreshSent
        case refreshRefused(Refusal)
        case deadlineReached
    }
    package enum Refusal: Hashable, Sendable {
        /// 491: both asked at once.
        case pending(retryAt: Instant)
        /// 408, 481 or no answer: nobody is there any more (§10).
        case gone
        case other
    }
    package enum Action: Hashable, Sendable {
        case refresh
        case end
    }

    package private(set) var state = State.off
    /// What was heard of Min-SE in this dialog, in 422 or in requests.
    private var least = IntervalFloor()
    /// 64·T1: how long a request of ours may take.
    private let patience: Duration

    package init(patience: Duration) { self.patience = patience }

    package var nextDeadline: Instant? {
        switch state {
        case .waiting(_, let until): until
        case .refreshing(_, let giveUpAt): giveUpAt
        case .refused(let run): run.expiresAt
        case .off, .expired: nil
        }
    }

    package var floor: Duration? { least.least }
    /// A Min-SE from a request; false: nothing new.
    @discardableResult
    package mutating func raise(to minimum: Duration) -> Bool { least.raise(to: minimum) }
    /// One from a 422; false: asking again is no use.
    mutating func raise(refusedWanting minimum: Duration, limit: Int) -> Bool {
        least.raise(refusedWanting: minimum, limit: limit)
    }

    /// What a request of ours says (§7.1, §7.4): the interval in force, or the one we want; the roles stay as they are.
    package func asks(_ policy: SessionTimerPolicy) -> SessionExpires? {
        let least = max(floor ?? .zero, Self.absoluteMinimum)
        switch state {
        case .waiting(let run, _), .refreshing(let run, _), .refused(let run):
            return SessionExpires(
                max(run.agreement.interval, least), refresher: run.agreement.refresher == .us ? .uac : .uas)
        case .off, .expired: return policy.interval.map { SessionExpires(max($0, policy.minimum, least)) }
        }
    }
    package func write(into fields: inout FieldList, _ policy: SessionTimerPolicy) {
        guard let asked = asks(policy) else { return }
        fields.set(.sessionExpires, asked.description)
        let least = max(floor ?? .zero, policy.minimum)
        if floor != nil || least > Self.absoluteMinimum { fields.set(.minSE, "\(least.inMilliseconds / 1000)") }
    }

    package mutating func handle(_ input: Input, at now: Instant) -> [Action] {
        if case .agreed = input { least.accepted() }
        let (next, actions) = Self.transition(from: state, on: input, patience: patience, at: now)
        state = next
        return actions
    }

    private static func transition(
        from state: State, on input: Input, patience: Duration, at now: Instant
    ) -> (State, [Action]) {
        switch (state, input) {

        case (.off, .agreed(let agreement)), (.waiting, .agreed(let agreement)), (.refreshing, .agreed(let agreement)),
            (.refused, .agreed(let agreement)):
            guard let agreement else { return (.off, []) }
            let run = Run(agreement: agreement, expiresAt: now + agreement.interval)
            return (.waiting(run, until: run.actsAt), [])

        case (.waiting(let run, _), .refreshSent), (.refused(let run), .refreshSent):
            return (.refreshing(run, giveUpAt: max(run.expiresAt, now + patience)), [])

        case (.waiting(let run, let until), .deadlineReached):
            guard now >= until else { return (state, []) }
            if run.agreement.refresher == .them, now <= until + slack { return (.expired, [.end]) }
            return (.refreshing(run, giveUpAt: max(run.expiresAt, now + patience)), [.refresh])
        case (.refreshing(_, let deadline), .deadlineReached):
            return now >= deadline ? (.expired, [.end]) : (state, [])
        case (.refused(let run), .deadlineReached):
            return now >= run.expiresAt ? (.expired, [.end]) : (state, [])

        case (.refreshing, .refreshRefused(.gone)), (.waiting, .refreshRefused(.gone)),
            (.refused, .refreshRefused(.gone)):
            return (.expired, [.end])
        case (.refreshing(let run, _), .refreshRefused(.pending(let retryAt))):
            return (.waiting(run, until: run.agreement.refresher == .us ? retryAt : max(now, run.actsAt)), [])
        case (.refreshing(let run, _), .refreshRefused(.other)):
            guard run.agreement.refresher == .us else { return (.waiting(run, until: max(now, run.actsAt)), []) }
            // Not without pause (§10): again after half of what is left, as long as an answer can still come in time.
            let rest = (run.expiresAt - now) / 2
            return rest >= patience ? (.waiting(run, until: now + rest), []) : (.refused(run), [])

        case (.off, .refreshSent), (.off, .deadlineReached), (.off, .refreshRefused(.gone)),
            (.off, .refreshRefused(.pending)), (.off, .refreshRefused(.other)), (.refreshing, .refreshSent),
            (.waiting, .refreshRefused(.pending)), (.waiting, .refreshRefused(.other)),
            (.refused, .refreshRefused(.pending)), (.refused, .refreshRefused(.other)), (.expired, _):
            return (state, [])
        }
    }
}
