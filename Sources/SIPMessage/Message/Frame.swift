/// Where the body ends (RFC 3261 §18.3, §20.14).
struct Frame {
    let end: Int
    let fault: SIPParseError?

    init(_ fields: [FieldEntry], bodyStart: Int, _ framing: SIPMessage.Framing, _ bytes: [UInt8]) {
        switch Self.contentLength(fields, bytes.span) {
        case .success(let length?):
            let available = bytes.count - bodyStart
            end = bodyStart + min(length, available)
            fault = length > available ? SIPParseError(.incompleteBody, at: bytes.count, in: .contentLength) : nil
        case .success(nil):
            end = bytes.count
            fault = framing == .stream ? SIPParseError(.contentLength, at: bodyStart, in: .contentLength) : nil
        case .failure(let error):
            end = bytes.count
            fault = error
        }
    }

    /// nil where there is none. A second one is an error even if it says the same (H-003); a number of any length is
    /// compared before it is converted (H-002).
    static func contentLength(_ fields: [FieldEntry], _ bytes: Span<UInt8>) -> Result<Int?, SIPParseError> {
        var length: Int?
        for entry in fields where entry.field == .contentLength {
            if length != nil { return .failure(SIPParseError(.repeated, at: entry.value.lower, in: .contentLength)) }
            var scanner = Scanner(entry.value)
            guard let number = try? scanner.number(upTo: 1 << 53, bytes), scanner.isAtEnd else {
                return .failure(SIPParseError(.contentLength, at: entry.value.lower, in: .contentLength))
            }
            length = Int(number)
        }
        return .success(length)
    }
}
