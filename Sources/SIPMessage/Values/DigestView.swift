/// The values of a digest challenge or of digest credentials by their offsets, quotes included where there are any.
package struct DigestView: Hashable, Sendable {
    package var scheme: ByteRange
    package var username = ByteRange.absent
    package var realm = ByteRange.absent
    package var nonce = ByteRange.absent
    package var uri = ByteRange.absent
    package var response = ByteRange.absent
    package var algorithm = ByteRange.absent
    package var cnonce = ByteRange.absent
    package var opaque = ByteRange.absent
    package var qop = ByteRange.absent
    package var nc = ByteRange.absent
    package var stale = ByteRange.absent

    /// nil for a scheme other than Digest.
    init?(_ range: ByteRange, _ bytes: Span<UInt8>) throws(SIPParseError) {
        var scanner = Scanner(range)
        scheme = try scanner.token(bytes)
        guard bytes.isWord(scheme, ShortWord("digest")) else { return nil }
        repeat {
            scanner.skipWhite(bytes)
            let name = try scanner.token(bytes)
            let value = try scanner.value(bytes)
            guard value.isPresent else { throw SIPParseError(.parameter, at: scanner.at) }
            note(name, value, bytes)
            scanner.skipWhite(bytes)
        } while scanner.take(UInt8(ascii: ","), bytes)
        guard scanner.isAtEnd else { throw SIPParseError(.parameter, at: scanner.at) }
    }

    @inline(__always)
    private mutating func note(_ name: ByteRange, _ value: ByteRange, _ bytes: Span<UInt8>) {
        switch name.count {
        case 2: if bytes.isWord(name, ShortWord("nc")) { nc = value }
        case 3:
            if bytes.isWord(name, ShortWord("uri")) { uri = value }
            if bytes.isWord(name, ShortWord("qop")) { qop = value }
        case 5:
            if bytes.isWord(name, ShortWord("realm")) { realm = value }
            if bytes.isWord(name, ShortWord("nonce")) { nonce = value }
            if bytes.isWord(name, ShortWord("stale")) { stale = value }
        case 6:
            if bytes.isWord(name, ShortWord("cnonce")) { cnonce = value }
            if bytes.isWord(name, ShortWord("opaque")) { opaque = value }
        case 8:
            if bytes.isWord(name, ShortWord("username")) { username = value }
            if bytes.isWord(name, ShortWord("response")) { response = value }
        case 9: if bytes.foldedWord(from: name.lower, count: 8) == ShortWord("algorith").bits { algorithm = value }
        default: break
        }
    }
}
