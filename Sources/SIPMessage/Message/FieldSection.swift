/// The header fields of a message, or of a part of a multipart body, found in one pass that reads each octet about once.
struct FieldSection {
    private(set) var fields: [FieldEntry] = []
    /// The first octet after the empty line.
    private(set) var end = 0
    private(set) var fault: SIPParseError?
    /// A value goes on in a further line (RFC 3261 §7.3.1).
    private(set) var hasFolds = false

    /// Throws only where no empty line ends the section.
    init(from start: Int, _ bytes: Span<UInt8>) throws(SIPParseError) {
        fields.reserveCapacity(24)
        let table = FieldTable.shared
        var at = start
        // Up to here no colon follows `at`. Without it, lines that hold none would be searched again and again.
        var searched = start
        while true {
            guard at &+ 1 < bytes.count else { throw SIPParseError(.unterminatedHeader, at: bytes.count) }
            if bytes[at] == 13, bytes[at &+ 1] == 10 { break }
            let nameStart = at
            let limit = min(bytes.count, at &+ MessageLimits.field)
            searched = bytes.first(UInt8(ascii: ":"), from: max(at, searched), to: limit)
            guard let name = Self.name(from: at, colon: searched, table, bytes) else {
                note(.fieldLine, at)
                _ = try readValue(from: at, to: &at, bytes)
                continue
            }
            let value = try readValue(from: searched &+ 1, to: &at, bytes)
            if at &- nameStart > MessageLimits.field {
                note(.tooLong, nameStart)
            } else if fields.count >= MessageLimits.fields {
                note(.tooManyFields, nameStart)
            } else {
                fields.append(
                    FieldEntry(
                        nameStart: UInt32(truncatingIfNeeded: nameStart),
                        nameCount: UInt16(truncatingIfNeeded: name.count), field: name.field, value: value))
            }
        }
        end = at &+ 2
    }

    /// The name that stands between `start` and the colon, white space before which is trimmed; nil if what stands there
    /// is no name (H-013).
    @inline(__always)
    private static func name(
        from start: Int, colon: Int, _ table: FieldTable, _ bytes: Span<UInt8>
    ) -> (field: KnownField, count: Int)? {
        guard colon < bytes.count, bytes[colon] == UInt8(ascii: ":"), colon > start else { return nil }
        if bytes[colon &- 1] > 32 {
            let field = table.field(named: start, count: colon &- start, bytes)
            if field != .other { return (field, colon &- start) }
        }
        var scanner = Scanner(at: start, end: colon)
        let name = scanner.run(of: .token, bytes)
        while let byte = scanner.peek(bytes), byte == 32 || byte == 9 { scanner.at &+= 1 }
        guard !name.isEmpty, scanner.isAtEnd else { return nil }
        return (table.field(named: start, count: name.count, bytes), name.count)
    }

    /// Reads to the end of a field, over its folds, and moves `next` to the line after it. The value is returned without
    /// white space around it. A CR or LF by itself ends nothing and is a fault (H-012).
    @inline(__always)
    private mutating func readValue(
        from start: Int, to next: inout Int, _ bytes: Span<UInt8>
    ) throws(SIPParseError) -> ByteRange {
        let count = bytes.count
        var valueStart = start
        while valueStart < count, bytes[valueStart] == 32 { valueStart &+= 1 }
        var at = valueStart
        while true {
            at = bytes.firstControl(from: at, to: count)
            guard at &+ 2 < count else { throw SIPParseError(.unterminatedHeader, at: count) }
            let byte = bytes[at]
            if byte == 13, bytes[at &+ 1] == 10 {
                if bytes[at &+ 2] != 32, bytes[at &+ 2] != 9 { break }
                hasFolds = true
                at &+= 2
            } else {
                if byte == 13 || byte == 10 {
                    note(.lineEnd, at)
                    hasFolds = true
                }
                at &+= 1
            }
        }
        next = at &+ 2
        var end = at
        while end > valueStart, bytes[end &- 1].isLinearWhite { end &-= 1 }
        while valueStart < end, bytes[valueStart].isLinearWhite { valueStart &+= 1 }
        return ByteRange(valueStart, end)
    }

    private mutating func note(_ fault: SIPParseError.Fault, _ offset: Int) {
        if self.fault == nil { self.fault = SIPParseError(fault, at: offset) }
    }
}
