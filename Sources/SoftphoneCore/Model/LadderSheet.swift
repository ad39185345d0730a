package import DialogUsage
import SIPMessage

/// The messages that a ladder shows: those of one usage, of its dialog, of its dialog set, or all that there are.
///
/// Reading a message is what costs, so a newer sheet takes over what the older one has read.
package struct LadderSheet: Sendable {
    package enum Scope: String, Hashable, Sendable, CaseIterable {
        case usage
        case dialog
        case dialogSet = "dialog set"
        case client = "whole client"

        package var wider: Scope {
            switch self {
            case .usage: .dialog
            case .dialog: .dialogSet
            case .dialogSet: .client
            case .client: .usage
            }
        }
    }
    package let scope: Scope
    package let focus: AnyUsageID?
    /// Oldest first.
    package private(set) var entries: [LadderEntry] = []
    /// Everything that has been read to find them, oldest first.
    private var known: [LadderEntry] = []

    /// There is nothing on it.
    package init() { (scope, focus) = (.usage, nil) }

    init(_ scope: Scope, of focus: AnyUsageID, in model: SoftphoneModel, reusing old: LadderSheet) {
        (self.scope, self.focus) = (scope, focus)
        known = Self.read(model.rungs(of: scope == .usage ? focus : nil), reusing: old.known)
        switch scope {
        case .usage, .client: entries = known
        case .dialog, .dialogSet:
            let own = known.filter { $0.usage == focus }
            guard let mark = (own.last { $0.dialog.theirs != nil } ?? own.last)?.dialog else { break }
            entries = known.filter {
                scope == .dialog ? $0.dialog.isInDialog(of: mark) : $0.dialog.isInDialogSet(of: mark)
            }
        }
        numberRounds()
    }

    package func index(of serial: UInt64) -> Int? {
        let index = entries.partitioningIndex { $0.serial >= serial }
        return index < entries.count && entries[index].serial == serial ? index : nil
    }

    private static func read(
        _ rungs: [(usage: AnyUsageID?, rung: Ladder.Rung)], reusing old: [LadderEntry]
    ) -> [LadderEntry] {
        var entries: [LadderEntry] = []
        entries.reserveCapacity(rungs.count)
        var next = 0
        for (usage, rung) in rungs {
            while next < old.count, old[next].serial < rung.serial { next += 1 }
            if next < old.count, old[next].serial == rung.serial {
                var entry = old[next]
                (entry.retransmissions, entry.lastCopyAt) = (rung.retransmissions, rung.lastCopyAt)
                entries.append(entry)
            } else if let message = try? SIPMessage(parsing: rung.bytes) {
                entries.append(LadderEntry(rung, message, of: usage))
            }
        }
        return entries
    }

    private struct Exchange: Hashable {
        var callID: String
        var method: String
    }

    private mutating func numberRounds() {
        var rounds: [Exchange: (count: Int, isOpen: Bool)] = [:]
        for index in entries.indices {
            let exchange = Exchange(callID: entries[index].dialog.callID, method: entries[index].method)
            entries[index].round = nil
            switch entries[index].authentication {
            case .none: break
            case .challenge:
                let count = (rounds[exchange]?.count ?? 0) + 1
                rounds[exchange] = (count: count, isOpen: true)
                entries[index].round = count
            case .credentials:
                guard let round = rounds[exchange], round.isOpen else { continue }
                rounds[exchange] = (count: round.count, isOpen: false)
                entries[index].round = round.count
            }
        }
    }
}

extension SoftphoneModel {
    /// - Parameter old: the one shown before, of whatever scope.
    package func ladderSheet(
        _ scope: LadderSheet.Scope, of id: AnyUsageID, reusing old: LadderSheet = LadderSheet()
    ) -> LadderSheet {
        LadderSheet(scope, of: id, in: self, reusing: old)
    }

    /// Oldest first, at most `Ladder.longest` entries; also of usages that ended not long ago.
    package func ladder(of id: AnyUsageID) -> [LadderEntry] { ladderSheet(.usage, of: id).entries }

    /// Of one usage, or all; oldest first.
    fileprivate func rungs(of id: AnyUsageID?) -> [(usage: AnyUsageID?, rung: Ladder.Rung)] {
        if let id { return ladders[id]?.rungs.map { (id, $0) } ?? [] }
        var places: [(serial: UInt64, usage: AnyUsageID?, index: Int)] = []
        for (usage, ladder) in ladders {
            for (index, rung) in ladder.rungs.enumerated() { places.append((rung.serial, usage, index)) }
        }
        for (index, rung) in strays.rungs.enumerated() { places.append((rung.serial, nil, index)) }
        places.sort { $0.serial < $1.serial }
        return places.compactMap { place in
            guard let ladder = place.usage.map({ ladders[$0] }) ?? strays else { return nil }
            return (place.usage, ladder.rungs[place.index])
        }
    }
}

extension Array {
    /// The first index from which on the predicate holds; it must not hold before that.
    fileprivate func partitioningIndex(where isAtOrAfter: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isAtOrAfter(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
