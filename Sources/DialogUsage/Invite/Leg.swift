import SDP
import SIPMessage
import SIPTransaction
import SansIO

/// A re-INVITE of ours, and whether we still want it.
struct OwnReinvite: Hashable, Sendable {
    enum Standing: Hashable, Sendable {
        case wanted
        /// Taken back before anything was heard of it: CANCEL waits for that (RFC 3261 §9.1).
        case takenBack
        case cancelled
    }
    var transaction: ClientTransactionID
    var standing = Standing.wanted
}

/// Our 2xx to a re-INVITE of the peer, for repetition until its ACK.
struct ReinviteAcceptance: Sendable {
    let request: SIPMessage
    let response: ResponseDraft
    let transaction: ServerTransactionID
}

/// What a session is in one of its dialogs. A call of ours has one for each place it rings at, until the first of them
/// answers; a call from outside has one.
struct Leg: Sendable {
    var negotiation: Negotiation
    var modification: SessionModification
    var timer: SessionTimer
    /// What we described last, and the peer; each stands once it is agreed.
    var local: SessionDescription?
    var remote: SessionDescription?
    /// What our re-INVITE or UPDATE offers, also while it waits out a glare.
    var offered: SessionDescription?
    /// The peer's offer that waits for the application's answer (nil: the peer asked for ours), and what will carry it.
    var peerOffer: SessionDescription?
    var pending: PendingOffer?
    var pendingSince = Instant.zero
    var acceptance: Boxed<ReinviteAcceptance>?
    /// Our newest re-INVITE, to be cancelled by.
    var reinvite: OwnReinvite?
    /// The peer's newest Allow names UPDATE.
    var peerTakesUpdate = false
    /// The newest reliable provisional response in order (RFC 3262 §4).
    var lastRSeq: UInt32?

    init(negotiation: Negotiation, timing: ServerInviteSession.Timing) {
        self.negotiation = negotiation
        modification = SessionModification(timing: timing)
        timer = SessionTimer(patience: timing.t1 * 64)
    }

    mutating func note(_ message: SIPMessage) {
        let allowed = message.tokens(.allow)
        if !allowed.isEmpty { peerTakesUpdate = allowed.contains(Method.update.description) }
    }
}
