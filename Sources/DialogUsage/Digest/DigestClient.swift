package import SIPMessage
package import SansIO

/// What we know of servers that ask for credentials (RFC 3261 §22, RFC 7616), so that a later request carries them at
/// once and shutdown costs one round trip (`shutdown.md` O2).
package struct DigestClient: Sendable {
    package enum Verdict: Hashable, Sendable {
        /// Send again, with the credentials that `authorize` now adds.
        case answer
        /// No credentials for this realm, no algorithm in common, or refused as they were.
        case hopeless
    }

    private var spaces: [AccountID: [ProtectionSpace]] = [:]

    /// Realms kept for one account; the oldest goes when there are more.
    private let mostSpaces: Int

    package init(_ limits: UserAgentConfiguration.Limits = .init()) { mostSpaces = limits.protectionSpaces }

    package var count: Int { spaces.values.reduce(0) { $0 + $1.count } }
    package mutating func removeAll() { spaces = [:] }
    package mutating func forget(_ account: AccountID) { spaces[account] = nil }

    // MARK: Challenges

    /// Takes the challenges of a 401 or 407 to `draft`, which had been challenged `rounds` times before. Of each realm the
    /// topmost one that we can answer is used (RFC 8760 §2.4); a proxy that forked may have brought several realms, of
    /// both kinds (RFC 3261 §22.3). A realm that refuses what we have just computed for it is hopeless: the same is not
    /// sent again.
    package mutating func learn(
        from response: SIPMessage, to draft: RequestDraft, id: AccountID, account: Account, rounds: Int,
        entropy: inout Entropy
    ) -> Verdict {
        var hasAnswer = false
        var isRefused = false
        for isProxy in [false, true] {
            let challenges = (try? response.challenges(isProxy ? .proxyAuthenticate : .wwwAuthenticate)) ?? []
            var realms: [String] = []
            for challenge in challenges where !realms.contains(where: challenge.realm.isExactly) {
                guard let known = account.credentials(for: challenge.realm, isProxy: isProxy),
                    let fresh = ProtectionSpace(
                        challenge, isProxy: isProxy, known, minimum: account.minimumAlgorithm, cnonce: entropy.token())
                else { continue }
                guard spaces[id]?.contains(where: { $0.isSame(as: fresh) && $0.isWeakened(by: fresh) }) != true else {
                    isRefused = true
                    continue
                }
                realms.append(challenge.realm)
                let sent = draft.credentials(isProxy: isProxy).first { $0.realm.isExactly(challenge.realm) }
                if let sent, !challenge.stale, rounds > 0 || sent.nonce == challenge.nonce {
                    isRefused = true
                    spaces[id]?.removeAll { $0.isSame(as: fresh) }
                } else {
                    hasAnswer = true
                    keep(fresh, for: id, asking: draft.method)
                }
            }
        }
        return hasAnswer && !isRefused ? .answer : .hopeless
    }

    private mutating func keep(_ fresh: ProtectionSpace, for id: AccountID, asking method: Method) {
        var all = spaces[id] ?? []
        if let index = all.firstIndex(where: { $0.isSame(as: fresh) }) {
            all[index].replace(by: fresh)
            all[index].methods.insert(method)
        } else {
            var first = fresh
            first.methods = [method]
            all.append(first)
        }
        if all.count > mostSpaces { all.removeFirst() }
        spaces[id] = all
    }

    // MARK: Credentials

    /// Adds credentials for every space of the account that asks them for this method. In a dialog that INVITE made,
    /// what INVITE needed is what the others will need; a proxy that has asked once is told with every request (§22.3).
    package mutating func authorize(_ draft: RequestDraft, id: AccountID) -> RequestDraft {
        var authorized = draft
        authorized.fields.remove(.authorization)
        authorized.fields.remove(.proxyAuthorization)
        guard var all = spaces[id] else { return authorized }
        for index in all.indices where all[index].wants(draft.method) {
            let credentials = all[index].credentials(
                method: draft.method, uri: draft.requestURI, body: draft.body)
            authorized.fields.append(
                all[index].isProxy ? .proxyAuthorization : .authorization, credentials.serialised)
        }
        spaces[id] = all
        return authorized
    }

    // MARK: Authentication-Info

    /// Whether the server that accepted `draft` is the one that knows our password, as far as it says so (RFC 7616
    /// §3.5). A new nonce in the same field is used from now on.
    package mutating func trusts(_ response: SIPMessage, to draft: RequestDraft, id: AccountID) -> Bool {
        guard let info = try? response.authenticationInfo(), var all = spaces[id] else { return true }
        let sent = draft.credentials(isProxy: false)
        guard !sent.isEmpty else { return true }
        let candidates = all.indices.filter { index in
            !all[index].isProxy && sent.contains { $0.realm.isExactly(all[index].challenge.realm) }
        }
        let vouching = candidates.first { index in
            sent.contains {
                $0.realm.isExactly(all[index].challenge.realm) && all[index].isProven(by: info, $0, response.body)
            }
        }
        guard let vouching else { return candidates.isEmpty }
        if let next = info.nextNonce {
            all[vouching].renew(nonce: next)
            spaces[id] = all
        }
        return true
    }
}

extension RequestDraft {
    fileprivate func credentials(isProxy: Bool) -> [Credentials] {
        fields.all(isProxy ? .proxyAuthorization : .authorization).compactMap { try? Credentials(parsing: $0) }
    }
}
