/// Whom the peer of a call is to talk to instead of us.
package enum TransferDestination: Hashable, Sendable {
    /// Blind: the peer calls, and we learn how that goes.
    case peer(Peer)
    /// Attended: the peer takes our place in another call of ours.
    case call(UsageName)
}
