import DialogUsage

/// What an account says of itself to those who watch it.
struct OwnPresence: Sendable {
    var account: AccountID
    /// What the newest PUBLISH says.
    var asked: PublishedState
    /// What the server has taken; nil: nothing yet.
    var said: PublishedState?

    init(_ account: AccountID, _ asked: PublishedState) {
        self.account = account
        self.asked = asked
    }

    mutating func taken() { said = asked }
    /// What was to be said now is not what others see; the next refresh does not make it so.
    mutating func refused() { asked = said ?? asked }
}
