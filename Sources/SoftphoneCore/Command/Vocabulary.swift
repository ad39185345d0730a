package import DialogUsage

/// The names that completion can offer beside the words of the table; a face fills it from the model.
package struct Vocabulary: Hashable, Sendable {
    package struct Usage: Hashable, Sendable {
        package var name: String
        package var kind: UsageKind
        package init(_ name: String, _ kind: UsageKind) {
            self.name = name
            self.kind = kind
        }
    }
    package var accounts: [String]
    package var contacts: [String]
    package var usages: [Usage]
    package var peers: [String]

    package init(
        accounts: [String] = [], contacts: [String] = [], usages: [Usage] = [], peers: [String] = []
    ) {
        self.accounts = accounts
        self.contacts = contacts
        self.usages = usages
        self.peers = peers
    }
}
