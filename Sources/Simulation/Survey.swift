import DialogUsage

/// The states in which usages were seen.
struct Survey: Sendable {
    struct Place: Hashable, Sendable {
        var kind: UsageKind
        var state: String
    }
    var seen: Set<Place> = []
    /// Seen for the first time, and not yet tried.
    var fresh: [(Place, agent: Int, id: AnyUsageID)] = []
}

extension Simulation {
    mutating func look(at index: Int) {}
}
