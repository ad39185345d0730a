/// One line as it came: a letter and what follows the equals sign. Bytes, because only some lines are UTF-8.
package struct SDPLine: Hashable, Sendable {
    package var letter: UInt8
    package var value: [UInt8]

    package init(letter: UInt8, value: [UInt8]) {
        self.letter = letter
        self.value = value
    }
    package init(_ letter: Character, _ text: String) {
        self.letter = letter.asciiValue ?? UInt8(ascii: "a")
        value = Array(text.utf8)
    }
    package var text: String { String(decoding: value, as: UTF8.self) }
    package func isOf(_ letter: Character) -> Bool { self.letter == letter.asciiValue }

    /// Name and value of an `a=` line; the value is nil for a property such as `a=sendonly`.
    package var attribute: (name: String, value: String?)? {
        guard isOf("a") else { return nil }
        guard let colon = value.firstIndex(of: UInt8(ascii: ":")) else { return (text, nil) }
        return (
            String(decoding: value[..<colon], as: UTF8.self),
            String(decoding: value[value.index(after: colon)...], as: UTF8.self)
        )
    }
}

extension [SDPLine] {
    /// The values of all attributes of this name, in order. Names are case-sensitive (RFC 8866 §5.13).
    func attributes(named name: String) -> [String] {
        compactMap(\.attribute).filter { $0.name == name }.map { $0.value ?? "" }
    }
    func hasAttribute(_ name: String) -> Bool { contains { $0.attribute?.name == name } }
    func first(_ letter: Character) -> SDPLine? { first { $0.isOf(letter) } }
}
