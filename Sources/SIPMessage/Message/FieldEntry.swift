/// One header field of a message: which it is, and where its name and value stand. 16 octets.
struct FieldEntry: Hashable, Sendable {
    var nameStart: UInt32
    var nameCount: UInt16
    var field: KnownField
    var value: ByteRange

    var name: ByteRange { ByteRange(start: nameStart, end: nameStart &+ UInt32(nameCount)) }
}

/// The first line by its offsets (RFC 3261 §7.1, §7.2).
struct StartLine: Hashable, Sendable {
    var isRequest = true
    var method = Method.other("")
    /// Request-URI, in the line of a request.
    var target = ByteRange.absent
    var version = ByteRange.absent
    /// 0 where the code is not between 100 and 699.
    var status: UInt16 = 0
    var statusText = ByteRange.absent
    var reason = ByteRange.absent
    /// The first thing wrong with it.
    var fault: SIPParseError?

    /// Throws only if the line cannot be that of a SIP message; other faults are noted, so that the message can be
    /// answered.
    init(_ line: ByteRange, _ bytes: Span<UInt8>) throws(SIPParseError) {
        let space = bytes.first(32, from: line.lower, to: line.upper)
        guard space < line.upper, space > line.lower else { throw SIPParseError(.notSIP, at: line.lower) }
        let first = ByteRange(line.lower, space)
        if first.count > 4, bytes.foldedWord(from: line.lower, count: 4) == ShortWord("sip/").bits {
            readStatusLine(version: first, from: space &+ 1, to: line.upper, bytes)
        } else {
            try readRequestLine(method: first, from: space &+ 1, to: line.upper, bytes)
        }
    }

    private mutating func readRequestLine(
        method: ByteRange, from start: Int, to end: Int, _ bytes: Span<UInt8>
    ) throws(SIPParseError) {
        var scanner = Scanner(method)
        _ = scanner.run(of: .token, bytes)
        guard scanner.isAtEnd else { throw SIPParseError(.notSIP, at: scanner.at) }
        self.method = Method(method, in: bytes)
        var last = end
        while last > start, bytes[last &- 1] == 32 { last &-= 1 }
        var versionStart = last
        while versionStart > start, bytes[versionStart &- 1] != 32 { versionStart &-= 1 }
        version = ByteRange(versionStart, last)
        var targetEnd = versionStart
        while targetEnd > start, bytes[targetEnd &- 1] == 32 { targetEnd &-= 1 }
        var targetStart = start
        while targetStart < targetEnd, bytes[targetStart] == 32 { targetStart &+= 1 }
        target = ByteRange(targetStart, targetEnd)
        // One SP between the elements and none after them; none inside the URI.
        if target.isEmpty || last != end || targetStart != start || targetEnd &+ 1 != versionStart {
            fault = SIPParseError(.startLine, at: start)
        } else if bytes.first(32, from: targetStart, to: targetEnd) < targetEnd {
            fault = SIPParseError(.startLine, at: targetStart)
        } else {
            checkVersion(bytes)
        }
    }

    private mutating func readStatusLine(version: ByteRange, from start: Int, to end: Int, _ bytes: Span<UInt8>) {
        isRequest = false
        self.version = version
        let codeEnd = bytes.first(32, from: start, to: end)
        statusText = ByteRange(start, codeEnd)
        reason = codeEnd < end ? ByteRange(codeEnd &+ 1, end) : .absent
        var scanner = Scanner(statusText)
        if let code = try? scanner.number(upTo: 699, bytes), code >= 100, scanner.isAtEnd, statusText.count == 3 {
            status = UInt16(truncatingIfNeeded: code)
            checkVersion(bytes)
        } else {
            fault = SIPParseError(.statusCode, at: start)
        }
    }

    /// The version compares without case (§7.1). Something that is no version at all makes the line malformed.
    @inline(__always) private mutating func checkVersion(_ bytes: Span<UInt8>) {
        let isSIP = version.count > 4 && bytes.foldedWord(from: version.lower, count: 4) == ShortWord("sip/").bits
        if !isSIP {
            fault = SIPParseError(.startLine, at: version.lower)
        } else if version.count != 7 || bytes[version.lower &+ 4] != UInt8(ascii: "2")
            || bytes[version.lower &+ 5] != UInt8(ascii: ".") || bytes[version.lower &+ 6] != UInt8(ascii: "0")
        {
            fault = SIPParseError(.version, at: version.lower)
        }
    }
}
