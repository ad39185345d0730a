/// What waits in a mailbox: `application/simple-message-summary` (RFC 3842 §5.2).
package struct MessageSummary: Hashable, Sendable {
    /// One class of messages: `Voice-Message: 2/8 (0/2)`.
    package struct Count: Hashable, Sendable {
        package var messageClass: String
        package var new: Int
        package var old: Int
        package var urgentNew: Int
        package var urgentOld: Int

        package init(messageClass: String, new: Int, old: Int, urgentNew: Int = 0, urgentOld: Int = 0) {
            self.messageClass = messageClass
            self.new = new
            self.old = old
            self.urgentNew = urgentNew
            self.urgentOld = urgentOld
        }
    }
    package static let contentType = "application/simple-message-summary"
    package static let eventPackage = "message-summary"
    /// Any count above it is shown as this.
    package static let largestCount = 1_000_000

    package var isWaiting: Bool
    package var account: String?
    package var counts: [Count] = []

    /// A line that cannot be read is passed over; only `Messages-Waiting` must be there (H-030).
    package init(parsing octets: [UInt8], limits: DocumentLimits = DocumentLimits()) throws(DocumentError) {
        guard octets.count <= limits.octets else { throw .tooLong(octets: octets.count) }
        let lines = octets.split(omittingEmptySubsequences: false) { $0 == 0x0A }
        guard lines.count <= limits.lines else { throw .tooManyLines }
        var isWaiting: Bool?
        for line in lines where line.count <= 1_024 {
            let text = String(decoding: line, as: UTF8.self)
            guard let colon = text.firstIndex(of: ":") else { continue }
            let name = Self.trimmed(text[..<colon])
            let value = Self.trimmed(text[text.index(after: colon)...])
            switch name.lowercased() {
            case "messages-waiting": isWaiting = isWaiting ?? (value.lowercased() == "yes")
            case "message-account": account = account ?? value
            default: if let count = Count(name, value), counts.count < 16 { counts.append(count) }
            }
        }
        guard let isWaiting else { throw .unexpected("there is no Messages-Waiting line") }
        self.isWaiting = isWaiting
    }

    fileprivate static func trimmed(_ text: Substring) -> String {
        var rest = text.drop { $0.isWhitespace }
        while rest.last?.isWhitespace == true { rest = rest.dropLast() }
        return String(rest)
    }
}

extension MessageSummary.Count {
    fileprivate init?(_ name: String, _ value: String) {
        guard name.lowercased().hasSuffix("-message") else { return nil }
        let groups = value.split { $0 == "(" || $0 == ")" }
        guard let first = groups.first, let (new, old) = Self.pair(first) else { return nil }
        let urgent = groups.dropFirst().first.flatMap(Self.pair)
        self.init(messageClass: name, new: new, old: old, urgentNew: urgent?.0 ?? 0, urgentOld: urgent?.1 ?? 0)
    }
    private static func pair(_ text: Substring) -> (Int, Int)? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { MessageSummary.trimmed($0) }
        guard parts.count == 2, let a = number(parts[0]), let b = number(parts[1]) else { return nil }
        return (a, b)
    }
    /// Digits of any number; more of them than fit count as very many.
    private static func number(_ text: String) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return min(Int(text) ?? MessageSummary.largestCount, MessageSummary.largestCount)
    }
}
