package import SIPMessage
package import SansIO

/// Where a request goes, as a URI or a Route names it (RFC 3261 §8.1.2); a name is resolved on the way.
package struct Target: Hashable, Sendable {
    package var host: String
    package var port: UInt16?
    /// nil: UDP, unless the size of the request forbids it (§18.1.1).
    package var transport: TransportProtocol?

    package init(host: String, port: UInt16?, transport: TransportProtocol?) {
        self.host = host
        self.port = port
        self.transport = transport
    }
    package init(_ uri: SIPURI) {
        host = uri.parameters["maddr"].flatMap { $0.isEmpty ? nil : $0 } ?? uri.host
        port = uri.port
        transport = uri.isSecure ? .tls : uri.transport
    }

    /// Where it is, given one address of its host.
    func address(_ ip: IPAddress) -> SocketAddress {
        SocketAddress(ip, port: port ?? (transport ?? .udp).defaultPort)
    }
}
