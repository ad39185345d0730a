package import SIPMessage

/// What we know of the request that we asked somebody to send (RFC 3515 §2.4). Beside it stands the subscription that
/// REFER made, which only carries the news.
///
///          2xx               1xx                  2xx to 6xx
///   asked ─────▶ accepted ────────▶ underWay ─────────────────▶ concluded
///     │                 any status line may skip states           ▲
///     └── refused; 2xx with Refer-Sub: false; subscription over ──┘
///
/// Only the status line in a NOTIFY says how it went (§2.4.5): that a subscription is over says nothing, and neither does
/// the 2xx to REFER.
package struct ClientReferral: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        case asked
        case accepted
        case underWay(SipfragStatus)
        case concluded(Fate)
    }
    package enum Fate: Hashable, Sendable {
        case succeeded(SipfragStatus)
        case failed(SipfragStatus)
        /// The REFER itself got no 2xx.
        case refused(Failure)
        /// Accepted, and nothing more will be said: we asked for no reports (RFC 4488).
        case unreported
        /// The reports ended before a final status was among them.
        case unknown
    }
    package enum Input: Hashable, Sendable {
        case accepted
        case acceptedWithoutReports
        case refused(Failure)
        /// A NOTIFY; nil where its body began with no status line.
        case notified(SipfragStatus?)
        case subscriptionOver
    }

    package private(set) var state = State.asked

    package init() {}

    package mutating func handle(_ input: Input) -> [ReferralEvent] {
        let (next, events) = Self.transition(from: state, on: input)
        state = next
        return events
    }

    private static func transition(from state: State, on input: Input) -> (State, [ReferralEvent]) {
        switch (state, input) {
        case (.asked, .accepted):
            return (.accepted, [.accepted])
        case (.asked, .acceptedWithoutReports), (.underWay, .acceptedWithoutReports):
            return concluded(.unreported)
        case (.asked, .refused(let failure)), (.accepted, .refused(let failure)), (.underWay, .refused(let failure)):
            return concluded(.refused(failure))

        // A NOTIFY may come before the 2xx to REFER (§2.4.4).
        case (.asked, .notified(.some(let status))), (.accepted, .notified(.some(let status))),
            (.underWay, .notified(.some(let status))):
            switch status.status {
            case ..<200: return (.underWay(status), [.progress(status)])
            case 200..<300: return concluded(.succeeded(status))
            default: return concluded(.failed(status))
            }

        case (.asked, .subscriptionOver), (.accepted, .subscriptionOver), (.underWay, .subscriptionOver):
            return concluded(.unknown)

        case (.asked, .notified(nil)), (.accepted, .notified(nil)), (.underWay, .notified(nil)), (.accepted, .accepted),
            (.accepted, .acceptedWithoutReports), (.underWay, .accepted), (.concluded, _):
            return (state, [])
        }
    }

    private static func concluded(_ fate: Fate) -> (State, [ReferralEvent]) {
        (.concluded(fate), [.concluded(fate)])
    }
}

/// How a transfer that we asked for fares.
package enum ReferralEvent: Hashable, Sendable {
    /// 2xx to REFER: the peer will try, or ask its user.
    case accepted
    /// What the peer hears from the one it calls.
    case progress(SipfragStatus)
    /// Said once, and nothing after it.
    case concluded(ClientReferral.Fate)
}
