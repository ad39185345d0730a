import DialogUsage

/// The commands under way, found by the usage that they are about.
struct WaitingRequests: Sendable {
    private var byUsage: [AnyUsageID: [Waiting]] = [:]
    /// For commands that end several usages: how many are still there.
    private var endsLeft: [RequestID: Int] = [:]

    subscript(id: AnyUsageID) -> [Waiting] { byUsage[id] ?? [] }

    mutating func add(_ request: RequestID, _ goal: Waiting.Goal, for id: AnyUsageID) {
        byUsage[id, default: []].append(Waiting(request: request, goal: goal))
        if goal == .ended { endsLeft[request, default: 0] += 1 }
    }

    /// Takes out those of one goal.
    mutating func take(_ goal: Waiting.Goal, of id: AnyUsageID) -> [RequestID] {
        guard let waiting = byUsage[id] else { return [] }
        let taken = waiting.filter { $0.goal == goal }
        guard !taken.isEmpty else { return [] }
        let left = waiting.filter { $0.goal != goal }
        byUsage[id] = left.isEmpty ? nil : left
        return taken.map(\.request)
    }

    /// Whether some usage still has to come this far for a request.
    func isWaited(for goal: Waiting.Goal, by request: RequestID) -> Bool {
        byUsage.values.contains { $0.contains { $0.goal == goal && $0.request == request } }
    }

    /// Gives up one goal of a request everywhere.
    mutating func drop(_ request: RequestID) {
        for (id, waiting) in byUsage {
            let left = waiting.filter { $0.request != request }
            byUsage[id] = left.isEmpty ? nil : left
        }
    }

    /// Takes out the oldest of one goal.
    mutating func takeFirst(_ goal: Waiting.Goal, of id: AnyUsageID) -> RequestID? {
        guard let index = byUsage[id]?.firstIndex(where: { $0.goal == goal }) else { return nil }
        return byUsage[id]?.remove(at: index).request
    }

    /// Notes one half of what a subscribing command waits for; those which now have both are taken out.
    mutating func subscriptionProgressed(
        _ id: AnyUsageID, accepted: Bool = false, notified: String? = nil
    ) -> [(request: RequestID, standing: String)] {
        guard var waiting = byUsage[id] else { return [] }
        var done: [(RequestID, String)] = []
        for index in waiting.indices {
            guard case .subscribed(let wasAccepted, let wasNotified) = waiting[index].goal else { continue }
            let isAccepted = accepted || wasAccepted
            let standing = notified ?? wasNotified
            waiting[index].goal = .subscribed(accepted: isAccepted, notified: standing)
            if isAccepted, let standing { done.append((waiting[index].request, standing)) }
        }
        waiting.removeAll { waiting in done.contains { $0.0 == waiting.request } }
        byUsage[id] = waiting.isEmpty ? nil : waiting
        return done
    }

    /// Takes out what waits for a subscription to stand.
    mutating func takeSubscribed(of id: AnyUsageID) -> [RequestID] {
        let goals = Set(self[id].map(\.goal)).filter { if case .subscribed = $0 { true } else { false } }
        return goals.flatMap { take($0, of: id) }
    }

    /// The usage is gone: everything that waited for something of it.
    mutating func takeAll(of id: AnyUsageID) -> [Waiting] { byUsage.removeValue(forKey: id) ?? [] }

    /// One of the usages that a command ends has ended; true when it was the last of them.
    mutating func oneEnded(for request: RequestID) -> Bool {
        let left = (endsLeft[request] ?? 1) - 1
        endsLeft[request] = left > 0 ? left : nil
        return left <= 0
    }

    /// Everybody, in the order of their requests: the shutdown is over.
    mutating func takeEverything() -> [RequestID] {
        let requests = Set(byUsage.values.joined().map(\.request)).sorted { $0.serial < $1.serial }
        byUsage = [:]
        endsLeft = [:]
        return requests
    }
}
