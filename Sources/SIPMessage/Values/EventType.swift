/// An event package, and which of several subscriptions to it in one dialog: the Event field (RFC 6665 §8.2.1).
package struct EventType: Hashable, Sendable, CustomStringConvertible {
    package var package: String
    package var parameters: Parameters

    package init(package: String, id: String? = nil, parameters: Parameters = Parameters()) {
        self.package = package
        self.parameters = parameters
        if let id { self.parameters.set("id", id) }
    }
    init(_ range: ByteRange, in bytes: [UInt8]) throws(SIPParseError) {
        var scanner = Scanner(range)
        package = bytes.text(try scanner.token(bytes.span))
        parameters = try Parameters(remaining: &scanner, in: bytes)
    }

    package var id: String? {
        get { parameters["id"] }
        set { if let newValue { parameters.set("id", newValue) } else { parameters.remove("id") } }
    }

    package var description: String { package + parameters.headerText }
}

/// Event by its offsets.
package struct EventView: Hashable, Sendable {
    package var package: ByteRange
    package var id = ByteRange.absent

    init(_ range: ByteRange, _ bytes: Span<UInt8>) throws(SIPParseError) {
        var scanner = Scanner(range)
        package = try scanner.token(bytes)
        while let parameter = try scanner.parameter(bytes) {
            if bytes.isWord(parameter.name, ShortWord("id")) { id = parameter.value }
        }
        guard scanner.isAtEnd else { throw SIPParseError(.parameter, at: scanner.at) }
    }
}
