/// What a server transaction asks for.
enum ServerAction: Hashable, Sendable {
    /// 100, of the transaction's own making.
    case sendTrying
    /// The response given with this input.
    case send
    /// The last response once more.
    case resend
    /// ACK to a 2xx goes up (RFC 6026 §7.1).
    case passAcknowledgement
    /// ACK to a refusal came; it goes no further.
    case refusalAcknowledged
    case terminate(acknowledged: Bool)
}
