package import DialogUsage

/// Somebody asks us to call somebody else, and nobody has decided yet.
package struct TransferRow: Hashable, Sendable {
    package var id: AnyUsageID
    package var from: String
    package var to: String

    package init(id: AnyUsageID, from: String, to: String) {
        self.id = id
        self.from = from
        self.to = to
    }
}
