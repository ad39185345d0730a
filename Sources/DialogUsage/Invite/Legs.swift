import SansIO

/// The legs of a session by their dialogs, oldest first. Nearly always one.
struct Legs: Sendable {
    private var items: [(dialog: DialogID, leg: Boxed<Leg>)] = []

    var count: Int { items.count }
    var isEmpty: Bool { items.isEmpty }
    var dialogs: [DialogID] { items.map(\.dialog) }

    subscript(dialog: DialogID) -> Boxed<Leg>? { place(of: dialog).map { items[$0].leg } }

    mutating func add(_ dialog: DialogID, _ leg: Leg) { items.append((dialog, Boxed(leg))) }
    mutating func remove(_ dialog: DialogID) { items.removeAll { $0.dialog == dialog } }
    /// Changes one in place, if it is there.
    mutating func update(_ dialog: DialogID, _ change: (inout Leg) -> Void) {
        guard let place = place(of: dialog) else { return }
        change(&items[place].leg.value)
    }
    /// The dialogs of those for which this is so.
    func dialogs(where isSo: (Boxed<Leg>) -> Bool) -> [DialogID] { items.filter { isSo($0.leg) }.map(\.dialog) }

    /// The earliest of what their requests wait for.
    var nextDeadline: Instant? { items.reduce(nil) { earliest($0, $1.leg.modification.nextDeadline) } }

    private func place(of dialog: DialogID) -> Int? { items.firstIndex { $0.dialog == dialog } }
}
