import SansIO

/// The connections by their names and by where they lead. It counts those with octets on the way.
struct FlowTable: Sendable {
    private var entries: [FlowID: FlowEntry] = [:]
    private var byKey: [FlowKey: FlowID] = [:]
    /// Those to which octets were written that the kernel has not taken.
    private(set) var busy = 0

    var count: Int { entries.count }
    var all: [FlowID] { entries.keys.sorted { $0.serial < $1.serial } }

    /// The accepted connection that can go most easily; nil: none can.
    var leastMissed: FlowID? {
        entries.filter(\.value.isDispensable).min { a, b in
            a.value.goesBefore(b.value) || (!b.value.goesBefore(a.value) && a.key.serial < b.key.serial)
        }?.key
    }

    subscript(key: FlowKey) -> FlowID? { byKey[key] }
    subscript(id: FlowID) -> FlowEntry? { entries[id] }

    /// The first connection to a place is the one that is used again.
    mutating func insert(_ id: FlowID, _ entry: FlowEntry) {
        entries[id] = entry
        if byKey[entry.key] == nil { byKey[entry.key] = id }
    }

    mutating func remove(_ id: FlowID) -> FlowEntry? {
        guard let entry = entries.removeValue(forKey: id) else { return nil }
        if byKey[entry.key] == id { byKey[entry.key] = nil }
        if entry.queued > 0 { busy -= 1 }
        return entry
    }

    /// Changes an entry where it lies. nil: there is none.
    @discardableResult
    mutating func change<Result>(_ id: FlowID, _ body: (inout FlowEntry) -> Result) -> Result? {
        guard let index = entries.index(forKey: id) else { return nil }
        let wasBusy = entries.values[index].queued > 0
        let result = body(&entries.values[index])
        let isBusy = entries.values[index].queued > 0
        if wasBusy != isBusy { busy += isBusy ? 1 : -1 }
        return result
    }
}
