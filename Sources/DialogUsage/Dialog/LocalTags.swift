/// Whose dialog it is, by our tag. A tag is a token, so a peer may send it back in letters of the other case (RFC 3261
/// §7.3.1); ours have none but small ones.
struct LocalTags: Sendable {
    private var usages: [String: AnyUsageID] = [:]

    var count: Int { usages.count }

    subscript(tag: String) -> AnyUsageID? {
        get { usages[tag] ?? usages[tag.lowercased()] }
        set { usages[tag] = newValue }
    }
}

extension String {
    /// Tokens have no case (RFC 3261 §7.3.1).
    func isSameToken(as other: String) -> Bool { self == other || lowercased() == other.lowercased() }
}
