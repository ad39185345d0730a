/// What a client transaction asks for.
enum ClientAction: Hashable, Sendable {
    /// The same octets once more.
    case retransmit
    /// The response given with this input goes up.
    case pass
    /// ACK to the refusal given with this input (RFC 3261 §17.1.1.3).
    case acknowledge
    case fail(TransactionFailure)
    case terminate
}
