package import DialogUsage
package import SoftphoneCore

/// Somebody looks at one usage and at the messages around it.
package struct Reading: Hashable, Sendable {
    package enum Page: Hashable, Sendable {
        /// The facts, and under them the ladder.
        case ladder
        /// The message under the cursor, as it went.
        case message(first: Int)
        /// What differs between the two marked messages.
        case difference(first: Int)
    }
    package var usage: AnyUsageID
    package var scope = LadderSheet.Scope.usage
    /// The serial of a message; nil: the newest one, also when newer ones come.
    package var cursor: UInt64?
    /// At most two, the older mark first.
    package var marks: [UInt64] = []
    package var page = Page.ladder
    /// The pane from which one came; nil: the list of usages.
    package var origin: Pane?

    package init(_ usage: AnyUsageID, from origin: Pane? = nil) {
        self.usage = usage
        self.origin = origin
    }

    /// Sets a mark or takes it away. Of three the oldest goes.
    mutating func mark(_ serial: UInt64) {
        guard !marks.contains(serial) else { return marks.removeAll { $0 == serial } }
        marks = marks.suffix(1) + [serial]
    }
}
