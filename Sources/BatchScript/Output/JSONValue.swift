/// A value of a record, written in one line.
package indirect enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    /// A number with so many digits after the point.
    case decimal(Double, digits: Int)
    case text(String)
    case list([JSONValue])
    case object(JSONObject)

    package static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.text) ?? .null }
    package static func optional(_ number: Int?) -> JSONValue { number.map(JSONValue.integer) ?? .null }

    func write(into line: inout String) {
        switch self {
        case .null: line += "null"
        case .bool(let value): line += value ? "true" : "false"
        case .integer(let value): line += String(value)
        case .decimal(let value, let digits): line += decimalText(value, digits: digits)
        case .text(let text): Self.write(text, into: &line)
        case .list(let values):
            line += "["
            for (index, value) in values.enumerated() {
                if index > 0 { line += "," }
                value.write(into: &line)
            }
            line += "]"
        case .object(let object): object.write(into: &line)
        }
    }

    /// A JSON string (RFC 8259 §7). Whatever a terminal could obey or that turns text around (control, format and
    /// bidi characters) goes as `\uXXXX` too: a record may hold what a stranger wrote, and people look at records.
    static func write(_ text: String, into line: inout String) {
        line += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": line += "\\\""
            case "\\": line += "\\\\"
            case "\n": line += "\\n"
            case "\r": line += "\\r"
            case "\t": line += "\\t"
            default:
                if mustBeEscaped(scalar) {
                    for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
                        let digits = String(unit, radix: 16)
                        line += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                    }
                } else {
                    line.unicodeScalars.append(scalar)
                }
            }
        }
        line += "\""
    }

    private static func mustBeEscaped(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: return true
        default: return false
        }
    }
}

/// Named values in the order in which they were added.
package struct JSONObject: Hashable, Sendable {
    private var fields: [Field] = []

    private struct Field: Hashable, Sendable {
        var name: String
        var value: JSONValue
    }

    package init() {}
    package init(_ fields: KeyValuePairs<String, JSONValue>) {
        self.fields = fields.map { Field(name: $0.key, value: $0.value) }
    }

    /// Replaces the field of this name, or adds it at the end.
    package subscript(name: String) -> JSONValue? {
        get { fields.first { $0.name == name }?.value }
        set {
            let place = fields.firstIndex { $0.name == name }
            switch (place, newValue) {
            case (let place?, let value?): fields[place].value = value
            case (let place?, nil): fields.remove(at: place)
            case (nil, let value?): fields.append(Field(name: name, value: value))
            case (nil, nil): break
            }
        }
    }

    /// Takes over all fields of another one.
    package mutating func merge(_ other: JSONObject) { for field in other.fields { self[field.name] = field.value } }

    /// One line, without the line end.
    package var line: String {
        var line = ""
        write(into: &line)
        return line
    }

    func write(into line: inout String) {
        line += "{"
        for (index, field) in fields.enumerated() {
            if index > 0 { line += "," }
            JSONValue.write(field.name, into: &line)
            line += ":"
            field.value.write(into: &line)
        }
        line += "}"
    }

    /// For people: one field a line, indented by their depth. A list that holds no object stays in its line.
    package var pageText: String {
        var text = ""
        write(into: &text, depth: 0)
        return text + "\n"
    }

    fileprivate func write(into text: inout String, depth: Int) {
        guard !fields.isEmpty else { return text += "{}" }
        let margin = String(repeating: "  ", count: depth + 1)
        text += "{\n"
        for (index, field) in fields.enumerated() {
            text += margin
            JSONValue.write(field.name, into: &text)
            text += ": "
            field.value.write(into: &text, depth: depth + 1)
            text += index + 1 < fields.count ? ",\n" : "\n"
        }
        text += margin.dropLast(2) + "}"
    }
}

extension JSONValue {
    fileprivate func write(into text: inout String, depth: Int) {
        switch self {
        case .object(let object): object.write(into: &text, depth: depth)
        case .list(let values) where values.contains(where: { if case .object = $0 { true } else { false } }):
            let margin = String(repeating: "  ", count: depth + 1)
            text += "[\n"
            for (index, value) in values.enumerated() {
                text += margin
                value.write(into: &text, depth: depth + 1)
                text += index + 1 < values.count ? ",\n" : "\n"
            }
            text += margin.dropLast(2) + "]"
        case .null, .bool, .integer, .decimal, .text, .list: write(into: &text)
        }
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral fields: (String, JSONValue)...) {
        self.fields = fields.map { Field(name: $0.0, value: $0.1) }
    }
}

/// A number with a fixed count of digits after the point, rounded half away from zero; "0" for what is no number.
package func decimalText(_ value: Double, digits: Int) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (value * scale).rounded()
    guard scaled.isFinite, abs(scaled) < 9e15 else { return "0" }
    let whole = Int64(scaled)
    guard digits > 0 else { return String(whole) }
    let text = String(whole.magnitude)
    let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
    return (whole < 0 ? "-" : "") + padded.dropLast(digits) + "." + padded.suffix(digits)
}
