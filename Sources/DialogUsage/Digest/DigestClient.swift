package import SIPMessage
package import SansIO

/// What we know of servers that ask for credentials (RFC 3261 §22, RFC 7616), so that a later request carries them at
/// once and shutdown costs one round trip (`shutdown.md` O2).
package struct DigestClient: Sendable {
    /// A protection space: an account's realm, as server (401) or as proxy (407).
    private struct Space: Hashable {
        var account: AccountID
        var realm: String
        var isProxy: Bool
    }
    private struct Known {
        var challenge: Challenge
        var hash: DigestHash
        var uses: UInt32
        /// Methods that this space has asked credentials for.
        var methods: Set<Method>
    }

    package enum Verdict: Hashable, Sendable {
        /// Send again, with the credentials that `authorize` now adds.
        case answer
        /// No credentials for this realm, no algorithm in common, or refused as they were.
        case hopeless
    }

    private var spaces: [Space: Known] = [:]
    private var order: [Space] = []

    /// Challenges kept; the oldest goes when there are more.
    package static let mostSpaces = 64

    package init() {}

    package var count: Int { spaces.count }
    package mutating func removeAll() {
        spaces = [:]
        order = []
    }
    package mutating func forget(_ account: AccountID) {
        for space in order where space.account == account { spaces[space] = nil }
        order.removeAll { $0.account == account }
    }

    /// Takes the challenges of a 401 or 407 to `draft`. The topmost one that we can answer is used (RFC 8760 §2.4).
    package mutating func learn(
        from response: SIPMessage, to draft: RequestDraft, id: AccountID, account: Account, roundsLeft: Bool
    ) -> Verdict {
        let isProxy = response.status == 407
        guard account.password != nil,
            let challenges = try? response.challenges(isProxy ? .proxyAuthenticate : .wwwAuthenticate)
        else { return .hopeless }
        for challenge in challenges where challenge.scheme.lowercased() == "digest" {
            guard let hash = DigestHash(algorithm: challenge.algorithm), isOurs(challenge.realm, account),
                challenge.qop.isEmpty || challenge.qop.contains(where: { $0.lowercased() == "auth" })
            else { continue }
            let space = Space(account: id, realm: challenge.realm, isProxy: isProxy)
            let known = spaces[space]
            let sent = credentials(in: draft, isProxy: isProxy).contains { $0.realm == challenge.realm }
            // Refused with a nonce that the server itself still holds good: the password is wrong.
            if sent, !challenge.stale, known?.challenge.nonce == challenge.nonce || !roundsLeft { return .hopeless }
            if !roundsLeft && !challenge.stale { return .hopeless }
            var methods = known?.methods ?? []
            methods.insert(draft.method)
            if known == nil { order.append(space) }
            spaces[space] = Known(challenge: challenge, hash: hash, uses: 0, methods: methods)
            if order.count > Self.mostSpaces { spaces[order.removeFirst()] = nil }
            return .answer
        }
        return .hopeless
    }

    /// Adds credentials for every space of the account that asks them for this method. In a dialog that INVITE made,
    /// what INVITE needed is what BYE will need (§22.3).
    package mutating func authorize(
        _ draft: RequestDraft, id: AccountID, account: Account, entropy: inout Entropy
    ) -> RequestDraft {
        var authorized = draft
        authorized.fields.remove(.authorization)
        authorized.fields.remove(.proxyAuthorization)
        guard let password = account.password else { return authorized }
        let asLike: Method = draft.method == .bye || draft.method == .info ? .invite : draft.method
        for space in order where space.account == id {
            guard var known = spaces[space], known.methods.contains(draft.method) || known.methods.contains(asLike)
            else { continue }
            known.uses = known.uses &+ 1
            spaces[space] = known
            let credentials = Self.credentials(
                for: known.challenge, hash: known.hash, uses: known.uses, user: account.login ?? account.user ?? "",
                password: password, method: draft.method, uri: draft.uri.description, cnonce: entropy.token())
            authorized.fields.append(space.isProxy ? .proxyAuthorization : .authorization, credentials.serialised)
        }
        return authorized
    }

    /// Credentials go only to their own realm: the one configured, else the account's domain, else the first realm
    /// that the account's own server named.
    private func isOurs(_ realm: String, _ account: Account) -> Bool {
        if let configured = account.realm { return configured == realm }
        return account.learnedRealm == nil || account.learnedRealm == realm
            || account.domain.lowercased() == realm.lowercased()
    }

    private func credentials(in draft: RequestDraft, isProxy: Bool) -> [Credentials] {
        draft.fields.all(isProxy ? .proxyAuthorization : .authorization).compactMap { try? Credentials(parsing: $0) }
    }

    private static func credentials(
        for challenge: Challenge, hash: DigestHash, uses: UInt32, user: String, password: Secret<String>,
        method: Method, uri: String, cnonce: String
    ) -> Credentials {
        let count = String(uses, radix: 16)
        let protection =
            challenge.qop.isEmpty
            ? nil
            : DigestResponse.Protection(
                nc: String(repeating: "0", count: max(0, 8 - count.utf8.count)) + count, cnonce: cnonce)
        let response = DigestResponse.compute(
            hash: hash, user: user, realm: challenge.realm, password: password, nonce: challenge.nonce,
            method: method.description, uri: uri, protection: protection)
        return Credentials(
            username: user, realm: challenge.realm, nonce: challenge.nonce, uri: uri, response: response,
            algorithm: challenge.algorithm, cnonce: protection?.cnonce, opaque: challenge.opaque,
            qop: protection == nil ? nil : "auth", nc: protection?.nc)
    }
}
