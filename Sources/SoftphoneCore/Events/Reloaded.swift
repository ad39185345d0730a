package import DialogUsage

/// What reading the configuration again has come to.
package enum Reloaded: Sendable {
    case settings(Settings)
    /// Why not; all stays as it was.
    case failed(String)

    /// What a softphone heeds of a configuration.
    package struct Settings: Sendable {
        package var accounts: [Account]
        package var contacts: [Contact]
        package var giveUp: Duration
        /// What has changed and is heeded at the next start only.
        package var later: [String]

        package init(accounts: [Account], contacts: [Contact], giveUp: Duration, later: [String] = []) {
            self.accounts = accounts
            self.contacts = contacts
            self.giveUp = giveUp
            self.later = later
        }
    }
}
