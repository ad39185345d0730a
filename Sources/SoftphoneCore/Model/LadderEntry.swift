package import SansIO

/// One message of a usage, as the ladder shows it.
package struct LadderEntry: Hashable, Sendable {
    package var at: Instant
    package var isSent: Bool
    /// `INVITE (sdp)`, `407 Proxy Authentication Required`.
    package var summary: String
    package var peer: SocketAddress
    package var transport: TransportProtocol
    /// How many further copies went after the first; 0: none.
    package var retransmissions: Int
    package var lastCopyAt: Instant
    /// The whole message, with secrets masked and harmless to a terminal; line ends are `\n`.
    package var text: String
}
