/// One line as it came: a letter and what follows the equals sign. Bytes, because only some lines are UTF-8; a slice,
/// because all lines of a description share the buffer that it was read from.
package struct SDPLine: Hashable, Sendable {
    package var letter: UInt8
    package var value: ArraySlice<UInt8>

    package init(letter: UInt8, value: ArraySlice<UInt8>) {
        self.letter = letter
        self.value = value
    }
    package init(_ letter: Character, _ text: String) {
        self.letter = letter.asciiValue ?? UInt8(ascii: "a")
        value = Array(text.utf8)[...]
    }
    package var text: String { value.text }
    package func isOf(_ letter: Unicode.Scalar) -> Bool { self.letter == UInt8(ascii: letter) }

    /// Name and value of an `a=` line; the value is nil for a property such as `a=sendonly`.
    var attribute: (name: ArraySlice<UInt8>, value: ArraySlice<UInt8>?)? {
        guard isOf("a") else { return nil }
        guard let colon = value.firstIndex(of: UInt8(ascii: ":")) else { return (value, nil) }
        return (value[..<colon], value[(colon + 1)...])
    }

    /// The value if this is the attribute of that name, the empty one for a property. Names are case-sensitive (RFC 8866
    /// §5.13).
    func value(ofAttribute name: StaticString) -> ArraySlice<UInt8>? {
        guard isOf("a"), value.begins(with: name) else { return nil }
        let end = value.startIndex + name.utf8CodeUnitCount
        if end == value.endIndex { return value[end...] }
        return value[end] == UInt8(ascii: ":") ? value[(end + 1)...] : nil
    }
}

extension [SDPLine] {
    /// The values of all attributes of this name, in order.
    func attributes(named name: StaticString) -> [ArraySlice<UInt8>] { compactMap { $0.value(ofAttribute: name) } }
    func attribute(named name: StaticString) -> ArraySlice<UInt8>? {
        for line in self { if let value = line.value(ofAttribute: name) { return value } }
        return nil
    }
    func first(_ letter: Unicode.Scalar) -> SDPLine? {
        for line in self where line.isOf(letter) { return line }
        return nil
    }
}
