/// Parameters in their order; names compare without case. A value of nil is a flag, such as `lr`.
package struct Parameters: Hashable, Sendable {
    private struct Pair: Hashable, Sendable {
        var name: String
        var value: String?
    }
    private var pairs: [Pair] = []

    package init() {}
    package init(_ pairs: [(String, String?)]) { self.pairs = pairs.map { Pair(name: $0.0, value: $0.1) } }

    package var isEmpty: Bool { pairs.isEmpty }
    package var count: Int { pairs.count }
    package var all: [(name: String, value: String?)] { pairs.map { ($0.name, $0.value) } }

    /// The value, the empty text for a flag, nil for what is not there.
    package subscript(name: String) -> String? { index(of: name).map { pairs[$0].value ?? "" } }

    package func has(_ name: String) -> Bool { index(of: name) != nil }

    /// Replaces the value where the parameter stands, or adds the parameter at the end.
    package mutating func set(_ name: String, _ value: String?) {
        if let index = index(of: name) { pairs[index].value = value } else { append(name, value) }
    }
    package mutating func remove(_ name: String) { pairs.removeAll { $0.name.isCaselessly(name) } }

    mutating func append(_ name: String, _ value: String?) { pairs.append(Pair(name: name, value: value)) }

    private func index(of name: String) -> Int? { pairs.firstIndex { $0.name.isCaselessly(name) } }

    /// As header parameters: what is no token and no host is quoted.
    var headerText: String {
        var text = ""
        for pair in pairs {
            text += ";"
            text += pair.name
            if let value = pair.value {
                text += "="
                text += value.quotedIfNeeded
            }
        }
        return text
    }
    /// As URI parameters, which are kept escaped.
    var uriText: String {
        var text = ""
        for pair in pairs {
            text += ";"
            text += pair.name
            if let value = pair.value {
                text += "="
                text += value
            }
        }
        return text
    }
}

extension String {
    /// Equal but for the case of ASCII letters.
    func isCaselessly(_ other: String) -> Bool {
        utf8.count == other.utf8.count && zip(utf8, other.utf8).allSatisfy { $0.lowercased == $1.lowercased }
    }

    /// As a quoted string (RFC 3261 §25.1). CR, LF and NUL cannot be in one and become SP.
    package var quoted: String {
        var text: [UInt8] = [UInt8(ascii: "\"")]
        for byte in utf8 {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { text.append(UInt8(ascii: "\\")) }
            text.append(byte == 13 || byte == 10 || byte == 0 ? 32 : byte)
        }
        text.append(UInt8(ascii: "\""))
        return String(decoding: text, as: UTF8.self)
    }
    var quotedIfNeeded: String {
        !isEmpty && utf8.allSatisfy(ByteClass.parameterValue.contains) ? self : quoted
    }
}
