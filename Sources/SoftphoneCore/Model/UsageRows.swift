package import DialogUsage

/// All live usages, in the order in which shutdown would end them. One is found, and the members of a kind are counted,
/// without a walk through the others.
package struct UsageRows: Hashable, Sendable {
    private var rows = Pages<UsageRow>()

    package init(_ rows: some Sequence<UsageRow>) {
        // Mostly they are in order already.
        self.rows = Pages(rows.sorted { $0.id < $1.id })
    }

    package func index(of id: AnyUsageID) -> Int? {
        let index = rows.firstIndex { $0.id >= id }
        return index < rows.endIndex && rows[index].id == id ? index : nil
    }
    package subscript(id: AnyUsageID) -> UsageRow? { index(of: id).map { rows[$0] } }

    package func range(of kind: UsageKind) -> Range<Int> {
        rows.firstIndex { $0.id.kind.place >= kind.place }..<rows.firstIndex { $0.id.kind.place > kind.place }
    }
    /// The members of a group stand together.
    package func range(of group: ShutdownGroup) -> Range<Int> {
        rows.firstIndex { $0.id.kind.group >= group }..<rows.firstIndex { $0.id.kind.group > group }
    }
    package func members(of kind: UsageKind) -> Slice<UsageRows> { self[range(of: kind)] }

    /// In its place, instead of what was known of it.
    package mutating func put(_ row: UsageRow) {
        let index = rows.firstIndex { $0.id >= row.id }
        if index < rows.endIndex, rows[index].id == row.id { rows[index] = row } else { rows.insert(row, at: index) }
    }
    package mutating func append(_ row: UsageRow) { put(row) }
    package mutating func remove(_ id: AnyUsageID) {
        if let index = index(of: id) { rows.remove(at: index) }
    }

    package var boxes: Pages<UsageRow>.Boxes { rows.boxes }
}

extension UsageRows: RandomAccessCollection, ExpressibleByArrayLiteral {
    package var startIndex: Int { rows.startIndex }
    package var endIndex: Int { rows.endIndex }
    package init(arrayLiteral rows: UsageRow...) { self.init(rows) }

    /// A row that is changed remains the same usage's.
    package subscript(index: Int) -> UsageRow {
        _read { yield rows[index] }
        _modify { yield &rows[index] }
    }
}
