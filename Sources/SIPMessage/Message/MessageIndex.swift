/// Where everything in a message stands: made in one pass over the header section, which reads each octet about once.
///
/// What can be noted is noted and not thrown, so that a request with a fault can still be answered 400 by what can be
/// read of it (RFC 3261 §8.2, §18.3).
struct MessageIndex {
    let start: StartLine
    let section: FieldSection

    /// `bytes` begin with the start line.
    init(_ bytes: Span<UInt8>) throws(SIPParseError) {
        let lineEnd = bytes.firstControl(from: 0, to: bytes.count)
        guard lineEnd > 0, lineEnd &+ 1 < bytes.count, bytes[lineEnd] == 13, bytes[lineEnd &+ 1] == 10 else {
            throw SIPParseError(.notSIP, at: lineEnd)
        }
        start = try StartLine(ByteRange(0, lineEnd), bytes)
        section = try FieldSection(from: lineEnd &+ 2, bytes)
    }

    var fields: [FieldEntry] { section.fields }
    /// The first octet after the empty line.
    var bodyStart: Int { section.end }
    var fault: SIPParseError? { start.fault ?? section.fault }
}
