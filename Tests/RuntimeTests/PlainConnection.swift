import Glibc
import SansIO

/// A blocking TCP connection as any program makes it: the other end for tests of the loop's own.
struct PlainConnection {
    private let socket: CInt

    init?(to remote: SocketAddress) {
        guard case .v4(let bits) = remote.ip else { return nil }
        socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = remote.port.bigEndian
        address.sin_addr.s_addr = bits.bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, size) }
        }
        guard result == 0 else {
            close(socket)
            return nil
        }
    }

    func write(_ bytes: [UInt8]) -> Bool { send(socket, bytes, bytes.count, CInt(MSG_NOSIGNAL)) == bytes.count }
    /// What arrives next; empty at the end of the stream.
    func read() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = recv(socket, &bytes, bytes.count, 0)
        return Array(bytes.prefix(max(0, count)))
    }
    /// Abruptly: with a reset instead of an orderly end.
    func end(abruptly: Bool = false) {
        var hard = linger(l_onoff: 1, l_linger: 0)
        if abruptly { setsockopt(socket, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size)) }
        close(socket)
    }
}

/// A TCP port that is taken but not listened on, so that nobody else can answer there.
struct ClosedPort {
    let address: SocketAddress
    private let socket: CInt

    init?() {
        socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var local = sockaddr_in()
        local.sin_family = sa_family_t(AF_INET)
        local.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = socket
        let isBound = withUnsafeMutablePointer(to: &local) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, size) == 0 && getsockname(socket, $0, &size) == 0
            }
        }
        address = SocketAddress(.loopback4, port: UInt16(bigEndian: local.sin_port))
        guard isBound else {
            close(socket)
            return nil
        }
    }
    func release() { close(socket) }
}
