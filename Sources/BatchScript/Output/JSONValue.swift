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
