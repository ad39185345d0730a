import SDP
import SIPMessage
import SIPTransaction
import SansIO

/// What a session is in one of its dialogs. A call of ours has one for each place it rings at, until the first of them
/// answers; a call from outside has one.
struct Leg: Sendable {
    var negotiation: Negotiation
    var modification: SessionModification
    /// What we described last, and the peer; each stands once it is agreed.
    var local: SessionDescription?
    var remote: SessionDescription?
    /// What our re-INVITE or UPDATE offers, also while it waits out a glare.
    var offered: SessionDescription?
    /// The peer's offer that waits for the application's answer (nil: the peer asked for ours), and what will carry it.
    var peerOffer: SessionDescription?
    var pending: PendingOffer?
    /// The 2xx to the peer's re-INVITE, and the request, for repetition.
    var acceptance: (request: SIPMessage, response: ResponseDraft, transaction: ServerTransactionID)?
    /// Our re-INVITE, to be cancelled by.
    var reinvite: ClientTransactionID?
    /// The methods the peer's newest Allow names; empty before there was one.
    var peerAllows: Set<Method> = []
    /// The newest reliable provisional response in order (RFC 3262 §4).
    var lastRSeq: UInt32?

    init(negotiation: Negotiation, timing: ServerInviteSession.Timing) {
        self.negotiation = negotiation
        modification = SessionModification(timing: timing)
    }

    mutating func note(_ message: SIPMessage) {
        let allowed = message.tokens(.allow)
        if !allowed.isEmpty { peerAllows = Set(allowed.map { Method($0) }) }
    }
}

/// Where the answer to an offer of the peer goes.
enum PendingOffer: Sendable {
    /// Into our response to this re-INVITE, UPDATE or PRACK.
    case request(ServerTransactionID, SIPMessage)
    /// Into the PRACK for this response.
    case provisional(RAck)
    /// Into the ACK for the 2xx to our INVITE.
    case acceptance
}

/// Which response a PRACK acknowledges (RFC 3262 §7.2).
struct RAck: Hashable, Sendable, CustomStringConvertible {
    var number: UInt32
    var sequence: UInt32

    var description: String { "\(number) \(sequence) INVITE" }
}

extension SIPMessage {
    /// nil if there is none, it cannot be read, or it is not about an INVITE.
    var rack: RAck? {
        let words = value(.rack)?.split(whereSeparator: { $0 == " " || $0 == "\t" }) ?? []
        guard words.count == 3, let number = UInt32(words[0]), let sequence = UInt32(words[1]), words[2] == "INVITE"
        else { return nil }
        return RAck(number: number, sequence: sequence)
    }
    /// Whether a list of option tags names this one; they are tokens, without case.
    func names(_ option: String, in field: FieldName) -> Bool {
        tokens(field).contains { $0.isSameToken(as: option) }
    }
}
