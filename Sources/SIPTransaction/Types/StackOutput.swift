package import SIPMessage
package import SansIO

/// What the stack answers with, in the order in which to do it.
package enum StackOutput: Sendable {
    /// To be done by whoever owns the sockets.
    case network(NetworkOutput)
    /// A new request, well-formed; never ACK or CANCEL (RFC 3261 §17.2.3). It waits for `respond`.
    case received(ServerTransactionID, SIPMessage, Source)
    /// A CANCEL for this INVITE, which has no final answer yet (§9.2). The CANCEL has been answered; the INVITE waits.
    case cancelled(ServerTransactionID, SIPMessage)
    /// ACK to a 2xx, or one that matches nothing (RFC 6026 §7.1). It is never answered.
    case acknowledged(SIPMessage, Source)
    /// ACK to our refusal of this INVITE: it will not be repeated any more.
    case refusalAcknowledged(ServerTransactionID)
    /// A provisional or final response; of an INVITE also each further 2xx (RFC 6026 §7.2).
    case answered(ClientTransactionID, SIPMessage)
    /// No response will come; said once.
    case failed(ClientTransactionID, TransactionFailure)
    /// A response to a request of ours that no transaction wants any more, such as a fork's late 2xx.
    case stray(SIPMessage, Source)
    /// Nothing is left of this client transaction.
    case ended(ClientTransactionID)
    /// Nothing is left of this server transaction; `acknowledged` is false when Timer H gave up.
    case serverEnded(ServerTransactionID, acknowledged: Bool)
    /// What could not be read. A request that could be answered has been.
    case malformed(SIPParseError, Source, [UInt8])
    /// Every message in or out, repetitions too.
    case traced(Trace)
}
