import SansIO

/// The server transactions by their names and by what requests are matched with. It counts what the limits and the
/// shutdown ask for, so that nobody has to search.
struct ServerTable: Sendable {
    private var entries: [ServerTransactionID: Boxed<ServerEntry>] = [:]
    private var byKey: [ServerKey: ServerTransactionID] = [:]
    /// Those without a final response.
    private(set) var unanswered = 0
    /// INVITEs that we refused and whose ACK has not come.
    private(set) var unacknowledged = 0
    /// How often an entry was looked at: what the tests hold against the number of messages.
    private(set) var visits = 0

    var count: Int { entries.count }
    var answered: Int { entries.count - unanswered }

    subscript(key: ServerKey) -> ServerTransactionID? { byKey[key] }

    /// A copy, for reading.
    mutating func entry(_ id: ServerTransactionID) -> ServerEntry? {
        visits += 1
        return entries[id]?.value
    }

    /// The same where nothing may change: not counted.
    func peek(_ id: ServerTransactionID) -> ServerEntry? { entries[id]?.value }

    mutating func insert(_ id: ServerTransactionID, _ entry: ServerEntry) {
        entries[id] = Boxed(entry)
        byKey[entry.key] = id
        count(entry, 1)
    }

    @discardableResult
    mutating func remove(_ id: ServerTransactionID) -> ServerEntry? {
        guard let entry = entries.removeValue(forKey: id)?.value else { return nil }
        visits += 1
        byKey[entry.key] = nil
        count(entry, -1)
        return entry
    }

    /// A part of an entry, without a copy of the whole. nil: there is none.
    mutating func read<Result>(_ id: ServerTransactionID, _ body: (ServerEntry) -> Result) -> Result? {
        guard let index = entries.index(forKey: id) else { return nil }
        visits += 1
        return body(entries.values[index].value)
    }

    /// Changes an entry where it lies. nil: there is none.
    @discardableResult
    mutating func change<Result>(_ id: ServerTransactionID, _ body: (inout ServerEntry) -> Result) -> Result? {
        guard let index = entries.index(forKey: id) else { return nil }
        visits += 1
        count(entries.values[index].value, -1)
        let result = body(&entries.values[index].value)
        count(entries.values[index].value, 1)
        return result
    }

    private mutating func count(_ entry: ServerEntry, _ by: Int) {
        if entry.isUnanswered { unanswered += by }
        if entry.awaitsAcknowledgement { unacknowledged += by }
    }
}
