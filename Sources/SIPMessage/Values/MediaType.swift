/// The type of a body: Content-Type and the values of Accept (RFC 3261 §20.15).
package struct MediaType: Hashable, Sendable, CustomStringConvertible {
    package var type: String
    package var subtype: String
    package var parameters: Parameters

    package init(_ type: String, _ subtype: String, parameters: Parameters = Parameters()) {
        self.type = type
        self.subtype = subtype
        self.parameters = parameters
    }
    package init(parsing text: some StringProtocol) throws(SIPParseError) {
        let bytes = Array(text.utf8)
        try self.init(ByteRange(0, bytes.count), in: bytes)
    }
    init(_ range: ByteRange, in bytes: [UInt8]) throws(SIPParseError) {
        let span = bytes.span
        var scanner = Scanner(range)
        scanner.skipWhite(span)
        type = bytes.text(try scanner.token(span))
        scanner.skipWhite(span)
        guard scanner.take(UInt8(ascii: "/"), span) else { throw SIPParseError(.token, at: scanner.at) }
        scanner.skipWhite(span)
        subtype = bytes.text(try scanner.token(span))
        parameters = try Parameters(remaining: &scanner, in: bytes)
    }

    /// `application/sdp`, in lower case and without parameters: what to compare with.
    package var essence: String { "\(type)/\(subtype)".lowercased() }

    package var description: String { "\(type)/\(subtype)\(parameters.headerText)" }
}

extension Parameters {
    /// Header parameters up to the end of the value.
    init(remaining scanner: inout Scanner, in bytes: [UInt8]) throws(SIPParseError) {
        self.init()
        while let parameter = try scanner.parameter(bytes.span) {
            append(bytes.text(parameter.name), parameter.value.isPresent ? bytes.unquotedText(parameter.value) : nil)
        }
        guard scanner.isAtEnd else { throw SIPParseError(.parameter, at: scanner.at) }
    }
}
