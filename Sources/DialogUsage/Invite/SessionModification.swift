package import SIPTransaction
package import SansIO

/// The one re-INVITE that may be under way in a session, either way (RFC 3261 §14). Glare is a state, not a flag.
package enum SessionModification: Hashable, Sendable {
    case none
    /// Ours, unanswered.
    case sent
    /// The peer's, waiting for the application's answer.
    case received(ServerTransactionID)
    /// The peer's, answered 2xx and waiting for its ACK; repeated until then (§13.3.1.4).
    case answered(ServerTransactionID, retransmitAt: Instant, interval: Duration, giveUpAt: Instant)
    /// 491: both sides asked at once; ours is sent again at that instant (§14.1).
    case glare(retryAt: Instant)

    package var nextDeadline: Instant? {
        switch self {
        case .none, .sent, .received: nil
        case .answered(_, let retransmitAt, _, let giveUpAt): min(retransmitAt, giveUpAt)
        case .glare(let retryAt): retryAt
        }
    }
    package var isIdle: Bool { self == .none }
}
