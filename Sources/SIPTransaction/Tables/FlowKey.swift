import SansIO

/// What makes one connection enough: the transport and the far end (RFC 3261 §18.1.1).
struct FlowKey: Hashable, Sendable {
    var transport: TransportProtocol
    var remote: SocketAddress
}
