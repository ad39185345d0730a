/// An IP address as a value: no resolver, no socket.
package enum IPAddress: Hashable, Sendable {
    case v4(UInt32)
    case v6(UInt64, UInt64)

    package static let loopback4 = IPAddress.v4(0x7F00_0001)

    package var isLoopback: Bool {
        switch self {
        case .v4(let bits): bits >> 24 == 127
        case .v6(let high, let low): high == 0 && low == 1
        }
    }
    /// 0.0.0.0 or ::, an address to listen on but never one to send to.
    package var isUnspecified: Bool {
        switch self {
        case .v4(let bits): bits == 0
        case .v6(let high, let low): high == 0 && low == 0
        }
    }
    package var isIPv6: Bool { if case .v6 = self { true } else { false } }
}

/// Where a datagram comes from or goes to, or one end of a connection.
package struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    package var ip: IPAddress
    package var port: UInt16

    package init(_ ip: IPAddress, port: UInt16) {
        self.ip = ip
        self.port = port
    }
    /// `192.0.2.1:5060`, `[2001:db8::1]:5060`.
    package var description: String { ip.isIPv6 ? "[\(ip)]:\(port)" : "\(ip):\(port)" }
}

/// How SIP travels. The raw value is the token of `Via` and of the `transport` URI parameter, in lower case.
package enum TransportProtocol: String, Hashable, Sendable, CaseIterable {
    case udp, tcp, tls
    /// TCP and what runs over it: framed by Content-Length, not retransmitted by transactions (RFC 3261 §17).
    package var isReliable: Bool { self != .udp }
    package var defaultPort: UInt16 { self == .tls ? 5061 : 5060 }
}
