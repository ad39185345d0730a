import CNetwork
package import SansIO

extension LocalAddresses {
    /// Our addresses as peers see them: the one we listen on or, when that is any, the source of the default route.
    /// The kernel is asked for a route; nothing is sent.
    package static func discover(listeningOn ip: IPAddress, port: UInt16) -> LocalAddresses {
        guard ip.isUnspecified else {
            return LocalAddresses(port: port, ipv4: ip.isIPv6 ? nil : ip, ipv6: ip.isIPv6 ? ip : nil)
        }
        // Documentation addresses (RFC 5737, RFC 3849): routed like the world, and nobody's.
        let ipv4 = source(toward: .v4(0xC000_0201))
        let ipv6 = ip.isIPv6 ? source(toward: .v6(0x2001_0DB8_0000_0000, 1)) : nil
        return LocalAddresses(port: port, ipv4: ipv4, ipv6: ipv6)
    }

    private static func source(toward remote: IPAddress) -> IPAddress? {
        var source = cn_address()
        guard cn_source_toward(SocketAddress(remote, port: 9).system, &source) == 0 else { return nil }
        let ip = SocketAddress(source).ip
        return ip.isUnspecified ? nil : ip
    }
}
