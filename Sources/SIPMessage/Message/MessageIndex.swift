/// Where everything in a message stands: made in one pass over the header section, which reads each octet about once.
///
/// What can be noted is noted and not thrown, so that a request with a fault can still be answered 400 by what can be
/// read of it (RFC 3261 §8.2, §18.3).
enum MessageIndex {
    /// Where the start line ends, of octets that begin with it.
    static func endOfStartLine(_ bytes: Span<UInt8>) throws(SIPParseError) -> Int {
        let lineEnd = bytes.firstControl(from: 0, to: bytes.count)
        guard lineEnd > 0, lineEnd &+ 1 < bytes.count, bytes[lineEnd] == 13, bytes[lineEnd &+ 1] == 10 else {
            throw SIPParseError(.notSIP, at: lineEnd)
        }
        return lineEnd
    }

    /// The header fields, of octets that begin with the start line, which has to be one.
    static func fields(_ bytes: Span<UInt8>) throws(SIPParseError) -> [FieldEntry] {
        let lineEnd = try endOfStartLine(bytes)
        _ = try StartLine(ByteRange(0, lineEnd), bytes)
        return try FieldSection(from: lineEnd &+ 2, bytes).fields
    }
}
