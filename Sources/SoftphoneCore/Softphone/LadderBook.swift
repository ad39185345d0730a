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
    /// Whose message came when, oldest first from `oldest` on. Some of them may have gone already, because their ladder was
    /// full or went as a whole.
    private var order: [(id: AnyUsageID, serial: UInt64)] = []
    private var oldest = 0
    /// Messages that are there.
    private var messages = 0
    let mostEnded: Int
    let mostMessages: Int

    init(limits: SoftphoneConfiguration.Limits) {
        mostEnded = limits.endedLadders
        mostMessages = limits.ladderMessages
    }

    func count(of id: AnyUsageID) -> Int { ladders[id]?.rungs.count ?? 0 }

    /// - Parameter id: of a usage that lives or is remembered.
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
        let before = count(of: id)
        ladders[id, default: Ladder()].append(rung)
        messages += count(of: id) - before
        order.append((id, lastSerial))
        while messages > mostMessages { forgetOldest() }
        if order.count > 2 * mostMessages { tidy() }
    }

    private mutating func forgetOldest() {
        let (id, serial) = order[oldest]
        oldest += 1
        guard let first = ladders[id]?.rungs.first, first.serial == serial else { return }
        ladders[id]?.dropFirst()
        messages -= 1
        // Of a usage that lives, an empty one says that more may come.
        guard count(of: id) == 0, let place = ended.firstIndex(of: id) else { return }
        ended.remove(at: place)
        ladders[id] = nil
    }

    /// Forgets the order of what has gone.
    private mutating func tidy() {
        order = order[oldest...].filter { entry in
            ladders[entry.id]?.rungs.first.map { $0.serial <= entry.serial } ?? false
        }
        oldest = 0
    }

    /// Its ladder is still there to be looked at, until so many others have ended after it.
    mutating func ended(_ id: AnyUsageID) {
        guard ladders[id] != nil else { return }
        ended.append(id)
        guard ended.count > mostEnded else { return }
        let forgotten = ended.removeFirst()
        messages -= count(of: forgotten)
        ladders[forgotten] = nil
    }
}
