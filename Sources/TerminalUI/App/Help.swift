/// The list of keys and commands: what is searched in it, and which row is chosen.
package struct Help: Hashable, Sendable {
    /// What is shown again afterwards, and what the keys are for.
    var behind: Mode
    var sought: String
    /// Counted among the rows that are found.
    var chosen: Int

    /// Nobody searches for more.
    static let longest = 60

    package init(behind: Mode = .browsing, sought: String = "", chosen: Int = 0) {
        self.behind = behind
        self.sought = sought
        self.chosen = chosen
    }
}
