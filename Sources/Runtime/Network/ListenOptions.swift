package import SansIO

/// Where a stack listens.
package struct ListenOptions: Hashable, Sendable {
    /// One address, or 0.0.0.0 for every IPv4 address, or :: for both families.
    package var ip: IPAddress
    /// 0 lets the system choose one that is free for UDP and TCP alike.
    package var port: UInt16
    /// Whether TCP is listened to as well, on the same port.
    package var tcp: Bool

    package init(ip: IPAddress = .v4(0), port: UInt16 = 0, tcp: Bool = true) {
        self.ip = ip
        self.port = port
        self.tcp = tcp
    }
    /// Reachable from this machine only.
    package static func loopback(port: UInt16 = 0, tcp: Bool = true) -> ListenOptions {
        ListenOptions(ip: .loopback4, port: port, tcp: tcp)
    }
}
