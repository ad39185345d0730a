/// Why a request will not be answered.
package enum TransactionFailure: Hashable, Sendable {
    /// Timer B or F: silence.
    case timedOut
    /// Refused, reset, or reported by ICMP: said at once, not after Timer F (`shutdown.md` R7).
    case unreachable
    /// The name has no address.
    case noAddress
    /// The connection it was sent on was closed.
    case closed
}
