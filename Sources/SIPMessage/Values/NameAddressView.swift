/// A name-addr or addr-spec with its parameters, by offsets: From, To, Contact, Route and their like.
package struct NameAddressView: Hashable, Sendable {
    /// With its quotes, if it has any.
    package var displayName = ByteRange.absent
    package var uri: URIView
    /// From the first `;` after the address on.
    package var parameters = ByteRange.absent
    package var tag = ByteRange.absent
    /// The expires parameter, of Contact.
    package var expires = ByteRange.absent

    /// Reads one value and stops at a comma or at the end.
    init(_ scanner: inout Scanner, _ bytes: Span<UInt8>) throws(SIPParseError) {
        scanner.skipWhite(bytes)
        let start = scanner.at
        guard let first = scanner.peek(bytes) else { throw SIPParseError(.address, at: start) }
        if first == UInt8(ascii: "<") {
            uri = try Self.bracketed(&scanner, bytes)
        } else if first == UInt8(ascii: "\"") {
            displayName = try scanner.quotedString(bytes)
            scanner.skipWhite(bytes)
            uri = try Self.bracketed(&scanner, bytes)
        } else if let name = Self.unquotedName(&scanner, bytes) {
            displayName = name
            uri = try Self.bracketed(&scanner, bytes)
        } else {
            scanner.at = start
            uri = try Self.bare(&scanner, bytes)
        }
        try readParameters(&scanner, bytes)
    }

    /// Tokens and white space up to `<`; nil if something else comes first, so that it must be an address by itself.
    /// Octets above ASCII are let pass: many send names that way.
    @inline(__always)
    private static func unquotedName(_ scanner: inout Scanner, _ bytes: Span<UInt8>) -> ByteRange? {
        let start = scanner.at
        var at = start
        var end = start
        while true {
            let runEnd = bytes.endOfRun(of: .token, from: at, to: scanner.end)
            if runEnd > at { end = runEnd }
            at = runEnd
            guard at < scanner.end else { return nil }
            let byte = bytes[at]
            if byte >= 128 {
                at &+= 1
                end = at
            } else if byte.isLinearWhite {
                at &+= 1
            } else if byte == UInt8(ascii: "<") {
                scanner.at = at
                return ByteRange(start, end)
            } else {
                return nil
            }
        }
    }

    @inline(__always)
    private static func bracketed(_ scanner: inout Scanner, _ bytes: Span<UInt8>) throws(SIPParseError) -> URIView {
        guard scanner.take(UInt8(ascii: "<"), bytes) else { throw SIPParseError(.address, at: scanner.at) }
        let close = bytes.first(UInt8(ascii: ">"), from: scanner.at, to: scanner.end)
        guard close < scanner.end else { throw SIPParseError(.address, at: scanner.at) }
        let uri = try URIView(ByteRange(scanner.at, close), in: bytes)
        scanner.at = close &+ 1
        return uri
    }

    /// Without brackets the URI has no parameters and no headers: `;` belongs to the field, `?` is an error (§20.10).
    private static func bare(_ scanner: inout Scanner, _ bytes: Span<UInt8>) throws(SIPParseError) -> URIView {
        let start = scanner.at
        while scanner.at < scanner.end {
            let byte = bytes[scanner.at]
            if byte == UInt8(ascii: ";") || byte == UInt8(ascii: ",") || byte.isLinearWhite { break }
            if byte == UInt8(ascii: "?") { throw SIPParseError(.address, at: scanner.at) }
            scanner.at &+= 1
        }
        return try URIView(ByteRange(start, scanner.at), in: bytes)
    }

    @inline(__always)
    private mutating func readParameters(_ scanner: inout Scanner, _ bytes: Span<UInt8>) throws(SIPParseError) {
        let start = scanner.at
        while let parameter = try scanner.parameter(bytes) {
            parameters = ByteRange(start, scanner.at)
            if bytes.isWord(parameter.name, ShortWord("tag")) {
                // Two tags: which of them names the dialog would be anybody's guess (H-021).
                if tag.isPresent { throw SIPParseError(.repeated, at: parameter.name.lower) }
                guard parameter.isUnquoted(bytes) else { throw SIPParseError(.parameter, at: parameter.name.lower) }
                tag = parameter.value
            } else if bytes.isWord(parameter.name, ShortWord("expires")) {
                expires = parameter.value
            }
        }
    }
}
