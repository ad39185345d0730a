import SIPMessage
package import SansIO

/// A name and a password for one realm beside the account's own, such as that of a gateway (RFC 3261 §22.3).
package struct RealmCredentials: Hashable, Sendable {
    /// Compared octet by octet.
    package var realm: String
    package var login: String
    package var password: Secret<String>

    package init(realm: String, login: String, password: Secret<String>) {
        self.realm = realm
        self.login = login
        self.password = password
    }
}

extension Account {
    /// The first realms that the account's own servers named: its registrar (401) and its proxy (407).
    struct LearnedRealms: Hashable, Sendable {
        var server: String?
        var proxy: String?
    }

    /// What to tell this realm; nil for one that is not ours: a digest of our password is worth guessing at (AUT-284).
    /// Without a realm in the configuration ours are the domain's own, and what our own servers named.
    func credentials(for realm: String, isProxy: Bool) -> RealmCredentials? {
        if let other = otherCredentials.first(where: { $0.realm.isExactly(realm) }) { return other }
        guard let password else { return nil }
        let isOurs =
            if let configured = self.realm {
                configured.isExactly(realm)
            } else {
                (isProxy ? learnedRealms.proxy : learnedRealms.server)?.isExactly(realm) ?? false
                    || domain.lowercased() == realm.lowercased()
            }
        return isOurs ? RealmCredentials(realm: realm, login: login ?? user ?? "", password: password) : nil
    }

    /// Of a challenge that we do not answer: the realm that asks, where we have a password but none for any realm of it.
    func foreignRealm(in response: SIPMessage) -> String? {
        guard password != nil || !otherCredentials.isEmpty else { return nil }
        var foreign: String?
        for isProxy in [false, true] {
            let challenges = (try? response.challenges(isProxy ? .proxyAuthenticate : .wwwAuthenticate)) ?? []
            for challenge in challenges where challenge.scheme.lowercased() == "digest" {
                if credentials(for: challenge.realm, isProxy: isProxy) != nil { return nil }
                foreign = foreign ?? challenge.realm
            }
        }
        return foreign
    }

    /// Takes the realms of a challenge to a request that only our own servers answer: REGISTER and PUBLISH.
    mutating func learnRealms(from response: SIPMessage) {
        func first(_ name: FieldName) -> String? {
            (try? response.challenges(name))?.first { $0.scheme.lowercased() == "digest" }?.realm
        }
        if learnedRealms.server == nil { learnedRealms.server = first(.wwwAuthenticate) }
        if learnedRealms.proxy == nil { learnedRealms.proxy = first(.proxyAuthenticate) }
    }
}
