/// Sets of ASCII octets, as the grammar of RFC 3261 §25.1 names them. Two words of bits, no table in memory.
struct ByteClass: Sendable {
    let low: UInt64
    let high: UInt64

    @inline(__always) func contains(_ byte: UInt8) -> Bool {
        let word = byte < 64 ? low : high
        return byte < 128 && (word &>> UInt64(byte & 63)) & 1 != 0
    }

    // The bits are written out so that the compiler keeps them as constants in the code.
    // `Tests/SIPMessageTests/ByteClassTests` holds each against its characters.
    static let digits: UInt64 = 0x03FF_0000_0000_0000
    static let letters: UInt64 = 0x07FF_FFFE_07FF_FFFE

    /// token: alphanum and `-.!%*_+` with the grave accent, `'` and `~`.
    @inline(__always) static var token: ByteClass {
        .init(low: digits | 0x0000_6CA2_0000_0000, high: letters | 0x4000_0001_8000_0000)
    }
    /// word, of which Call-ID is made: token and `()<>:\"/[]?{}`.
    @inline(__always) static var word: ByteClass {
        .init(low: digits | 0xD400_EFA6_0000_0000, high: letters | 0x6800_0001_B800_0000)
    }
    /// The user part of a SIP URI: unreserved and `&=+$,;?/`; `%` only as an escape.
    @inline(__always) static var user: ByteClass {
        .init(low: digits | 0xA800_FFD2_0000_0000, high: letters | 0x4000_0000_8000_0000)
    }
    /// The password of a SIP URI: unreserved and `&=+$,`.
    @inline(__always) static var password: ByteClass {
        .init(low: digits | 0x2000_7FD2_0000_0000, high: letters | 0x4000_0000_8000_0000)
    }
    /// Names and values of URI parameters: unreserved and `[]/:&+$`.
    @inline(__always) static var uriParameter: ByteClass {
        .init(low: digits | 0x0400_EFD2_0000_0000, high: letters | 0x4000_0000_A800_0000)
    }
    /// Names and values of URI headers: unreserved and `[]/?:+$`.
    @inline(__always) static var uriHeader: ByteClass {
        .init(low: digits | 0x8400_EF92_0000_0000, high: letters | 0x4000_0000_A800_0000)
    }
    /// unreserved of RFC 3261 §25.1: alphanum and mark.
    @inline(__always) static var unreserved: ByteClass {
        .init(low: digits | 0x0000_6782_0000_0000, high: letters | 0x4000_0000_8000_0000)
    }
    /// Letters, digits, `-`, `.`, and `_`, which real host names hold although the grammar does not.
    @inline(__always) static var hostname: ByteClass {
        .init(low: digits | 0x0000_6000_0000_0000, high: letters | 0x0000_0000_8000_0000)
    }
    /// What stands between the brackets of an IPv6 reference: hexadecimal digits, `:` and `.`.
    @inline(__always) static var ipv6: ByteClass {
        .init(low: digits | 0x0400_4000_0000_0000, high: 0x0000_007E_0000_007E)
    }
    /// Any URI that is not ours: printable ASCII but `"<>`.
    @inline(__always) static var anyURI: ByteClass { .init(low: 0xAFFF_FFFA_0000_0000, high: 0x7FFF_FFFF_FFFF_FFFF) }
    /// scheme: letters, digits, `+-.`.
    @inline(__always) static var scheme: ByteClass { .init(low: digits | 0x0000_6800_0000_0000, high: letters) }
    /// Values of header parameters outside quotes: token, and what an IPv6 reference adds.
    @inline(__always) static var parameterValue: ByteClass {
        .init(low: token.low | 0x0400_0000_0000_0000, high: token.high | 0x0000_0000_2800_0000)
    }
}

extension UInt8 {
    @inline(__always) var isDigit: Bool { self &- 48 < 10 }
    @inline(__always) var isLetter: Bool { (self | 0x20) &- 97 < 26 }
    /// SP, HTAB, and the CR and LF that only a fold can hold once the lines are known.
    @inline(__always) var isLinearWhite: Bool { self == 32 || self == 9 || self == 13 || self == 10 }
    /// The value of a hexadecimal digit.
    @inline(__always) var hexDigit: UInt8? {
        if isDigit { return self &- 48 }
        let letter = (self | 0x20) &- 97
        return letter < 6 ? letter &+ 10 : nil
    }
    @inline(__always) var lowercased: UInt8 { isLetter ? self | 0x20 : self }
}
