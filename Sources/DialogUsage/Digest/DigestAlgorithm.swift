/// What `algorithm` says: a hash, and whether A1 is bound to the session (RFC 7616 §3.3, §3.4.2).
package struct DigestAlgorithm: Hashable, Sendable {
    package var hash: DigestHash
    /// `-sess`: A1 is formed from nonce and cnonce too.
    package var isSession: Bool

    package init(_ hash: DigestHash, isSession: Bool = false) {
        self.hash = hash
        self.isSession = isSession
    }

    /// As a field names it, without regard to case; no name means MD5. nil for one that we do not speak: the challenge is
    /// then passed over (RFC 8760 §2.4).
    package init?(named name: String?) {
        let known = (name ?? DigestHash.md5.rawValue).lowercased()
        let isSession = known.hasSuffix("-sess")
        let base = isSession ? String(known.dropLast(5)) : known
        guard let hash = DigestHash.allCases.first(where: { $0.rawValue.lowercased() == base }) else { return nil }
        self.init(hash, isSession: isSession)
    }

    package var name: String { isSession ? hash.rawValue + "-sess" : hash.rawValue }
}

/// What is protected (RFC 7616 §3.3).
package enum DigestProtection: String, Hashable, Sendable, CaseIterable {
    case authentication = "auth"
    /// The body too.
    case integrity = "auth-int"

    package init?(named name: String) {
        guard let known = Self.allCases.first(where: { $0.rawValue == name.lowercased() }) else { return nil }
        self = known
    }
}
