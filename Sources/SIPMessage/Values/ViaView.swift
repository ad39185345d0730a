/// One value of Via by its offsets (RFC 3261 §20.42, RFC 3581).
package struct ViaView: Hashable, Sendable {
    package var transport: ByteRange
    /// Without brackets.
    package var host: ByteRange
    package var isIPv6: Bool
    /// Where the name `rport` stands, by which the sender asks for it (RFC 3581 §3).
    package var rportName = ByteRange.absent
    package var hasRport: Bool { rportName.isPresent }
    /// 0: none given.
    package var port: UInt16
    /// 0: none given, or the parameter has no value.
    package var rport: UInt16 = 0
    package var parameters = ByteRange.absent
    package var branch = ByteRange.absent
    package var received = ByteRange.absent

    /// Reads one value and stops at a comma or at the end.
    init(_ scanner: inout Scanner, _ bytes: Span<UInt8>) throws(SIPParseError) {
        scanner.skipWhite(bytes)
        _ = try scanner.token(bytes)
        try Self.slash(&scanner, bytes)
        _ = try scanner.token(bytes)
        try Self.slash(&scanner, bytes)
        transport = try scanner.token(bytes)
        let afterTransport = scanner.at
        scanner.skipWhite(bytes)
        if scanner.at == afterTransport { throw SIPParseError(.token, at: scanner.at) }
        let place = try scanner.hostPort(spaced: true, bytes)
        (host, isIPv6, port) = (place.host, place.isIPv6, place.port)
        let start = scanner.at
        while let parameter = try scanner.parameter(bytes) {
            parameters = ByteRange(start, scanner.at)
            try note(parameter, bytes)
        }
    }

    @inline(__always)
    private static func slash(_ scanner: inout Scanner, _ bytes: Span<UInt8>) throws(SIPParseError) {
        scanner.skipWhite(bytes)
        guard scanner.take(UInt8(ascii: "/"), bytes) else { throw SIPParseError(.token, at: scanner.at) }
        scanner.skipWhite(bytes)
    }

    @inline(__always)
    private mutating func note(_ parameter: ParameterView, _ bytes: Span<UInt8>) throws(SIPParseError) {
        if bytes.isWord(parameter.name, ShortWord("branch")) {
            guard parameter.isUnquoted(bytes) else { throw SIPParseError(.parameter, at: parameter.name.lower) }
            if branch.isPresent { throw SIPParseError(.repeated, at: parameter.name.lower) }
            branch = parameter.value
        } else if bytes.isWord(parameter.name, ShortWord("received")) {
            received = parameter.value
        } else if bytes.isWord(parameter.name, ShortWord("rport")) {
            rportName = parameter.name
            guard parameter.value.isPresent else { return }
            var scanner = Scanner(parameter.value)
            let number = try scanner.number(upTo: 65_535, bytes)
            guard scanner.isAtEnd else { throw SIPParseError(.number, at: scanner.at) }
            rport = UInt16(truncatingIfNeeded: number)
        }
    }
}
