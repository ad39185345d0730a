import SansIO

/// When two URIs are the same (RFC 3261 §19.1.4).
extension SIPURI {
    package func isEquivalent(to other: SIPURI) -> Bool {
        isSecure == other.isSecure && port == other.port && hostKey == other.hostKey
            && user?.normalisedEscapes == other.user?.normalisedEscapes
            && password?.normalisedEscapes == other.password?.normalisedEscapes
            && hasEquivalentParameters(to: other) && hasEquivalentHeaders(to: other)
    }

    /// An address compares as an address, a name without case.
    private var hostKey: String { IPAddress(host)?.description ?? host.lowercased() }

    /// Those that must be the same or absent in both. Any other counts only if both have it.
    private static let binding = ["user", "ttl", "method", "maddr", "transport"]

    private func hasEquivalentParameters(to other: SIPURI) -> Bool {
        for name in Self.binding where parameters.has(name) != other.parameters.has(name) { return false }
        for (name, value) in parameters.all {
            guard let theirs = other.parameters[name] else { continue }
            guard theirs.normalisedEscapes.isCaselessly((value ?? "").normalisedEscapes) else { return false }
        }
        return true
    }

    private func hasEquivalentHeaders(to other: SIPURI) -> Bool {
        func sorted(_ headers: Parameters) -> [String] {
            headers.all.map { "\($0.name.lowercased())=\(($0.value ?? "").normalisedEscapes)" }.sorted()
        }
        return sorted(headers) == sorted(other.headers)
    }
}
