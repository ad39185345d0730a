import SIPMessage
import SansIO

/// What is done with a 3xx to an INVITE (RFC 3261 §8.1.3.4).
package enum RedirectionPolicy: Hashable, Sendable {
    /// The contacts are tried one by one; what would leave a protected way is asked about.
    case follow
    /// The application chooses.
    case ask
    /// The call has failed.
    case refuse
}

/// An INVITE of ours that has been redirected: whom it may still be sent to.
struct Redirection: Sendable {
    enum Phase: Sendable {
        case trying
        /// The application is asked; if it wants none of them, or does not say by then, the answer stands. The INVITE is
        /// kept here, since its transaction may be over long before.
        case asking(Boxed<SentRequest>, StatusCode, reason: String, until: Instant)
    }
    /// As it was sent to the first target.
    let original: RequestDraft
    var targets: TargetSet
    var phase = Phase.trying

    var nextDeadline: Instant? {
        if case .asking(_, _, _, let until) = phase { until } else { nil }
    }

    init(_ original: RequestDraft, limit: Int) {
        self.original = original
        targets = TargetSet(first: original.uri, limit: limit)
    }
}
