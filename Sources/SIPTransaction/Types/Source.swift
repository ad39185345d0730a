package import SansIO

/// Where a request came from, and so where its answers go.
package struct Source: Hashable, Sendable {
    package var remote: SocketAddress
    package var local: SocketAddress
    package var transport: TransportProtocol
    package var flow: FlowID?

    package init(remote: SocketAddress, local: SocketAddress, transport: TransportProtocol, flow: FlowID?) {
        self.remote = remote
        self.local = local
        self.transport = transport
        self.flow = flow
    }
}
