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

    var count: Int { entries.count }
    var ids: [UsageID<Usage>] { entries.keys.sorted().map { UsageID(serial: $0) } }

    mutating func nextID() -> UsageID<Usage> {
        lastSerial += 1
        return UsageID(serial: lastSerial)
    }
    subscript(id: UsageID<Usage>) -> Entry? {
        get { entries[id.serial] }
        set { entries[id.serial] = newValue }
    }
    subscript(any id: AnyUsageID) -> Entry? { id.kind == Usage.kind ? entries[id.serial] : nil }

    /// Changes one entry in place; nil if it is gone.
    mutating func update<Result>(_ id: UsageID<Usage>, _ change: (inout Entry) -> Result) -> Result? {
        guard let index = entries.index(forKey: id.serial) else { return nil }
        return change(&entries.values[index])
    }
    mutating func remove(_ id: AnyUsageID) { entries[id.serial] = nil }
    mutating func removeAll() { entries.removeAll() }
}
