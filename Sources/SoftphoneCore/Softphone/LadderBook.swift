import DialogUsage
import SIPTransaction
import SansIO

/// The ladders of live usages, and of those that ended not long ago. Bounded for each and in all, so that ten thousand
/// subscriptions cost a list of messages and not a history of each.
struct LadderBook: Sendable {
    private(set) var ladders: [AnyUsageID: Ladder] = [:]
    /// Messages that belong to no usage, as what the core answers at once.
    private(set) var strays = Ladder()
    private var lastSerial: UInt64 = 0
    private var ended: [AnyUsageID] = []
    /// Whose message came when, oldest first from `oldest` on.
    private var order: [AnyUsageID] = []
    private var oldest = 0
    let mostEnded: Int
    let mostMessages: Int

    init(limits: SoftphoneConfiguration.Limits) {
        mostEnded = limits.endedLadders
        mostMessages = limits.ladderMessages
    }

    func count(of id: AnyUsageID) -> Int { ladders[id]?.rungs.count ?? 0 }

    mutating func note(_ trace: Trace, of id: AnyUsageID?, at now: Instant) {
        let isSent = trace.direction == .sent
        if trace.retransmission > 0 {
            let isCounted =
                if let id {
                    ladders[id]?.countCopy(of: trace.bytes, isSent: isSent, at: now) ?? false
                } else {
                    strays.countCopy(of: trace.bytes, isSent: isSent, at: now)
                }
            if isCounted { return }
        }
        lastSerial += 1
        let rung = Ladder.Rung(
            serial: lastSerial, at: now, isSent: isSent, bytes: trace.bytes, peer: trace.remote,
            transport: trace.transport, lastCopyAt: now)
        guard let id else { return strays.append(rung) }
        ladders[id, default: Ladder()].append(rung)
        order.append(id)
        if order.count - oldest > mostMessages { forgetOldest() }
    }

    private mutating func forgetOldest() {
        ladders[order[oldest]]?.dropFirst()
        oldest += 1
        guard oldest > mostMessages else { return }
        order.removeFirst(oldest)
        oldest = 0
    }

    /// Its ladder is still there to be looked at, until so many others have ended after it.
    mutating func ended(_ id: AnyUsageID) {
        guard ladders[id] != nil else { return }
        ended.append(id)
        if ended.count > mostEnded { ladders[ended.removeFirst()] = nil }
    }
}
