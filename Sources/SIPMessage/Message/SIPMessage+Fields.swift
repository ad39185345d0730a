/// The header fields as text.
extension SIPMessage {
    /// Every field in its order, for display. The long name is given for a compact one.
    package var allFields: [(name: String, value: String)] {
        fields.map { entry in
            (entry.field == .other ? bytes.text(entry.name) : entry.field.name, bytes.unfoldedText(entry.value))
        }
    }

    /// The first occurrence, unfolded and without white space around it.
    package func value(_ name: FieldName) -> String? {
        for entry in fields where matches(entry, name) { return bytes.unfoldedText(entry.value) }
        return nil
    }

    /// Every occurrence; comma lists are not taken apart.
    package func values(_ name: FieldName) -> [String] {
        fields.filter { matches($0, name) }.map { bytes.unfoldedText($0.value) }
    }

    /// The elements of a list of tokens from every occurrence, parameters cut off: Allow, Supported, Require, Accept.
    package func tokens(_ name: FieldName) -> [String] {
        var tokens: [String] = []
        for entry in fields where matches(entry, name) {
            for element in elements(of: entry.value) {
                var scanner = Scanner(element)
                while let byte = scanner.peek(bytes.span), byte != UInt8(ascii: ";") { scanner.at += 1 }
                let token = bytes.unfoldedText(ByteRange(element.lower, scanner.at))
                let trimmed = token.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ")
                if !trimmed.isEmpty { tokens.append(trimmed) }
            }
        }
        return tokens
    }

    /// How many values a field has: elements of comma lists for those that are lists, occurrences for the others.
    package func count(of name: FieldName) -> Int {
        var count = 0
        for entry in fields where matches(entry, name) { count += name.isList ? elements(of: entry.value).count : 1 }
        return count
    }

    /// Whether the field is there at all.
    package func has(_ name: FieldName) -> Bool { fields.contains { matches($0, name) } }

    func matches(_ entry: FieldEntry, _ name: FieldName) -> Bool {
        entry.field == name.known
            && (entry.field != .other || bytes.text(entry.name).isCaselessly(name.description))
    }

    func elements(of value: ByteRange) -> [ByteRange] { bytes.elements(of: value) }
}

extension [UInt8] {
    /// The elements of a comma list. A comma within quotes or angle brackets separates nothing (§7.3.1).
    func elements(of value: ByteRange) -> [ByteRange] {
        guard !value.isEmpty else { return [] }
        let span = self.span
        var elements: [ByteRange] = []
        var start = value.lower
        var isQuoted = false
        var isBracketed = false
        var at = start
        while at < value.upper {
            switch span[at] {
            case UInt8(ascii: "\\") where isQuoted: at += 1
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "<") where !isQuoted: isBracketed = true
            case UInt8(ascii: ">") where !isQuoted: isBracketed = false
            case UInt8(ascii: ",") where !isQuoted && !isBracketed:
                elements.append(ByteRange(start, at))
                start = at + 1
            default: break
            }
            at += 1
        }
        elements.append(ByteRange(start, value.upper))
        return elements
    }
}
