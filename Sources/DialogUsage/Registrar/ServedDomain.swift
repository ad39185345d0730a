package import SIPMessage

/// The domain that a registrar or a compositor answers for (RFC 3261 §10.3, RFC 3903 §6), and who lives there.
package struct ServedDomain: Hashable, Sendable {
    package enum Users: Hashable, Sendable {
        case anybody
        case these(Set<String>)
    }
    package var name: String
    /// Other hosts that mean this domain, such as the server's own addresses.
    package var aliases: Set<String>
    package var users: Users

    package init(name: String, aliases: Set<String> = [], users: Users = .anybody) {
        self.name = name.lowercased()
        self.aliases = Set(aliases.map { $0.lowercased() })
        self.users = users
    }

    /// Whether a Request-URI names this domain, whatever its user part.
    package func serves(_ uri: AnyURI) -> Bool {
        guard let host = uri.sip?.host.lowercased() else { return false }
        return host == name || aliases.contains(host)
    }
    /// The address-of-record that the URI names; nil when it is of another domain, or of nobody in this one.
    package func addressOfRecord(_ uri: AnyURI) -> AddressOfRecord? {
        guard serves(uri), let user = uri.sip?.userDecoded, !user.isEmpty, lives(user) else { return nil }
        return AddressOfRecord(user: user, host: name)
    }
    private func lives(_ user: String) -> Bool {
        switch users {
        case .anybody: true
        case .these(let users): users.contains(user)
        }
    }
}

/// Who may change the state of an address-of-record (RFC 3261 §10.3 step 4; RFC 3903 §14.1).
package enum Authority: Hashable, Sendable {
    /// The owner alone.
    case owner
    /// The owner, and these users for everybody: third-party registration.
    case ownerAnd(Set<String>)
    case anybody

    /// `user` is whose credentials the request carried; nil: nobody's.
    func allows(_ user: String?, for address: AddressOfRecord) -> Bool {
        switch self {
        case .owner: user == address.user
        case .ownerAnd(let trusted): user.map { $0 == address.user || trusted.contains($0) } ?? false
        case .anybody: true
        }
    }
}

/// Who decides about a request that is well formed and permitted.
package enum Decision: Hashable, Sendable {
    /// The core answers at once.
    case automatic
    /// The application is asked and may take its time.
    case asked
}
