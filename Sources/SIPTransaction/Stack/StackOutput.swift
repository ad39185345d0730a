package import SIPMessage
package import SansIO

/// What the stack answers with, in the order in which to do it.
package enum StackOutput: Sendable {
    case network(NetworkOutput)
    /// A new request, sound enough to be processed; neither ACK nor CANCEL.
    case received(ServerTransactionID, SIPMessage, Source)
    /// A CANCEL matched this INVITE, which has no final answer. The CANCEL has its 200; the INVITE is to get its 487.
    case cancelled(ServerTransactionID, SIPMessage)
    /// The ACK of a 2xx, which is nobody's transaction (RFC 3261 §13.3.1.4), or one that belongs to nothing.
    case acknowledged(SIPMessage, Source)
    /// The ACK of our 300 to 699.
    case refusalAcknowledged(ServerTransactionID)
    /// Each provisional and final answer, and each further 2xx to an INVITE (RFC 6026).
    case answered(ClientTransactionID, SIPMessage)
    case failed(ClientTransactionID, TransactionFailure)
    /// A response that no transaction wants.
    case stray(SIPMessage, Source)
    case ended(ClientTransactionID)
    /// `acknowledged`: false only for a refused INVITE whose ACK never came (Timer H).
    case serverEnded(ServerTransactionID, acknowledged: Bool)
    /// Dropped, or answered with the status that the error suggests.
    case malformed(SIPParseError, Source, [UInt8])
    case traced(Trace)
}
