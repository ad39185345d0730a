/// Keys as the configuration writes them: `x`, `F9`, `Ctrl-T`, `Alt-x`, `PgDn`.
extension Key {
    package init?(named name: String) {
        if name.count == 1, let character = name.first {
            guard !character.isWhitespace, !character.isNewline else { return nil }
            self = .character(character)
            return
        }
        let lowered = name.lowercased()
        if let known = Self.named.first(where: { $0.name.lowercased() == lowered }) {
            self = known.key
        } else if lowered.hasPrefix("ctrl-"), lowered.count == 6, let letter = lowered.last, letter.isASCII,
            letter.isLetter
        {
            self = .control(letter)
        } else if lowered.hasPrefix("alt-"), name.count == 5, let character = name.last {
            self = .alt(character)
        } else if lowered.hasPrefix("f"), let number = Int(lowered.dropFirst()), (1...12).contains(number) {
            self = .function(number)
        } else {
            return nil
        }
    }

    /// As the configuration writes it: `init(named:)` reads it again. What help shows may be a drawing instead, such as ↑.
    package var name: String { Self.named.first { $0.key == self }?.name ?? description }

    private static let named: [(name: String, key: Key)] = [
        ("Space", .character(" ")), ("Enter", .enter), ("Esc", .escape), ("Tab", .tab), ("Shift-Tab", .backTab),
        ("Backspace", .backspace), ("Del", .delete), ("Ins", .insert), ("Up", .up), ("Down", .down), ("Left", .left),
        ("Right", .right), ("Home", .home), ("End", .end), ("PgUp", .pageUp), ("PgDn", .pageDown),
    ]
    /// What a name that is none may have been meant to be.
    package static let names = named.map(\.name) + (1...12).map { "F\($0)" }
}
