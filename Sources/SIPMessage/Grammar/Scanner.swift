/// A place in a piece of text and where the piece ends. It reads forward only and never past the end, so the time is
/// linear; nothing in it calls itself.
struct Scanner {
    var at: Int
    let end: Int

    @inline(__always) init(_ range: ByteRange) {
        at = range.lower
        end = range.upper
    }
    @inline(__always) init(at start: Int, end: Int) {
        at = start
        self.end = end
    }

    @inline(__always) var isAtEnd: Bool { at >= end }

    @inline(__always) func peek(_ bytes: Span<UInt8>) -> UInt8? { at < end ? bytes[at] : nil }

    // The loops keep their place in a local variable, which the compiler can hold in a register.

    @inline(__always) mutating func skipWhite(_ bytes: Span<UInt8>) {
        var at = at
        while at < end, bytes[at].isLinearWhite { at &+= 1 }
        self.at = at
    }

    /// Takes one octet if it is the next.
    @inline(__always) mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
        guard at < end, bytes[at] == byte else { return false }
        at &+= 1
        return true
    }

    /// As many octets of a class as follow; may be none. The class holds letters, digits, `-` and `.`.
    @inline(__always) mutating func run(of set: ByteClass, _ bytes: Span<UInt8>) -> ByteRange {
        let start = at
        at = bytes.endOfRun(of: set, from: start, to: end)
        return ByteRange(start, at)
    }

    @inline(__always) mutating func token(_ bytes: Span<UInt8>) throws(SIPParseError) -> ByteRange {
        let range = run(of: .token, bytes)
        if range.isEmpty { throw SIPParseError(.token, at: at) }
        return range
    }

    /// A quoted string, its quotes included. A quoted-pair may quote anything but CR and LF (RFC 3261 §25.1).
    mutating func quotedString(_ bytes: Span<UInt8>) throws(SIPParseError) -> ByteRange {
        let start = at
        at &+= 1
        while true {
            at = bytes.firstQuoteEnd(from: at, to: end)
            guard at < end else { break }
            let byte = bytes[at]
            at &+= 1
            if byte == UInt8(ascii: "\"") { return ByteRange(start, at) }
            if byte == UInt8(ascii: "\\") {
                guard at < end, bytes[at] != 13, bytes[at] != 10 else { break }
                at &+= 1
            } else if !byte.isLinearWhite {
                break
            }
        }
        throw SIPParseError(.quotedString, at: start)
    }

    /// Digits, as many as there are; a number above `limit` is an error and never wraps.
    @inline(__always) mutating func number(upTo limit: UInt64, _ bytes: Span<UInt8>) throws(SIPParseError) -> UInt64 {
        let start = at
        var at = start
        var value: UInt64 = 0
        defer { self.at = at }
        while at < end, bytes[at].isDigit {
            // Stays above any limit asked for, and cannot overflow.
            value = min(value &* 10 &+ UInt64(bytes[at] &- 48), 1 &<< 53)
            at &+= 1
        }
        if at == start || value > limit { throw SIPParseError(.number, at: start) }
        return value
    }

    /// The next `;name[=value]`, or nil at what is no parameter. The value of a quoted string keeps its quotes.
    @inline(__always) mutating func parameter(_ bytes: Span<UInt8>) throws(SIPParseError) -> ParameterView? {
        skipWhite(bytes)
        guard take(UInt8(ascii: ";"), bytes) else { return nil }
        skipWhite(bytes)
        let name = run(of: .token, bytes)
        if name.isEmpty { throw SIPParseError(.parameter, at: at) }
        return ParameterView(name: name, value: try value(bytes))
    }

    /// What follows the name of a parameter: `=` and a token, host or quoted string; absent if there is no `=`.
    @inline(__always) mutating func value(_ bytes: Span<UInt8>) throws(SIPParseError) -> ByteRange {
        let afterName = at
        skipWhite(bytes)
        guard take(UInt8(ascii: "="), bytes) else {
            at = afterName
            return .absent
        }
        skipWhite(bytes)
        if at < end, bytes[at] == UInt8(ascii: "\"") { return try quotedString(bytes) }
        let value = run(of: .parameterValue, bytes)
        if value.isEmpty { throw SIPParseError(.parameter, at: at) }
        return value
    }
}

/// One parameter by its offsets.
struct ParameterView {
    var name: ByteRange
    var value: ByteRange

    /// Whether there is a value and it is no quoted string: tags and branches are tokens (RFC 3261 §25.1), and a peer that
    /// quotes one would have two spellings of the same (H-131).
    @inline(__always) func isUnquoted(_ bytes: Span<UInt8>) -> Bool {
        value.isPresent && bytes[value.lower] != UInt8(ascii: "\"")
    }
}
