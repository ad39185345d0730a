package import SIPMessage
package import SansIO

/// One message, in or out, as it passed the wire.
package struct Trace: Sendable {
    package enum Direction: Hashable, Sendable { case sent, received }
    package var direction: Direction
    package var bytes: [UInt8]
    package var remote: SocketAddress
    package var transport: TransportProtocol
    /// 0: the first copy.
    package var retransmission: Int
    package var client: ClientTransactionID?
    package var server: ServerTransactionID?
    private var known: SIPMessage?

    init(
        _ direction: Direction, _ bytes: [UInt8], message: SIPMessage? = nil, remote: SocketAddress,
        transport: TransportProtocol, retransmission: Int = 0, client: ClientTransactionID? = nil,
        server: ServerTransactionID? = nil
    ) {
        self.direction = direction
        self.bytes = bytes
        known = message
        self.remote = remote
        self.transport = transport
        self.retransmission = retransmission
        self.client = client
        self.server = server
    }

    /// The message, read again where it was not at hand; nil only for what is no message.
    package var message: SIPMessage? { known ?? (try? SIPMessage(parsing: bytes)) }
}
