/// One line as it came: a letter and what follows the equals sign. Octets, because only some lines are UTF-8; a place in
/// a buffer, because all lines of a description share the one that it was read from, and a call keeps two of them.
package struct SDPLine: Hashable, Sendable {
    private let buffer: [UInt8]
    private let lower: UInt16
    private let upper: UInt16
    package let letter: UInt8

    /// The buffer is no longer than `SDPLimits.bytes`; what lies behind that is not seen.
    init(letter: UInt8, in buffer: [UInt8], at range: Range<Int>) {
        self.buffer = buffer
        self.letter = letter
        lower = UInt16(clamping: range.lowerBound)
        upper = UInt16(clamping: range.upperBound)
    }
    package init(_ letter: Character, _ text: String) {
        let octets = Array(text.utf8)
        self.init(letter: letter.asciiValue ?? UInt8(ascii: "a"), in: octets, at: 0..<octets.count)
    }
    package var value: ArraySlice<UInt8> { buffer[Int(lower)..<Int(upper)] }

    package static func == (a: SDPLine, b: SDPLine) -> Bool { a.letter == b.letter && a.value == b.value }
    package func hash(into hasher: inout Hasher) {
        hasher.combine(letter)
        hasher.combine(value)
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
    /// Lines of our own, in one buffer.
    init(_ texts: [(letter: Character, text: String)]) {
        self = []
        let total = texts.reduce(0) { $0 + $1.text.utf8.count }
        guard total <= SDPLimits.bytes else {
            self = texts.map { SDPLine($0.letter, $0.text) }
            return
        }
        var buffer: [UInt8] = []
        buffer.reserveCapacity(total)
        for (_, text) in texts { buffer += text.utf8 }
        reserveCapacity(texts.count)
        var start = 0
        for (letter, text) in texts {
            let end = start + text.utf8.count
            append(SDPLine(letter: letter.asciiValue ?? UInt8(ascii: "a"), in: buffer, at: start..<end))
            start = end
        }
    }

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
