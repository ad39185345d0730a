import DialogUsage

/// What is remembered of usages that have ended, so that `sub.s1.state` still has an answer.
struct UsageMemory: Hashable, Sendable {
    struct Entry: Hashable, Sendable {
        var id: AnyUsageID
        /// The newest document of a subscription.
        var document: String?
    }
    /// The most names kept; the oldest goes first.
    static let most = 1_024

    private var entries: [String: Entry] = [:]
    private var order: [String] = []

    subscript(name: String) -> Entry? { entries[name] }

    mutating func remember(_ entry: Entry, as name: String) {
        if entries.updateValue(entry, forKey: name) == nil { order.append(name) }
        if order.count > Self.most { entries[order.removeFirst()] = nil }
    }
}
