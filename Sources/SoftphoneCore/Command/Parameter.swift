package import DialogUsage

/// One thing a verb takes: how it is called in a grammar line, and what it looks like.
package struct Parameter: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// `sip:bob@example.com`, `bob@example.com`, or `bob` for a contact or a user of the account's domain.
        case peer
        /// `sip:…` only.
        case sipURI
        /// Any word; more than one needs quotes.
        case text
        /// A name for something new.
        case newName
        case account
        /// The name of a contact.
        case contact
        /// A live usage of one of these kinds; none named: of any kind.
        case usage(Set<UsageKind> = [])
        case event
        case duration
        case digits
        case status
        case method
        case path
        case percentage
        /// A word of a presence state, or a quoted note.
        case presence
        case choice([String])
        case groups
    }
    package var name: String
    package var kind: Kind
    package var isOptional: Bool
    /// Takes all words up to the first option.
    package var isRepeated: Bool

    package init(_ name: String, _ kind: Kind, isOptional: Bool = false, isRepeated: Bool = false) {
        self.isRepeated = isRepeated
        self.name = name
        self.kind = kind
        self.isOptional = isOptional
    }

    /// `URI`, `[CALL]`, `[CALL…]`.
    var grammar: String {
        let text = isRepeated ? name + "…" : name
        return isOptional ? "[\(text)]" : text
    }
}
