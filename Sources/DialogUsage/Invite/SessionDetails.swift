import SDP
import SIPMessage
import SIPTransaction
import SansIO

/// What an invite session needs beside its phase: its transactions, descriptions and the re-INVITE under way.
struct SessionDetails: Sendable {
    /// Our INVITE, to be cancelled by.
    var invite: ClientTransactionID?
    /// The peer's INVITE, to be answered.
    var inviteFromPeer: ServerTransactionID?
    var request: SIPMessage?
    /// CSeq of the INVITE whose 2xx is to be acknowledged.
    var inviteSequence: UInt32 = 0
    var localDescription: SessionDescription?
    var remoteDescription: SessionDescription?
    /// The 2xx to the peer's INVITE or re-INVITE, for repetition.
    var acceptance: ResponseDraft?
    /// Our INVITE or answer left the offer to the other side: the ACK carries the answer.
    var answerComesInACK = false
    var modification = SessionModification.none
    /// What our re-INVITE offers, also while it waits out a glare.
    var offered: SessionDescription?
    var reinvite: ClientTransactionID?
    /// The ACK of the newest 2xx, for its repetition, with the CSeq number it belongs to.
    var acknowledgement: RequestDraft?
    var acknowledgedSequence: UInt32 = 0
    /// Whose invitation it was, for what the user sees.
    var hasRung = false
    /// The session that ends when this one is answered (RFC 3891).
    var replaces: SessionID?
    /// The REFER that asked us to call, and is told how it goes.
    var referrer: UsageID<ServerSubscription>?
}
