import SIPMessage

/// Messages made of lines, for tests.
enum Samples {
    static let request = """
        INVITE sip:bob@example.com SIP/2.0
        Via: SIP/2.0/UDP pc33.example.com;branch=z9hG4bK776asdhds
        Max-Forwards: 70
        To: Bob <sip:bob@example.com>
        From: Alice <sip:alice@example.com>;tag=1928301774
        Call-ID: a84b4c76e66710@pc33.example.com
        CSeq: 314159 INVITE
        Contact: <sip:alice@pc33.example.com>
        """

    /// The request with lines of a name replaced, or with lines added where there is none of it.
    static func bytes(_ changes: [(String, [String])] = [], start: String? = nil, body: String = "") -> [UInt8] {
        var lines = request.split(separator: "\n").map(String.init)
        if let start { lines[0] = start }
        for (name, values) in changes {
            let index = lines.firstIndex { $0.hasPrefix("\(name):") } ?? lines.count
            lines.removeAll { $0.hasPrefix("\(name):") }
            lines.insert(contentsOf: values, at: min(index, lines.count))
        }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
    }

    static func message(_ changes: [(String, [String])] = [], start: String? = nil, body: String = "") throws
        -> SIPMessage
    {
        try SIPMessage(parsing: bytes(changes, start: start, body: body))
    }

    /// What `checkedCoreFields` says; nil if the message is good.
    static func refusal(_ changes: [(String, [String])], start: String? = nil, body: String = "") throws
        -> SIPParseError.Fault?
    {
        do {
            try message(changes, start: start, body: body).checkedCoreFields()
            return nil
        } catch let error as SIPParseError { return error.fault }
    }
}
