/// Why a request was sent, or an answer given (RFC 3326): by the numbers of a protocol, `SIP` or `Q.850`.
package struct Reason: Hashable, Sendable, CustomStringConvertible {
    package var protocolName: String
    package var cause: Int?
    package var text: String?

    package init(_ protocolName: String, cause: Int? = nil, text: String? = nil) {
        self.protocolName = protocolName
        self.cause = cause
        self.text = text
    }
    init(_ range: ByteRange, in bytes: [UInt8]) throws(SIPParseError) {
        var scanner = Scanner(range)
        scanner.skipWhite(bytes.span)
        protocolName = bytes.text(try scanner.token(bytes.span))
        let parameters = try Parameters(remaining: &scanner, in: bytes)
        cause = parameters["cause"].flatMap { Int($0) }
        text = parameters["text"]
    }

    /// As one field lists them; what cannot be read is passed over.
    package static func list(_ text: String) -> [Reason] {
        let bytes = Array(text.utf8)
        return bytes.elements(of: ByteRange(0, bytes.count)).compactMap { try? Reason($0, in: bytes) }
    }

    package var description: String {
        var words = protocolName
        if let cause { words += ";cause=\(cause)" }
        if let text { words += ";text=\(text.quoted)" }
        return words
    }
}

extension SIPMessage {
    /// One for each protocol; what cannot be read is passed over, since nothing depends on it.
    package var reasons: [Reason] {
        fields.filter { $0.field == .reason }.flatMap { elements(of: $0.value) }
            .compactMap { try? Reason($0, in: bytes) }
    }

    /// Of a list of addresses or URIs in angle brackets with parameters, such as Call-Info: those that can be read.
    package func addresses(in name: FieldName) -> [NameAddress] {
        fields.filter { matches($0, name) }.flatMap { elements(of: $0.value) }
            .compactMap { try? NameAddress(parsing: bytes.unfoldedText($0)) }
    }
}
