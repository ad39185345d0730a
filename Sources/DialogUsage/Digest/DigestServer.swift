package import SIPMessage
package import SIPTransaction
package import SansIO

/// Asks others for credentials and checks them (RFC 3261 §22.1, RFC 7616 §3.3). The nonces are few and short-lived.
package struct DigestServer: Sendable {
    package enum Verdict: Hashable, Sendable {
        case authenticated(user: String)
        /// No credentials, or for another realm: challenge.
        case missing
        /// Right credentials for a nonce that is no longer good, or whose count has been seen.
        case stale
        case wrong
    }

    private let configuration: ServerAuthentication
    private var nonces: IssuedNonces
    /// Whom a hashed name stands for, by hash.
    private var hashedNames: [DigestHash: [String: String]] = [:]
    /// What the 2xx to a request that has been let in will say.
    private var proofs: [ServerTransactionID: DigestProof] = [:]

    package init(_ configuration: ServerAuthentication, _ limits: UserAgentConfiguration.Limits = .init()) {
        self.configuration = configuration
        nonces = IssuedNonces(life: limits.nonceLife, most: limits.nonces)
        for hash in configuration.algorithms.map(\.hash) where configuration.acceptsHashedNames {
            hashedNames[hash] = Dictionary(
                configuration.passwords.keys.map { user in
                    (DigestComputation.hashedName(hash, user: user, realm: configuration.realm), user)
                }, uniquingKeysWith: { first, _ in first })
        }
    }

    package var count: Int { nonces.count + proofs.count }
    package mutating func removeAll() {
        nonces.removeAll()
        proofs = [:]
    }
    /// ACK has no answer and CANCEL cannot be sent again: neither is ever challenged (§22.1).
    package func challenges(_ method: Method) -> Bool {
        method != .ack && method != .cancel && configuration.methods.contains(method)
    }

    /// A 401 with a fresh nonce, the algorithms in the order in which we would have them (RFC 8760 §2.3).
    package mutating func challenge(
        _ request: SIPMessage, stale: Bool, toTag: String, entropy: inout Entropy, at now: Instant
    ) -> ResponseDraft {
        let nonce = nonces.issue(&entropy, at: now)
        var response = ResponseDraft(401, to: request, toTag: toTag)
        let user = (try? request.from())?.uri.sip?.user ?? ""
        let qop = configuration.protections.map(\.rawValue).joined(separator: ",")
        for algorithm in algorithms(for: user) {
            var text = "Digest realm=\(configuration.realm.quoted), nonce=\"\(nonce)\", algorithm=\(algorithm.name)"
            text += ", qop=\"\(qop)\""
            if stale { text += ", stale=true" }
            if configuration.acceptsHashedNames { text += ", charset=UTF-8, userhash=true" }
            response.fields.append(.wwwAuthenticate, text)
        }
        return response
    }

    package mutating func verify(
        _ request: SIPMessage, in transaction: ServerTransactionID, at now: Instant
    ) -> Verdict {
        guard let all = try? request.credentials(.authorization),
            let sent = all.first(where: {
                $0.scheme.lowercased() == "digest" && $0.realm.isExactly(configuration.realm)
            })
        else { return .missing }
        guard let algorithm = DigestAlgorithm(named: sent.algorithm), let user = user(of: sent, algorithm.hash),
            algorithms(for: user).contains(algorithm), let password = configuration.passwords[user],
            let use = use(of: sent, algorithm)
        else { return .wrong }
        let computation = DigestComputation(
            algorithm, user: user, realm: sent.realm, password: password, nonce: sent.nonce, use: use.value)
        let expected = computation.response(
            method: request.method.description, uri: sent.uri, body: Array(request.body))
        guard expected == sent.response.lowercased() else { return .wrong }
        guard nonces.spend(sent.nonce, count: use.count, at: now) else { return .stale }
        proofs[transaction] = DigestProof(computation, uri: sent.uri)
        return .authenticated(user: user)
    }

    /// Adds Authentication-Info to the final answer that lets the request in; forgets what it would have said otherwise.
    package mutating func complete(
        _ response: inout ResponseDraft, in transaction: ServerTransactionID, entropy: inout Entropy, at now: Instant
    ) {
        guard response.status.isFinal, let proof = proofs.removeValue(forKey: transaction), response.status.isSuccess
        else { return }
        let isOld = nonces.isGrowingOld(proof.computation.nonce, at: now)
        let next = isOld ? nonces.issue(&entropy, at: now) : nil
        response.fields.append(.authenticationInfo, proof.info(for: response.body, nextNonce: next).serialised)
    }

    package mutating func forget(_ transaction: ServerTransactionID) { proofs[transaction] = nil }

    private func algorithms(for user: String) -> [DigestAlgorithm] {
        configuration.md5OnlyUsers.contains(user) ? [DigestAlgorithm(.md5)] : configuration.algorithms
    }

    private func user(of sent: Credentials, _ hash: DigestHash) -> String? {
        guard sent.userhash else { return sent.username }
        return hashedNames[hash]?[sent.username.lowercased()]
    }

    /// What `qop` and its companions say; nil where they do not fit together. Without qop it is the form of RFC 2069.
    private func use(
        of sent: Credentials, _ algorithm: DigestAlgorithm
    ) -> (value: DigestComputation.Use?, count: UInt32?)? {
        guard let qop = sent.qop else { return algorithm.isSession ? nil : (nil, nil) }
        guard let protection = DigestProtection(named: qop), configuration.protections.contains(protection),
            let nc = sent.nc, nc.utf8.count == 8, let count = UInt32(nc, radix: 16), let cnonce = sent.cnonce
        else { return nil }
        return (DigestComputation.Use(protection, nc: nc, cnonce: cnonce), count)
    }
}
