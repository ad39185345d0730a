package import DialogUsage
package import SansIO

/// One message for `--trace`: whole, with secrets masked and nothing that a terminal could obey but line ends.
package struct TraceLine: Hashable, Sendable {
    package var at: Instant
    package var isSent: Bool
    package var transport: TransportProtocol
    package var remote: SocketAddress
    /// 0: the first copy.
    package var retransmission: Int
    package var usage: AnyUsageID?
    package var text: String
}
