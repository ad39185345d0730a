/// The sequence number and method of a request (RFC 3261 §20.16).
package struct CSeq: Hashable, Sendable, CustomStringConvertible {
    package var number: UInt32
    package var method: Method

    package init(number: UInt32, method: Method) {
        self.number = number
        self.method = method
    }
    package var description: String { "\(number) \(method)" }
}

/// CSeq by its offsets.
package struct CSeqView: Hashable, Sendable {
    package var number: UInt32
    package var method: ByteRange

    init(_ range: ByteRange, _ bytes: Span<UInt8>) throws(SIPParseError) {
        var scanner = Scanner(range)
        number = UInt32(truncatingIfNeeded: try scanner.number(upTo: UInt64(UInt32.max), bytes))
        let afterNumber = scanner.at
        scanner.skipWhite(bytes)
        if scanner.at == afterNumber { throw SIPParseError(.token, at: scanner.at) }
        method = try scanner.token(bytes)
        guard scanner.isAtEnd else { throw SIPParseError(.token, at: scanner.at) }
    }
}
