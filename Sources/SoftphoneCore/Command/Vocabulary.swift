package import DialogUsage

/// The names that completion can offer beside the words of the table. They are looked through only as far as completion
/// needs them, for there may be ten thousand.
package protocol Vocabulary {
    associatedtype UsageNames: Sequence<String>
    associatedtype Contacts: Sequence<String>
    associatedtype Peers: Sequence<String>

    var accounts: [String] { get }
    /// What the user calls those whom he knows.
    var contacts: Contacts { get }
    /// Of the live usages of some kinds; of no kind in particular: of all.
    func usages(of kinds: Set<UsageKind>) -> UsageNames
    var peers: Peers { get }
}
