/// What a notifier says of our subscription (RFC 6665 §8.2.3).
package struct SubscriptionState: Hashable, Sendable, CustomStringConvertible {
    package enum State: Hashable, Sendable, CustomStringConvertible {
        case active, pending, terminated
        case other(String)

        package var description: String {
            switch self {
            case .active: "active"
            case .pending: "pending"
            case .terminated: "terminated"
            case .other(let token): token
            }
        }
    }

    package var state: State
    package var reason: String?
    package var expires: UInt32?
    package var retryAfter: UInt32?

    package init(_ state: State, reason: String? = nil, expires: UInt32? = nil, retryAfter: UInt32? = nil) {
        self.state = state
        self.reason = reason
        self.expires = expires
        self.retryAfter = retryAfter
    }
    init(_ range: ByteRange, in bytes: [UInt8]) throws(SIPParseError) {
        var scanner = Scanner(range)
        let token = bytes.text(try scanner.token(bytes.span))
        state =
            [State.active, .pending, .terminated].first { $0.description.isCaselessly(token) } ?? .other(token)
        let parameters = try Parameters(remaining: &scanner, in: bytes)
        reason = parameters["reason"]
        expires = parameters["expires"].flatMap(DeltaSeconds.read)
        retryAfter = parameters["retry-after"].flatMap(DeltaSeconds.read)
    }

    package var description: String {
        var text = state.description
        if let reason { text += ";reason=\(reason)" }
        if let expires { text += ";expires=\(expires)" }
        if let retryAfter { text += ";retry-after=\(retryAfter)" }
        return text
    }
}

/// Intervals in seconds. One that is larger than any can be is the largest, never a wrapped one (H-004, H-006).
enum DeltaSeconds {
    /// nil for what are not digits alone.
    static func read(_ text: String) -> UInt32? {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.allSatisfy(\.isDigit) else { return nil }
        var scanner = Scanner(at: 0, end: bytes.count)
        return scanner.deltaSeconds(bytes.span)
    }
}

extension Scanner {
    /// Digits, as many as there are, held to 2^32-1; nil if there are none.
    @inline(__always) mutating func deltaSeconds(_ bytes: Span<UInt8>) -> UInt32? {
        let start = at
        var value: UInt64 = 0
        while at < end, bytes[at].isDigit {
            value = Swift.min(value &* 10 &+ UInt64(bytes[at] &- 48), UInt64(UInt32.max))
            at &+= 1
        }
        return at > start ? UInt32(truncatingIfNeeded: value) : nil
    }
}
