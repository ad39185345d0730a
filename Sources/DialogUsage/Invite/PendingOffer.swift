import SIPMessage
import SIPTransaction

/// Where the answer to an offer of the peer goes.
enum PendingOffer: Sendable {
    /// Into our response to this re-INVITE, UPDATE or PRACK.
    case request(ServerTransactionID, SIPMessage)
    /// Into the PRACK for this response.
    case provisional(RAck)
    /// Into the ACK for the 2xx to our INVITE.
    case acceptance
}
