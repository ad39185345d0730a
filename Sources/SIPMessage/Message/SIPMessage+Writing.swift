/// A message that came, written again as we write our own.
extension SIPMessage {
    /// One line for each field with a long name, Via first and the true Content-Length last, one SP between the elements of
    /// the start line; each value as it came, but unfolded. A field that has no name here keeps its own (RFC 3261 §7.3.1).
    /// What is malformed stays malformed.
    ///
    /// Lines that stand in this form already, which is most of them, are copied in runs.
    package func reserialised() -> [UInt8] {
        var written: [UInt8] = []
        written.reserveCapacity(bytes.count + 128)
        writeStartLine(to: &written)
        // Where it is right and stands last, its line is one like the others.
        let keepsLength = fault == nil && fields.last?.field == .contentLength
        let start = written.count
        if !writeFieldsInPlace(to: &written, withLength: keepsLength) {
            written.removeSubrange(start...)
            writeFields(to: &written) { $0 == .via }
            writeFields(to: &written) { $0 != .via && (keepsLength || $0 != .contentLength) }
        }
        if !keepsLength { written.append(contentsOf: "Content-Length: \(bytes.count - bodyStart)\r\n".utf8) }
        written.append(contentsOf: bytes[(bodyStart - 2)...])
        return written
    }

    /// The start line can be copied too, unless it is one that we could not read.
    private func writeStartLine(to written: inout [UInt8]) {
        let last = start.isRequest ? start.version : start.reason.isPresent ? start.reason : start.statusText
        written.append(contentsOf: bytes[0..<last.upper])
        if !start.isRequest, !start.reason.isPresent { written.append(32) }
        written.append(13)
        written.append(10)
    }

    /// The fields in the order in which they came; false where a Via stands behind another field.
    private func writeFieldsInPlace(to written: inout [UInt8], withLength keepsLength: Bool) -> Bool {
        let span = bytes.span
        var run = Run()
        var isPastVias = false
        for entry in fields {
            if entry.field == .via {
                if isPastVias { return false }
            } else {
                isPastVias = true
                if entry.field == .contentLength, !keepsLength { continue }
            }
            write(entry, &run, to: &written, span)
        }
        run.write(bytes, to: &written)
        return true
    }

    private func writeFields(to written: inout [UInt8], where isWanted: (KnownField) -> Bool) {
        var run = Run()
        for entry in fields where isWanted(entry.field) { write(entry, &run, to: &written, bytes.span) }
        run.write(bytes, to: &written)
    }

    /// Lines that stand side by side and wait to be copied together.
    private struct Run {
        var start = 0
        var end = 0

        func write(_ bytes: [UInt8], to written: inout [UInt8]) {
            if end > start { written.append(contentsOf: bytes[start..<end]) }
        }
    }

    @inline(__always)
    private func write(_ entry: FieldEntry, _ run: inout Run, to written: inout [UInt8], _ span: Span<UInt8>) {
        guard !hasFolds, isNormal(entry, span) else {
            run.write(bytes, to: &written)
            run = Run()
            writeLine(entry, to: &written)
            return
        }
        let start = Int(truncatingIfNeeded: entry.nameStart)
        if run.end != start {
            run.write(bytes, to: &written)
            run.start = start
        }
        run.end = entry.value.upper &+ 2
    }

    /// Whether the line of this field can be copied as it stands: no compact name, one SP after the colon, and no other
    /// white space around name and value.
    @inline(__always)
    private func isNormal(_ entry: FieldEntry, _ span: Span<UInt8>) -> Bool {
        let colon = Int(truncatingIfNeeded: entry.nameStart &+ UInt32(truncatingIfNeeded: entry.nameCount))
        let end = entry.value.upper
        return entry.value.lower == colon &+ 2 && entry.nameCount > 1 && end < span.count
            && span[colon] == UInt8(ascii: ":") && span[colon &+ 1] == 32 && span[end] == 13
    }

    private func writeLine(_ entry: FieldEntry, to written: inout [UInt8]) {
        if entry.field == .other {
            written.append(contentsOf: bytes[entry.name.bounds])
            written.append(UInt8(ascii: ":"))
            written.append(32)
        } else {
            written.append(contentsOf: entry.field.line)
        }
        written.append(contentsOf: bytes.unfoldedText(entry.value).utf8)
        written.append(13)
        written.append(10)
    }
}

extension KnownField {
    /// How a line of this field begins: the long name, a colon and a space.
    var line: [UInt8] { Self.lines[Int(rawValue)] }
    private static let lines: [[UInt8]] = allCases.map { Array("\($0.name): ".utf8) }
}
