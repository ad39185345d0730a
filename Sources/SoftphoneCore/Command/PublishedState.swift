/// What is said of ourselves to those who watch us.
package enum PublishedState: Hashable, Sendable {
    case open
    case closed
    /// Open, with the activity of RFC 4480.
    case busy
    case away
    case onThePhone
    case note(String)

    /// The word for it, or the note.
    package var text: String {
        if case .note(let note) = self { return note }
        return Self.words.first { $0.state == self }?.word ?? ""
    }

    /// The words of the states that have one.
    package static let words: [(word: String, state: PublishedState)] = [
        ("open", .open), ("closed", .closed), ("busy", .busy), ("away", .away), ("on-the-phone", .onThePhone),
    ]
}
