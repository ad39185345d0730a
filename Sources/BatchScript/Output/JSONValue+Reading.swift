/// JSON that somebody else may have written, read back (RFC 8259). Numbers with a fraction keep three digits.
extension JSONObject {
    /// nil: this is no JSON object, or one that is nested too deeply.
    package init?(parsing text: some StringProtocol) {
        var reading = JSONReading(text)
        guard case .object(let object) = reading.whole() else { return nil }
        self = object
    }
}

extension JSONValue {
    package var text: String? { if case .text(let text) = self { text } else { nil } }
    package var integer: Int? { if case .integer(let number) = self { number } else { nil } }
    package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
}

private struct JSONReading {
    /// Nothing of ours is nested deeper.
    private static let deepest = 32

    private var rest: Substring.UnicodeScalarView

    init(_ text: some StringProtocol) { rest = Substring(text).unicodeScalars }

    mutating func whole() -> JSONValue? {
        guard let value = value(depth: 0) else { return nil }
        skipBlanks()
        return rest.isEmpty ? value : nil
    }

    private mutating func skipBlanks() {
        while let first = rest.first, " \t\r\n".unicodeScalars.contains(first) { rest.removeFirst() }
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard rest.first == scalar else { return false }
        rest.removeFirst()
        return true
    }
    private mutating func take(word: String) -> Bool {
        guard rest.starts(with: word.unicodeScalars) else { return false }
        rest.removeFirst(word.unicodeScalars.count)
        return true
    }

    private mutating func value(depth: Int) -> JSONValue? {
        guard depth < Self.deepest else { return nil }
        skipBlanks()
        switch rest.first {
        case "{": return object(depth: depth)
        case "[": return list(depth: depth)
        case "\"": return string().map(JSONValue.text)
        case "t": return take(word: "true") ? .bool(true) : nil
        case "f": return take(word: "false") ? .bool(false) : nil
        case "n": return take(word: "null") ? .null : nil
        default: return number()
        }
    }

    private mutating func object(depth: Int) -> JSONValue? {
        var object = JSONObject()
        rest.removeFirst()
        skipBlanks()
        if take("}") { return .object(object) }
        repeat {
            skipBlanks()
            guard let name = string() else { return nil }
            skipBlanks()
            guard take(":"), let value = value(depth: depth + 1) else { return nil }
            object[name] = value
            skipBlanks()
        } while take(",")
        return take("}") ? .object(object) : nil
    }

    private mutating func list(depth: Int) -> JSONValue? {
        var values: [JSONValue] = []
        rest.removeFirst()
        skipBlanks()
        if take("]") { return .list(values) }
        repeat {
            guard let value = value(depth: depth + 1) else { return nil }
            values.append(value)
            skipBlanks()
        } while take(",")
        return take("]") ? .list(values) : nil
    }

    private mutating func string() -> String? {
        guard take("\"") else { return nil }
        var text = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"": return String(text)
            case "\\":
                guard let escaped = escaped() else { return nil }
                text.append(escaped)
            default:
                guard scalar.value >= 0x20 else { return nil }
                text.append(scalar)
            }
        }
        return nil
    }

    private mutating func escaped() -> Unicode.Scalar? {
        switch rest.popFirst() {
        case "\""?: return "\""
        case "\\"?: return "\\"
        case "/"?: return "/"
        case "b"?: return "\u{8}"
        case "f"?: return "\u{c}"
        case "n"?: return "\n"
        case "r"?: return "\r"
        case "t"?: return "\t"
        case "u"?:
            guard let unit = unit() else { return nil }
            guard UTF16.isLeadSurrogate(unit) else { return Unicode.Scalar(unit) }
            guard take("\\"), take("u"), let trail = self.unit(), UTF16.isTrailSurrogate(trail) else { return nil }
            return UTF16.decode(UTF16.EncodedScalar([unit, trail]))
        default: return nil
        }
    }

    private mutating func unit() -> UInt16? {
        let digits = String(String.UnicodeScalarView(rest.prefix(4)))
        guard digits.utf8.count == 4, digits.utf8.allSatisfy({ UInt8(ascii: "+") != $0 && UInt8(ascii: "-") != $0 }),
            let unit = UInt16(digits, radix: 16)
        else { return nil }
        rest.removeFirst(4)
        return unit
    }

    private mutating func number() -> JSONValue? {
        let text = String(String.UnicodeScalarView(rest.prefix { "+-0123456789.eE".unicodeScalars.contains($0) }))
        rest.removeFirst(text.unicodeScalars.count)
        let digits = text.drop { $0 == "-" }
        guard digits.first?.isNumber == true, text.last?.isNumber == true,
            digits.count <= 1 || digits.first != "0" || digits.dropFirst().first?.isNumber == false
        else { return nil }
        if let whole = Int(text) { return .integer(whole) }
        return Double(text).flatMap { $0.isFinite ? .decimal($0, digits: 3) : nil }
    }
}
