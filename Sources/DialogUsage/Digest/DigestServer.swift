package import SIPMessage
package import SansIO

/// Asks others for credentials and checks them (RFC 3261 §22.1, RFC 7616 §3.3). The nonces are few and short-lived.
package struct DigestServer: Sendable {
    package enum Verdict: Hashable, Sendable {
        case authenticated(user: String)
        /// No credentials, or for another realm: challenge.
        case missing
        /// Right credentials for a nonce that is no longer good.
        case stale
        case wrong
    }
    private struct Issued {
        var at: Instant
        var highestCount: UInt32
    }

    private let configuration: ServerAuthentication
    private var nonces: [String: Issued] = [:]
    private var order: [String] = []

    /// How long a nonce is good, and how many are kept.
    package static let nonceLife = Duration.seconds(300)
    package static let mostNonces = 4096

    package init(_ configuration: ServerAuthentication) { self.configuration = configuration }

    package var count: Int { nonces.count }
    package mutating func removeAll() {
        nonces = [:]
        order = []
    }
    package func challenges(_ method: Method) -> Bool { configuration.methods.contains(method) }

    /// A 401 with a fresh nonce: SHA-256 first, MD5 for those who know no better (RFC 8760 §2.3).
    package mutating func challenge(
        _ request: SIPMessage, stale: Bool, toTag: String, entropy: inout Entropy, at now: Instant
    ) -> ResponseDraft {
        let nonce = entropy.token(digits: 32)
        nonces[nonce] = Issued(at: now, highestCount: 0)
        order.append(nonce)
        if order.count > Self.mostNonces { nonces[order.removeFirst()] = nil }
        var response = ResponseDraft(401, to: request, toTag: toTag)
        let user = (try? request.from())?.uri.sip?.user ?? ""
        let hashes: [DigestHash] = configuration.md5OnlyUsers.contains(user) ? [.md5] : [.sha256, .md5]
        for algorithm in hashes.map(\.rawValue) {
            let staleText = stale ? ", stale=true" : ""
            response.fields.append(
                .wwwAuthenticate,
                "Digest realm=\"\(configuration.realm)\", nonce=\"\(nonce)\", algorithm=\(algorithm), qop=\"auth\"\(staleText)"
            )
        }
        return response
    }

    package mutating func verify(_ request: SIPMessage, at now: Instant) -> Verdict {
        guard let all = try? request.credentials(.authorization),
            let credentials = all.first(where: { $0.realm == configuration.realm })
        else { return .missing }
        guard let password = configuration.passwords[credentials.username],
            let hash = DigestHash(algorithm: credentials.algorithm)
        else { return .wrong }
        var protection: DigestResponse.Protection?
        if let qop = credentials.qop {
            guard qop.lowercased() == "auth", let nc = credentials.nc, let cnonce = credentials.cnonce else {
                return .wrong
            }
            protection = .init(nc: nc, cnonce: cnonce)
        }
        let expected = DigestResponse.compute(
            hash: hash, user: credentials.username, realm: credentials.realm, password: password,
            nonce: credentials.nonce, method: request.method.description, uri: credentials.uri, protection: protection)
        guard expected == credentials.response.lowercased() else { return .wrong }
        guard var issued = nonces[credentials.nonce], now - issued.at < Self.nonceLife else { return .stale }
        if let nc = credentials.nc {
            // A count seen before is a replay (RFC 7616 §3.4).
            guard nc.utf8.count == 8, let count = UInt32(nc, radix: 16), count > issued.highestCount else {
                return .stale
            }
            issued.highestCount = count
            nonces[credentials.nonce] = issued
        }
        return .authenticated(user: credentials.username)
    }
}
