import DialogUsage

/// The live calls by their sessions. It remembers which of them were written to, so that only their rows are made anew.
struct CallTable: Sendable {
    private var calls: [AnyUsageID: Call] = [:]
    private var touched: Set<AnyUsageID> = []

    subscript(id: AnyUsageID) -> Call? {
        get { calls[id] }
        _modify {
            touched.insert(id)
            yield &calls[id]
        }
    }
    var keys: Dictionary<AnyUsageID, Call>.Keys { calls.keys }
    var values: Dictionary<AnyUsageID, Call>.Values { calls.values }
    var isEmpty: Bool { calls.isEmpty }
    var count: Int { calls.count }

    func filter(_ isWanted: ((key: AnyUsageID, value: Call)) -> Bool) -> [AnyUsageID: Call] { calls.filter(isWanted) }

    mutating func removeValue(forKey id: AnyUsageID) -> Call? {
        touched.insert(id)
        return calls.removeValue(forKey: id)
    }
    mutating func takeTouched() -> Set<AnyUsageID> {
        defer { touched = [] }
        return touched
    }
}

extension CallTable: Sequence {
    func makeIterator() -> Dictionary<AnyUsageID, Call>.Iterator { calls.makeIterator() }
}
