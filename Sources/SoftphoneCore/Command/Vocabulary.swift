/// The names that completion can offer beside the words of the table; a face fills it from the model.
package struct Vocabulary: Hashable, Sendable {
    package var accounts: [String]
    package var usages: [String]
    package var peers: [String]

    package init(accounts: [String] = [], usages: [String] = [], peers: [String] = []) {
        self.accounts = accounts
        self.usages = usages
        self.peers = peers
    }
}
