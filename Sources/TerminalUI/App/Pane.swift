/// A screen of its own beside the list of usages.
package struct Pane: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case contacts
        /// Everybody with whom messages were exchanged.
        case conversations
        case conversation(with: String)
        /// The calls there were.
        case calls
        case log
        case accounts
    }
    package var kind: Kind
    /// Which row is selected, by what it is about, so that it stays selected when others come and go; nil: the first.
    package var selected: String?
    /// How far a text is scrolled back from its end.
    package var back = 0

    package init(_ kind: Kind, selected: String? = nil, back: Int = 0) {
        self.kind = kind
        self.selected = selected
        self.back = back
    }
}
