import DialogUsage

/// The rows of the live usages as they were last made, and what has happened since: a row is made again only when its
/// usage has been heard of, so that a model of ten thousand usages costs what has changed in it.
struct RowBook: Sendable {
    private(set) var rows: UsageRows = []
    /// Heard of since their rows were made, begun and ended ones included.
    private(set) var touched: Set<AnyUsageID> = []
    /// What all rows were made under; nil: they are to be made anew.
    private var bounds: UsageCore.Bounds?

    /// Once so many are waiting they are made even if nobody wants to see them.
    static let mostTouched = 1_024

    mutating func touch(_ id: AnyUsageID) { touched.insert(id) }

    /// - Parameter make: the rows of those among so many usages that live.
    mutating func renew(
        _ all: @autoclosure () -> [AnyUsageID], under bounds: UsageCore.Bounds, _ make: (Set<AnyUsageID>) -> [UsageRow]
    ) {
        if bounds != self.bounds {
            self.bounds = bounds
            rows = UsageRows(make(Set(all())))
        } else if !touched.isEmpty {
            let renewed = make(touched)
            touched.subtract(renewed.map(\.id))
            for id in touched { rows.remove(id) }
            for row in renewed { rows.put(row) }
        }
        touched = []
    }
}
