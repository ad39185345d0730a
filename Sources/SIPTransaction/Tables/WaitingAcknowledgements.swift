import SIPMessage
import SansIO

/// ACKs to 2xx whose next hop is a name that is being resolved. Each is there once, however often its 2xx came.
struct WaitingAcknowledgements: Sendable {
    struct Entry: Sendable {
        var request: RequestDraft
        var target: Target
        var branch: Branch
        var alarm: Alarm
    }
    private var entries: [ResolutionID: Entry] = [:]
    private var branches: Set<Branch> = []

    var count: Int { entries.count }
    var isEmpty: Bool { entries.isEmpty }

    func contains(_ branch: Branch) -> Bool { branches.contains(branch) }

    mutating func insert(_ id: ResolutionID, _ entry: Entry) {
        entries[id] = entry
        branches.insert(entry.branch)
    }
    mutating func remove(_ id: ResolutionID) -> Entry? {
        guard let entry = entries.removeValue(forKey: id) else { return nil }
        branches.remove(entry.branch)
        return entry
    }
}
