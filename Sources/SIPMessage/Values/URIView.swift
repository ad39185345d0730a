/// A URI by its offsets (RFC 3261 §25.1, RFC 5118).
package struct URIView: Hashable, Sendable {
    package enum Scheme: UInt8, Hashable, Sendable { case sip, sips, other }

    package var scheme = Scheme.other
    package var isSIP: Bool { scheme != .other }
    package var isIPv6 = false
    /// 0: none given.
    package var port: UInt16 = 0
    package var whole: ByteRange
    package var user = ByteRange.absent
    package var password = ByteRange.absent
    /// Without brackets. For a URI that is not SIP or SIPS, absent.
    package var host = ByteRange.absent
    /// Everything after the first `;` that is no part of the user, up to `?`.
    package var parameters = ByteRange.absent
    /// Everything after `?`.
    package var headers = ByteRange.absent
    /// Where the colon after the scheme stands.
    package var colon: UInt32 = 0

    /// Reads the whole of `range`, or throws.
    init(_ range: ByteRange, in bytes: Span<UInt8>) throws(SIPParseError) {
        whole = range
        if range.count > MessageLimits.uri { throw SIPParseError(.tooLong, at: range.lower) }
        var scanner = Scanner(range)
        let scheme = scanner.run(of: .scheme, bytes)
        guard !scheme.isEmpty, bytes[scheme.lower].isLetter, scanner.take(UInt8(ascii: ":"), bytes) else {
            throw SIPParseError(.uri, at: scanner.at)
        }
        colon = scheme.end
        if bytes.isWord(scheme, ShortWord("sip")) {
            self.scheme = .sip
        } else if bytes.isWord(scheme, ShortWord("sips")) {
            self.scheme = .sips
        } else {
            let rest = scanner.run(of: .anyURI, bytes)
            guard !rest.isEmpty, scanner.isAtEnd else { throw SIPParseError(.uri, at: scanner.at) }
            return
        }
        let atSign = bytes.first(UInt8(ascii: "@"), from: scanner.at, to: scanner.end)
        if atSign < scanner.end { try readUserInfo(&scanner, upTo: atSign, bytes) }
        try readHostPort(&scanner, bytes)
        if scanner.take(UInt8(ascii: ";"), bytes) { try readParameters(&scanner, bytes) }
        if scanner.take(UInt8(ascii: "?"), bytes) { try readHeaders(&scanner, bytes) }
        guard scanner.isAtEnd else { throw SIPParseError(.uri, at: scanner.at) }
    }

    private mutating func readUserInfo(
        _ scanner: inout Scanner, upTo atSign: Int, _ bytes: Span<UInt8>
    ) throws(SIPParseError) {
        user = try scanner.escapedRun(of: .user, bytes)
        if user.isEmpty { throw SIPParseError(.uri, at: scanner.at) }
        if scanner.take(UInt8(ascii: ":"), bytes) { password = try scanner.escapedRun(of: .password, bytes) }
        guard scanner.at == atSign else { throw SIPParseError(.uri, at: scanner.at) }
        scanner.at &+= 1
    }

    private mutating func readHostPort(_ scanner: inout Scanner, _ bytes: Span<UInt8>) throws(SIPParseError) {
        let place = try scanner.hostPort(bytes)
        (host, isIPv6, port) = (place.host, place.isIPv6, place.port)
    }

    private mutating func readParameters(_ scanner: inout Scanner, _ bytes: Span<UInt8>) throws(SIPParseError) {
        let start = scanner.at
        var count = 0
        repeat {
            count &+= 1
            if count > MessageLimits.uriParameters { throw SIPParseError(.tooManyValues, at: scanner.at) }
            if try scanner.escapedRun(of: .uriParameter, bytes).isEmpty {
                throw SIPParseError(.parameter, at: scanner.at)
            }
            if scanner.take(UInt8(ascii: "="), bytes), try scanner.escapedRun(of: .uriParameter, bytes).isEmpty {
                throw SIPParseError(.parameter, at: scanner.at)
            }
        } while scanner.take(UInt8(ascii: ";"), bytes)
        parameters = ByteRange(start, scanner.at)
    }

    private mutating func readHeaders(_ scanner: inout Scanner, _ bytes: Span<UInt8>) throws(SIPParseError) {
        let start = scanner.at
        var count = 0
        repeat {
            count &+= 1
            if count > MessageLimits.uriHeaders { throw SIPParseError(.tooManyValues, at: scanner.at) }
            let name = try scanner.escapedRun(of: .uriHeader, bytes)
            guard !name.isEmpty, scanner.take(UInt8(ascii: "="), bytes) else {
                throw SIPParseError(.uri, at: scanner.at)
            }
            _ = try scanner.escapedRun(of: .uriHeader, bytes)
        } while scanner.take(UInt8(ascii: "&"), bytes)
        headers = ByteRange(start, scanner.at)
    }
}

