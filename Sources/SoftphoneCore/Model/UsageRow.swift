package import DialogUsage

/// One live usage: what the core knows of it, and what only the application knows.
package struct UsageRow: Hashable, Sendable {
    package var summary: UsageSummary
    /// What the user calls it.
    package let alias: String?
    /// What to call it in a line: the alias, else the identifier.
    package let name: String
    /// Sessions only.
    package var call: CallRow?
    /// The newest document of a subscription, harmless to a terminal and shortened.
    package var document: String?
    /// What it waits for, since when and for how long at most; nil: nothing is pending.
    package var wait: Blocker?
    /// What a publication says of us.
    package var published: PublishedState?

    package var id: AnyUsageID { summary.id }

    package init(
        summary: UsageSummary, alias: String?, call: CallRow? = nil, document: String? = nil, wait: Blocker? = nil,
        published: PublishedState? = nil
    ) {
        self.summary = summary
        self.alias = alias
        name = alias ?? summary.id.description
        self.call = call
        self.document = document
        self.wait = wait
        self.published = published
    }
}
