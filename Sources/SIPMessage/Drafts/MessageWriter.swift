/// Puts a message on the wire: CRLF line ends, one SP between the elements of the start line, no folding, Via first and
/// the true Content-Length last (RFC 3261 §7).
struct MessageWriter {
    private(set) var bytes: [UInt8] = []

    init(startLine: String, fields: FieldList, body: [UInt8]) {
        // As much as it takes: these octets are kept for repetition.
        let lines = fields.entries.reduce(startLine.utf8.count) {
            $0 + $1.name.description.utf8.count + $1.value.utf8.count + 4
        }
        bytes.reserveCapacity(lines + 28 + body.count)
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
        text(entry.name.description)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(32)
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
        for index in start..<bytes.count where bytes[index] <= 13 {
            if bytes[index] == 13 || bytes[index] == 10 || bytes[index] == 0 { bytes[index] = 32 }
        }
    }
}
