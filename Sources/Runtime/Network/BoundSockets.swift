import CNetwork
import Glibc
import SansIO

/// The UDP socket and, on the same port, the TCP listener of one stack.
struct BoundSockets {
    let udp: CInt
    let tcp: CInt?
    let port: UInt16

    func closeAll() {
        close(udp)
        if let tcp { close(tcp) }
    }

    /// Another program may hold the other half of the port that the system chose for one of them, so a port of the
    /// system's choice is asked for again a few times.
    static func open(_ options: ListenOptions) throws(RuntimeError) -> BoundSockets {
        var attempt = 1
        while true {
            do throws(RuntimeError) {
                return try openOnce(options)
            } catch {
                guard options.port == 0, options.tcp, attempt < 16 else { throw error }
                attempt += 1
            }
        }
    }

    private static func openOnce(_ options: ListenOptions) throws(RuntimeError) -> BoundSockets {
        var address = SocketAddress(options.ip, port: options.port)
        let udp = cn_udp_open(address.system, 4 << 20)
        guard udp >= 0 else { throw .cannotListen(address, reason: String(cString: cn_error_text(-udp))) }
        var bound = cn_address()
        cn_local_address(udp, &bound)
        address.port = bound.port
        guard options.tcp else { return BoundSockets(udp: udp, tcp: nil, port: bound.port) }
        let tcp = cn_tcp_listen(address.system, 64)
        guard tcp >= 0 else {
            close(udp)
            throw .cannotListen(address, reason: "TCP: " + String(cString: cn_error_text(-tcp)))
        }
        return BoundSockets(udp: udp, tcp: tcp, port: bound.port)
    }
}
