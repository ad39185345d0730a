import SansIO

/// The client transactions by their names and by what responses name. It counts those in flight, so that nobody has to
/// search for them.
struct ClientTable: Sendable {
    private var entries: [ClientTransactionID: Boxed<ClientEntry>] = [:]
    private var byKey: [ClientKey: ClientTransactionID] = [:]
    /// Those without a final response.
    private(set) var inFlight = 0
    /// How often an entry was looked at: what the tests hold against the number of messages.
    private(set) var visits = 0

    var count: Int { entries.count }

    subscript(key: ClientKey) -> ClientTransactionID? { byKey[key] }

    /// A copy, for reading.
    mutating func entry(_ id: ClientTransactionID) -> ClientEntry? {
        visits += 1
        return entries[id]?.value
    }
    /// The same where nothing may change: not counted.
    func peek(_ id: ClientTransactionID) -> ClientEntry? { entries[id]?.value }

    mutating func insert(_ id: ClientTransactionID, _ entry: ClientEntry) {
        entries[id] = Boxed(entry)
        byKey[entry.key] = id
        if entry.isAwaitingFinal { inFlight += 1 }
    }

    @discardableResult
    mutating func remove(_ id: ClientTransactionID) -> ClientEntry? {
        guard let entry = entries.removeValue(forKey: id)?.value else { return nil }
        visits += 1
        if byKey[entry.key] == id { byKey[entry.key] = nil }
        if entry.isAwaitingFinal { inFlight -= 1 }
        return entry
    }

    /// A part of an entry, without a copy of the whole. nil: there is none.
    mutating func read<Result>(_ id: ClientTransactionID, _ body: (ClientEntry) -> Result) -> Result? {
        guard let index = entries.index(forKey: id) else { return nil }
        visits += 1
        return body(entries.values[index].value)
    }

    /// Changes an entry where it lies. nil: there is none.
    @discardableResult
    mutating func change<Result>(_ id: ClientTransactionID, _ body: (inout ClientEntry) -> Result) -> Result? {
        guard let index = entries.index(forKey: id) else { return nil }
        visits += 1
        let (wasInFlight, key) = (entries.values[index].isAwaitingFinal, entries.values[index].key)
        let result = body(&entries.values[index].value)
        let (isInFlight, newKey) = (entries.values[index].isAwaitingFinal, entries.values[index].key)
        if wasInFlight != isInFlight { inFlight += isInFlight ? 1 : -1 }
        if key != newKey {
            byKey[key] = nil
            byKey[newKey] = id
        }
        return result
    }
}
