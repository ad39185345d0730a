import SansIO

/// The usages of one kind, each with what only its kind needs. Serials are never reused, so a stale id finds nothing.
struct UsageTable<Usage: BaseUsage, Details: Sendable>: Sendable {
    struct Entry: Sendable {
        var usage: Usage
        var details: Boxed<Details>

        init(usage: Usage, details: Details) {
            self.usage = usage
            self.details = Boxed(details)
        }
    }
    private var entries: [UInt32: Entry] = [:]
    private var lastSerial: UInt32 = 0
    /// Those that are offered to a person.
    private(set) var offered = 0

    var count: Int { entries.count }
    var ids: [UsageID<Usage>] { entries.keys.sorted().map { UsageID(serial: $0) } }

    mutating func nextID() -> UsageID<Usage> {
        lastSerial += 1
        return UsageID(serial: lastSerial)
    }
    subscript(id: UsageID<Usage>) -> Entry? {
        get { entries[id.serial] }
        set {
            count(entries[id.serial], -1)
            entries[id.serial] = newValue
            count(newValue, 1)
        }
    }
    subscript(any id: AnyUsageID) -> Entry? { id.kind == Usage.kind ? entries[id.serial] : nil }

    /// Changes one entry in place; nil if it is gone.
    mutating func update<Result>(_ id: UsageID<Usage>, _ change: (inout Entry) -> Result) -> Result? {
        guard let index = entries.index(forKey: id.serial) else { return nil }
        count(entries.values[index], -1)
        defer { count(entries.values[index], 1) }
        return change(&entries.values[index])
    }
    mutating func remove(_ id: AnyUsageID) { count(entries.removeValue(forKey: id.serial), -1) }
    mutating func removeAll() {
        entries.removeAll()
        offered = 0
    }

    private mutating func count(_ entry: Entry?, _ by: Int) {
        if entry?.usage.isOffered == true { offered += by }
    }
}
