package import SIPMessage

/// What we want of session timers (RFC 4028), and what we say to those who ask for one.
package struct SessionTimerPolicy: Hashable, Sendable {
    /// What we ask for; nil: nothing, but we take part when the other side asks.
    package var interval: Duration? = .seconds(1800)
    /// Shorter ones are answered 422.
    package var minimum = SessionTimer.absoluteMinimum
    /// Who shall refresh where the caller leaves it to us.
    package var refresher = SessionExpires.Refresher.uac

    package init() {}

    /// What a request of the peer comes to (§9, Table 2).
    package enum Answer: Hashable, Sendable {
        /// 2xx without Session-Expires.
        case noTimer
        /// 2xx with it, and with Require: timer where the peer knows what that is.
        case timer(SessionExpires, isRequired: Bool)
        /// 422 with Min-SE.
        case tooSmall(minimum: Duration)
    }

    /// The interval is copied, never raised, and never below what the request allows.
    package func answer(_ asked: SessionExpires?, minimum theirs: Duration?, isSupportedByPeer: Bool) -> Answer {
        let least = max(minimum, SessionTimer.absoluteMinimum)
        guard let asked else {
            // Of those who know nothing of it nothing is demanded (RFC 3261 §8.2.4).
            guard isSupportedByPeer, let interval else { return .noTimer }
            let offered = max(interval, least, theirs ?? .zero)
            return .timer(SessionExpires(offered, refresher: refresher), isRequired: true)
        }
        guard isSupportedByPeer else {
            // Less than anybody may ask for is not obeyed (§5); and who does not know of it is not told 422.
            guard asked.interval >= SessionTimer.absoluteMinimum else { return .noTimer }
            // A proxy asked: we are the only one who can refresh.
            return .timer(SessionExpires(asked.interval, refresher: .uas), isRequired: false)
        }
        guard asked.interval >= least else { return .tooSmall(minimum: least) }
        return .timer(SessionExpires(asked.interval, refresher: asked.refresher ?? refresher), isRequired: true)
    }
}

extension SessionTimerPolicy.Answer {
    /// What the 2xx says.
    package func write(into fields: inout FieldList) {
        guard case .timer(let terms, let isRequired) = self else { return }
        fields.set(.sessionExpires, terms.description)
        if isRequired { fields.append(.require, SessionTimer.optionTag) }
    }
    /// What we are held to then: in the peer's transaction we are the UAS.
    package var agreement: SessionTimer.Agreement? {
        guard case .timer(let terms, _) = self else { return nil }
        return SessionTimer.Agreement(interval: terms.interval, refresher: terms.refresher == .uac ? .them : .us)
    }
}
