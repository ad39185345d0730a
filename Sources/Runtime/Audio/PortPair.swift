import CNetwork
import Glibc
import Media
import SansIO

/// The two sockets of one call: RTP on an even port, RTCP on the next one (RFC 3550 §11).
struct PortPair {
    let rtp: CInt
    let rtcp: CInt
    let port: UInt16

    private static let bufferBytes: CInt = 64 * 1_024
    private static let attempts = 32

    /// The system chooses one port; its neighbour may be taken, so other pairs are tried.
    static func open(on ip: IPAddress) throws(MediaFailure) -> PortPair {
        var reason: CInt = 0
        for _ in 0..<attempts {
            let first = cn_udp_open(SocketAddress(ip, port: 0).system, Self.bufferBytes)
            guard first >= 0 else {
                throw .noPort(address: ip.description, reason: String(cString: cn_error_text(-first)))
            }
            var bound = cn_address()
            cn_local_address(first, &bound)
            let second = cn_udp_open(SocketAddress(ip, port: bound.port ^ 1).system, Self.bufferBytes)
            guard second >= 0 else {
                Glibc.close(first)
                reason = -second
                continue
            }
            let isEven = bound.port % 2 == 0
            return PortPair(rtp: isEven ? first : second, rtcp: isEven ? second : first, port: bound.port & ~1)
        }
        throw .noPort(address: ip.description, reason: String(cString: cn_error_text(reason)))
    }

    func close() {
        Glibc.close(rtp)
        Glibc.close(rtcp)
    }

    /// A packet that the system does not take is lost, as on any network.
    static func send(_ bytes: [UInt8], to remote: SansIO.SocketAddress, over socket: CInt) {
        var datagram = cn_datagram(remote: remote.system, offset: 0, length: UInt32(bytes.count))
        var error: CInt = 0
        _ = cn_udp_send(socket, &datagram, 1, bytes, &error)
    }
}

/// Room for the packets that are read at one time, shared by all sockets of the thread.
struct PacketReader: ~Copyable {
    private let batch: OpaquePointer?

    init() { batch = cn_receiver_new() }
    deinit { if let batch { cn_receiver_free(batch) } }

    /// Whether there is any room at all.
    var isUsable: Bool { batch != nil }

    /// What waits at the socket, up to 16 packets; the rest is there the next time.
    func read(_ socket: CInt) -> [(bytes: [UInt8], source: SansIO.SocketAddress)] {
        guard let batch else { return [] }
        return (0..<cn_receiver_read(batch, socket)).map { index in
            let bytes = UnsafeBufferPointer(
                start: cn_receiver_bytes(batch, index), count: cn_receiver_length(batch, index))
            return (Array(bytes), SocketAddress(cn_receiver_remote(batch, index)))
        }
    }

    /// Takes the errors that routers and hosts reported. Sound goes on; an unread error would wake the thread for ever.
    static func clearErrors(_ socket: CInt) {
        var refusal = cn_refusal()
        var payload = [UInt8](repeating: 0, count: 64)
        while cn_next_refusal(socket, &refusal, &payload, CInt(payload.count)) == 1 {}
    }
}
