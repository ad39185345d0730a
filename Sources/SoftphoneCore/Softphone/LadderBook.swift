import DialogUsage
import SIPMessage
import SIPTransaction
import SansIO

/// The ladders of live usages, and of those that ended not long ago.
struct LadderBook: Sendable {
    private(set) var ladders: [AnyUsageID: Ladder] = [:]
    private var ended: [AnyUsageID] = []
    let mostEnded: Int

    init(mostEnded: Int) { self.mostEnded = mostEnded }

    func count(of id: AnyUsageID) -> Int { ladders[id]?.rungs.count ?? 0 }

    mutating func note(_ message: SIPMessage, _ trace: Trace, of id: AnyUsageID, at now: Instant) {
        let isSent = trace.direction == .sent
        if trace.retransmission > 0,
            ladders[id]?.countCopy(of: message, isSent: isSent, at: now) == true
        {
            return
        }
        ladders[id, default: Ladder()].append(
            .init(
                at: now, isSent: isSent, message: message, peer: trace.remote, transport: trace.transport,
                lastCopyAt: now))
    }

    /// Its ladder is still there to be looked at, until so many others have ended after it.
    mutating func ended(_ id: AnyUsageID) {
        guard ladders[id] != nil else { return }
        ended.append(id)
        if ended.count > mostEnded { ladders[ended.removeFirst()] = nil }
    }
}
