package import DialogUsage

/// One live usage: what the core knows of it, and what only the application knows.
package struct UsageRow: Hashable, Sendable {
    package var summary: UsageSummary
    /// What the user calls it.
    package var alias: String?
    /// Sessions only.
    package var call: CallRow?
    /// The newest document of a subscription, harmless to a terminal and shortened.
    package var document: String?
    /// How many messages its ladder holds.
    package var ladderCount: Int
    /// What it waits for, since when and for how long at most; nil: nothing is pending.
    package var wait: Blocker?
    /// What a publication says of us.
    package var published: PublishedState?

    package var id: AnyUsageID { summary.id }
    /// What to call it in a line: the alias, else the identifier.
    package var name: String { alias ?? summary.id.description }
}
