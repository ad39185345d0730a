/// Puts a message on the wire: CRLF line ends, one SP between the elements of the start line, no folding, Via first and
/// the true Content-Length last (RFC 3261 §7).
struct MessageWriter {
    private(set) var bytes: [UInt8] = []

    init(startLine: String, fields: FieldList, body: [UInt8]) {
        // As much as it takes: these octets are kept for repetition.
        var size = startLine.utf8.count + 28 + body.count
        for entry in fields.entries { size += entry.name.octetCount + entry.value.utf8.count + 4 }
        bytes.reserveCapacity(size)
        line(startLine)
        for entry in fields.entries where entry.name.known == .via { field(entry) }
        for entry in fields.entries where entry.name.known != .via && entry.name.known != .contentLength {
            field(entry)
        }
        line("Content-Length: \(body.count)")
        bytes.append(13)
        bytes.append(10)
        bytes += body
    }

    private mutating func field(_ entry: FieldList.Entry) {
        if entry.name.known == .other {
            text(entry.name.description)
            bytes.append(UInt8(ascii: ":"))
            bytes.append(32)
        } else {
            bytes += entry.name.known.lineStart
        }
        line(entry.value)
    }
    private mutating func line(_ text: String) {
        self.text(text)
        bytes.append(13)
        bytes.append(10)
    }
    /// CR, LF and NUL never reach the wire from a value, wherever it came from.
    private mutating func text(_ text: String) {
        let start = bytes.count
        bytes += text.utf8
        var at = bytes.span.firstControl(from: start, to: bytes.count)
        while at < bytes.count {
            if bytes[at] == 13 || bytes[at] == 10 || bytes[at] == 0 { bytes[at] = 32 }
            at = bytes.span.firstControl(from: at + 1, to: bytes.count)
        }
    }
}
