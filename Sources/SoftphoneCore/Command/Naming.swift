/// What every verb takes that makes a usage: `as NAME` and `on ACCOUNT`.
package struct Naming: Hashable, Sendable {
    package var alias: String?
    /// nil: the current account.
    package var account: String?

    package init(alias: String? = nil, account: String? = nil) {
        self.alias = alias
        self.account = account
    }
}
