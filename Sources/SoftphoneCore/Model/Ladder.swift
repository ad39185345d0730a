import SIPMessage
import SansIO

/// The messages of one usage, the newest ones. They are kept as they went; only who looks at them pays for their text.
struct Ladder: Hashable, Sendable {
    struct Rung: Hashable, Sendable {
        /// Numbers all messages of the client in the order in which they came and went.
        var serial: UInt64 = 0
        var at: Instant
        var isSent: Bool
        var bytes: [UInt8]
        var peer: SocketAddress
        var transport: TransportProtocol
        var retransmissions = 0
        var lastCopyAt: Instant
    }
    /// The most kept for one usage.
    static let longest = 200

    private(set) var rungs: [Rung] = []

    mutating func append(_ rung: Rung) {
        rungs.append(rung)
        if rungs.count > Self.longest { dropFirst() }
    }
    mutating func dropFirst() {
        if !rungs.isEmpty { rungs.removeFirst() }
    }

    /// A further copy of a message that is already here is only counted; false when it is not here any more.
    mutating func countCopy(of bytes: [UInt8], isSent: Bool, at now: Instant) -> Bool {
        guard let index = rungs.lastIndex(where: { $0.isSent == isSent && $0.bytes == bytes }) else { return false }
        rungs[index].retransmissions += 1
        rungs[index].lastCopyAt = now
        return true
    }
}
