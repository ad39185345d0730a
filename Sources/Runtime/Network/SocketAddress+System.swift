import CNetwork
import NIOCore
import SansIO

extension SansIO.SocketAddress {
    init(_ address: cn_address) {
        let ip =
            address.family == 6 ? IPAddress.v6(address.high, address.low) : .v4(UInt32(truncatingIfNeeded: address.low))
        self.init(ip, port: address.port)
    }

    var system: cn_address {
        switch ip {
        case .v4(let bits): cn_address(high: 0, low: UInt64(bits), scope: 0, port: port, family: 4)
        case .v6(let high, let low): cn_address(high: high, low: low, scope: 0, port: port, family: 6)
        }
    }

    /// From the event loop's kind of address, read once for each connection; nil for anything that is not IP.
    init?(_ address: NIOCore.SocketAddress?) {
        guard let text = address?.ipAddress, let ip = IPAddress(text), let port = address?.port.flatMap(UInt16.init)
        else { return nil }
        if case .v6(0, let low) = ip, low >> 32 == 0xFFFF {
            self.init(.v4(UInt32(truncatingIfNeeded: low)), port: port)  // IPv4 on a socket for both families
        } else {
            self.init(ip, port: port)
        }
    }

    func forEventLoop() throws -> NIOCore.SocketAddress {
        try NIOCore.SocketAddress(ipAddress: ip.description, port: Int(port))
    }
}
