/// The looks, from the terminal's own palette. Each is only added to something that is also written.
enum Looks {
    static let frame = Style(.grey)
    static let heading = Style(.cyan, .bold)
    static let headingEmpty = Style(.grey)
    static let good = Style(.green)
    static let waiting = Style(.yellow)
    static let bad = Style(.brightRed)
    static let faint = Style(.grey)
    static let leaving = Style(.magenta)
    static let keyName = Style(.standard, .bold)
    static let sent = Style(.cyan)
    static let received = Style(.green)
    static let ringing = Style(.black, on: .yellow, .bold)
    static let title = Style(.standard, [.bold, .reverse])

    /// How a state word looks.
    static func state(_ word: String) -> Style {
        switch word {
        case "registered", "active", "published", "connected", "open": good
        case "failing", "ended", "stale": bad
        case "ending", "cancelling": leaving
        default: waiting
        }
    }
}
