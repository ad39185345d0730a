package import DialogUsage

/// What we know of everybody's presence, in the order in which we began to watch, and which subscription tells it.
package struct PresenceRows: Hashable, Sendable {
    private var rows = Pages<PresenceRow>()
    private var places: [AnyUsageID: Int] = [:]
    /// Those who are fresh no more.
    package private(set) var staleCount = 0
    /// Those whom nobody watches any more.
    private(set) var unwatchedCount = 0

    package init(_ rows: some Sequence<PresenceRow>) { for row in rows { append(row) } }

    package func row(of subscription: AnyUsageID) -> PresenceRow? { places[subscription].map { rows[$0] } }

    package mutating func append(_ row: PresenceRow) {
        rows.append(row)
        note(row, at: rows.endIndex - 1)
    }
    /// All that stand behind it move up.
    mutating func remove(at index: Int) {
        forget(rows[index])
        rows.remove(at: index)
        for (subscription, place) in places where place > index { places[subscription] = place - 1 }
    }

    private mutating func note(_ row: PresenceRow, at index: Int) {
        if row.freshness == .stale { staleCount += 1 }
        if let subscription = row.subscription { places[subscription] = index } else { unwatchedCount += 1 }
    }
    private mutating func forget(_ row: PresenceRow) {
        if row.freshness == .stale { staleCount -= 1 }
        if let subscription = row.subscription { places[subscription] = nil } else { unwatchedCount -= 1 }
    }
}

extension PresenceRows: RandomAccessCollection, ExpressibleByArrayLiteral {
    package var startIndex: Int { rows.startIndex }
    package var endIndex: Int { rows.endIndex }
    package init(arrayLiteral rows: PresenceRow...) { self.init(rows) }

    package subscript(index: Int) -> PresenceRow {
        _read { yield rows[index] }
        _modify {
            let before = (rows[index].subscription, rows[index].freshness)
            yield &rows[index]
            let row = rows[index]
            guard before != (row.subscription, row.freshness) else { return }
            if before.1 == .stale { staleCount -= 1 }
            if let subscription = before.0 { places[subscription] = nil } else { unwatchedCount -= 1 }
            note(row, at: index)
        }
    }
}
