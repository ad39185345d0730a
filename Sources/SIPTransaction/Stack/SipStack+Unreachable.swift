import SansIO

/// Bad news about datagrams of ours.
extension SipStack {
    /// An ICMP error names one datagram of ours, and fails only its transaction (`shutdown.md` R7).
    mutating func unreachable(_ remote: SocketAddress, _ payload: [UInt8], at now: Instant) {
        guard let branch = Self.branch(in: payload) else { return }
        for isCancel in [false, true] {
            guard let id = clientsByKey[ClientKey(branch: branch, isCancel: isCancel)], clients[id]?.remote == remote
            else {
                continue
            }
            driveClient(id, .transportFailed(.unreachable), at: now)
        }
    }

    /// The first branch parameter in what the kernel kept of a datagram, which may be cut short anywhere. A response of
    /// ours names a branch too, but somebody else's.
    private static func branch(in payload: [UInt8]) -> String? {
        let word = Array("branch=".utf8)
        guard payload.count > word.count, !payload.starts(with: Array("SIP/2.0 ".utf8)) else { return nil }
        for start in 0...(payload.count - word.count) where payload[start..<(start + word.count)].elementsEqual(word) {
            let rest = payload[(start + word.count)...]
            guard let end = rest.firstIndex(where: { $0 == 13 || $0 == 59 || $0 == 44 || $0 == 32 }) else { return nil }
            return String(decoding: rest[..<end], as: UTF8.self)
        }
        return nil
    }
}
