import SIPTransaction
import SansIO

/// Spreads the end requests of one group, so that ten thousand of them do not drown the peer (O7): at most 64
/// unanswered ones per destination, and beyond those one more every 2 ms; faster only where otherwise not all could be
/// sent once before the group's soft deadline.
struct ShutdownPacer: Sendable {
    static let window = 64
    static let interval = Duration.milliseconds(2)

    private struct Lane: Sendable {
        var queue: [AnyUsageID] = []
        var next = 0
        var nextExtraAt: Instant
        var remaining: Int { queue.count - next }
    }
    private var lanes: [Target?: Lane] = [:]
    /// The lanes in the order of their first usage, so that a run repeats exactly.
    private var order: [Target?] = []
    /// Started and not yet answered, with their lane.
    private var unanswered: [AnyUsageID: Target?] = [:]
    private var counts: [Target?: Int] = [:]
    private var mustHaveSentBy = Instant.distantFuture

    mutating func load(_ members: [(AnyUsageID, Target?)], mustHaveSentBy: Instant, at now: Instant) {
        lanes = [:]
        order = []
        unanswered = [:]
        counts = [:]
        self.mustHaveSentBy = mustHaveSentBy
        for (id, target) in members {
            if lanes[target] == nil { order.append(target) }
            lanes[target, default: Lane(nextExtraAt: now)].queue.append(id)
        }
    }

    /// Its end request has its answer, or the usage is gone.
    mutating func finished(_ id: AnyUsageID) {
        guard let target = unanswered.removeValue(forKey: id) else { return }
        counts[target, default: 1] -= 1
    }

    /// A retransmission takes the place of one extra request (O7).
    mutating func retransmitted(to target: Target, at now: Instant) {
        guard var lane = lanes[target], lane.remaining > 0 else { return }
        lane.nextExtraAt = max(lane.nextExtraAt, now) + step(lane, at: now)
        lanes[target] = lane
    }

    /// Who may be ended now. Empty when all have been started, or when the peers are to be waited for.
    /// Those that ended by themselves in the meantime are passed over (O5).
    mutating func due(
        at now: Instant, softDeadline: Instant?, isWaitedFor: (AnyUsageID) -> Bool
    ) -> [AnyUsageID] {
        var due: [AnyUsageID] = []
        for target in order {
            guard var lane = lanes[target], lane.remaining > 0 else { continue }
            var count = counts[target] ?? 0
            while lane.remaining > 0 {
                guard isWaitedFor(lane.queue[lane.next]) else {
                    lane.next += 1
                    continue
                }
                if count >= Self.window {
                    let overdue = softDeadline.map { now >= $0 } ?? false
                    guard overdue || now >= lane.nextExtraAt else { break }
                    lane.nextExtraAt = max(lane.nextExtraAt, now - .milliseconds(20)) + step(lane, at: now)
                }
                let id = lane.queue[lane.next]
                lane.next += 1
                count += 1
                unanswered[id] = .some(target)
                due.append(id)
            }
            counts[target] = count
            lanes[target] = lane
        }
        return due
    }

    var nextDeadline: Instant? {
        lanes.reduce(nil as Instant?) { soonest, lane in
            lane.value.remaining > 0 ? earliest(soonest, lane.value.nextExtraAt) : soonest
        }
    }

    private func step(_ lane: Lane, at now: Instant) -> Duration {
        let left = mustHaveSentBy - now
        guard left > .zero else { return .zero }
        return min(Self.interval, left / max(1, lane.remaining))
    }
}