/// A host with or without a port, as Via and URIs have it.
struct HostPort {
    var host: ByteRange
    var isIPv6: Bool
    /// 0: none given.
    var port: UInt16
}

extension Scanner {
    /// As many octets of a class as follow, and `%` with two hexadecimal digits (H-018).
    @inline(__always)
    mutating func escapedRun(of set: ByteClass, _ bytes: Span<UInt8>) throws(SIPParseError) -> ByteRange {
        let start = at
        while true {
            at = bytes.endOfRun(of: set, from: at, to: end)
            guard at < end, bytes[at] == UInt8(ascii: "%") else { return ByteRange(start, at) }
            guard at &+ 2 < end, bytes[at &+ 1].hexDigit != nil, bytes[at &+ 2].hexDigit != nil else {
                throw SIPParseError(.escape, at: at)
            }
            at &+= 3
        }
    }

    /// host [":" port]. With white space around the colon allowed, as sent-by of Via has it, if `spaced`.
    @inline(__always)
    mutating func hostPort(spaced: Bool = false, _ bytes: Span<UInt8>) throws(SIPParseError) -> HostPort {
        var place: HostPort
        if take(UInt8(ascii: "["), bytes) {
            let start = at
            while at < end, ByteClass.ipv6.contains(bytes[at]) { at &+= 1 }
            let address = ByteRange(start, at)
            guard take(UInt8(ascii: "]"), bytes), bytes.isIPv6Address(address) else {
                throw SIPParseError(.host, at: address.lower)
            }
            place = HostPort(host: address, isIPv6: true, port: 0)
        } else {
            place = HostPort(host: try hostName(bytes), isIPv6: false, port: 0)
        }
        let afterHost = at
        if spaced { skipWhite(bytes) }
        guard take(UInt8(ascii: ":"), bytes) else {
            at = afterHost
            return place
        }
        if spaced { skipWhite(bytes) }
        let start = at
        var port: UInt32 = 0
        while at < end, bytes[at].isDigit {
            port = min(port &* 10 &+ UInt32(bytes[at] &- 48), 65_536)
            at &+= 1
        }
        guard at > start, (1...65_535).contains(port) else { throw SIPParseError(.port, at: start) }
        place.port = UInt16(truncatingIfNeeded: port)
        return place
    }

    /// A name or dotted-decimal address: labels that are not empty; one dot at the end is allowed (H-019).
    @inline(__always)
    private mutating func hostName(_ bytes: Span<UInt8>) throws(SIPParseError) -> ByteRange {
        let name = run(of: .hostname, bytes)
        if name.isEmpty || name.count > MessageLimits.host { throw SIPParseError(.host, at: name.lower) }
        if bytes[name.lower] == UInt8(ascii: ".") { throw SIPParseError(.host, at: name.lower) }
        if bytes.mayHaveEmptyLabel(name) { try Self.refuseEmptyLabels(name, bytes) }
        return name
    }

    @inline(never)
    private static func refuseEmptyLabels(_ name: ByteRange, _ bytes: Span<UInt8>) throws(SIPParseError) {
        for at in name.bounds.dropFirst() where bytes[at] == UInt8(ascii: ".") && bytes[at - 1] == UInt8(ascii: ".") {
            throw SIPParseError(.host, at: at)
        }
    }
}

extension Span<UInt8> {
    /// An IPv6 address (RFC 4291 §2.2). One colon too many before an IPv4 part is let pass, as RFC 5118 §4.10 asks.
    func isIPv6Address(_ range: ByteRange) -> Bool {
        var at = range.lower
        let end = range.upper
        var groups = 0
        var isShortened = false
        while at < end {
            let start = at
            while at < end, self[at].hexDigit != nil { at &+= 1 }
            if at < end, self[at] == UInt8(ascii: ".") {
                guard isIPv4Address(ByteRange(start, end)) else { return false }
                groups &+= 2
                at = end
                break
            }
            if at &- start > 4 { return false }
            if at > start { groups &+= 1 }
            guard at < end else { break }
            at &+= 1
            if at < end, self[at] == UInt8(ascii: ":") {
                if isShortened { return false }
                isShortened = true
                at &+= 1
                if at < end, self[at] == UInt8(ascii: ":"), hasDot(from: at, to: end) { at &+= 1 }
            } else if at == start &+ 1 || at == end {
                return false
            }
        }
        return isShortened ? groups < 8 : groups == 8
    }

    private func hasDot(from start: Int, to end: Int) -> Bool { first(UInt8(ascii: "."), from: start, to: end) < end }

    private func isIPv4Address(_ range: ByteRange) -> Bool {
        var scanner = Scanner(range)
        for part in 0..<4 {
            if part > 0, !scanner.take(UInt8(ascii: "."), self) { return false }
            let start = scanner.at
            guard (try? scanner.number(upTo: 255, self)) != nil, scanner.at &- start <= 3 else { return false }
        }
        return scanner.isAtEnd
    }
}
