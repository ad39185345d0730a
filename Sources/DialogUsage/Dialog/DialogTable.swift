import SansIO

/// Names one dialog, or the series of requests before there is one. Serials are never reused.
package struct DialogID: Hashable, Sendable, CustomStringConvertible {
    package let serial: UInt64
    package var description: String { "dialog-\(serial)" }
}

/// Our end of all dialogs that one request made (RFC 3261 §12): its forks differ in the remote tag alone. A tag is a token,
/// so a peer may send ours back in letters of the other case (§7.3.1).
package struct DialogSetKey: Hashable, Sendable {
    package let callID: String
    package let localTag: String

    package init(callID: String, localTag: String) {
        self.callID = callID
        self.localTag = localTag.lowercased()
    }
}

/// Every dialog of the user agent, each with the usages that live in it (RFC 5057 §3): at most one session, and any
/// number of subscriptions either way. A dialog goes with its last usage, and its set with its last dialog.
package struct DialogTable: Sendable {
    private struct Entry: Sendable {
        var dialog: Boxed<Dialog>
        /// In the order in which they came. Seldom more than one.
        var usages: [AnyUsageID]
    }
    private var entries: [DialogID: Entry] = [:]
    private var sets: [DialogSetKey: [DialogID]] = [:]
    private var lastSerial: UInt64 = 0

    package init() {}

    package var count: Int { entries.count }
    package var setCount: Int { sets.count }

    package subscript(id: DialogID) -> Dialog? { entries[id]?.dialog.value }

    /// A new dialog, in the set of its Call-ID and local tag, with its first usage.
    package mutating func open(_ dialog: Dialog, for usage: AnyUsageID) -> DialogID {
        lastSerial += 1
        let id = DialogID(serial: lastSerial)
        entries[id] = Entry(dialog: Boxed(dialog), usages: [usage])
        sets[dialog.key, default: []].append(id)
        return id
    }

    /// One more usage in a dialog that is there already.
    package mutating func join(_ usage: AnyUsageID, _ id: DialogID) {
        guard let index = entries.index(forKey: id), !entries.values[index].usages.contains(usage) else { return }
        entries.values[index].usages.append(usage)
    }

    /// The usage has ended, or lives in another dialog from now on.
    package mutating func leave(_ usage: AnyUsageID, _ id: DialogID) {
        guard let index = entries.index(forKey: id) else { return }
        entries.values[index].usages.removeAll { $0 == usage }
        guard entries.values[index].usages.isEmpty else { return }
        let key = entries.values[index].dialog.key
        entries.remove(at: index)
        guard let set = sets.index(forKey: key) else { return }
        sets.values[set].removeAll { $0 == id }
        if sets.values[set].isEmpty { sets.remove(at: set) }
    }

    /// Changes one dialog in place; nil if it is gone.
    package mutating func update<Result>(_ id: DialogID, _ change: (inout Dialog) -> Result) -> Result? {
        guard let index = entries.index(forKey: id) else { return nil }
        return change(&entries.values[index].dialog.value)
    }

    package func usages(in id: DialogID) -> [AnyUsageID] { entries[id]?.usages ?? [] }

    /// All dialogs of a set, oldest first.
    package func set(_ key: DialogSetKey) -> [DialogID] { sets[key] ?? [] }

    /// The dialog with this remote tag (§12). A peer of RFC 2543 has none: then the tag is "", which is a value like any
    /// other.
    package func established(_ key: DialogSetKey, remoteTag: String) -> DialogID? {
        guard let members = sets[key] else { return nil }
        return members.first { entries[$0]?.dialog.remoteTag?.isSameToken(as: remoteTag) == true }
    }

    /// The series of requests in this set that no answer has made a dialog of yet.
    package func unanswered(_ key: DialogSetKey) -> DialogID? {
        guard let members = sets[key] else { return nil }
        return members.first { entries[$0]?.dialog.isEstablished == false }
    }

    package mutating func removeAll() {
        entries = [:]
        sets = [:]
    }
}

extension String {
    /// Tokens have no case (RFC 3261 §7.3.1).
    func isSameToken(as other: String) -> Bool { self == other || lowercased() == other.lowercased() }
}
