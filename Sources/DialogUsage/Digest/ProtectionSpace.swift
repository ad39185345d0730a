import SIPMessage
import SansIO

/// A realm that has challenged us, as a server (401) or as a proxy (407), and what is told to it.
struct ProtectionSpace: Sendable {
    private(set) var challenge: Challenge
    let isProxy: Bool
    private let algorithm: DigestAlgorithm
    /// nil: a server of RFC 2069, which knows no qop.
    private let protection: DigestProtection?
    private let login: String
    private let password: Secret<String>
    /// One for each nonce, so that a server which keeps A1 of a `-sess` algorithm finds it unchanged.
    private var cnonce: String
    /// How often the nonce has been used; each use has a count of its own, whatever transaction it is in.
    private var uses: UInt32 = 0
    /// Methods that credentials were asked for.
    var methods: Set<Method> = []

    /// nil for a challenge that we cannot or will not answer: another scheme, an algorithm we do not speak or do not
    /// allow, a qop we do not know, and `-sess` without qop (RFC 3261 §22.4 item 8).
    init?(
        _ challenge: Challenge, isProxy: Bool, _ credentials: RealmCredentials, minimum: DigestHash, cnonce: String
    ) {
        guard challenge.scheme.lowercased() == "digest", !challenge.nonce.isEmpty,
            let algorithm = DigestAlgorithm(named: challenge.algorithm), algorithm.hash >= minimum
        else { return nil }
        let offered = challenge.qop.compactMap(DigestProtection.init(named:))
        // The body's integrity is given where it is asked for; a border element that changes the body breaks it.
        protection = offered.contains(.authentication) ? .authentication : offered.first
        guard protection != nil || (challenge.qop.isEmpty && !algorithm.isSession) else { return nil }
        self.challenge = challenge
        self.isProxy = isProxy
        self.algorithm = algorithm
        self.cnonce = cnonce
        login = credentials.login
        password = credentials.password
    }

    func isSame(as other: ProtectionSpace) -> Bool {
        isProxy == other.isProxy && challenge.realm.isExactly(other.challenge.realm)
    }

    /// A server that knew qop and then asks without has somebody else's voice: what is told to that one could be used
    /// again (RFC 7616 §5.8, H-055).
    func isWeakened(by fresh: ProtectionSpace) -> Bool { protection != nil && fresh.protection == nil }

    /// A later challenge takes the place of this one. With the same nonce its count goes on.
    mutating func replace(by fresh: ProtectionSpace) {
        var next = fresh
        next.methods = methods
        if fresh.challenge.nonce == challenge.nonce {
            next.uses = uses
            next.cnonce = cnonce
        }
        self = next
    }

    func wants(_ method: Method) -> Bool {
        if isProxy { return true }
        switch method {
        case .bye, .info, .update, .prack, .refer, .notify: return methods.contains(method) || methods.contains(.invite)
        case .invite, .ack, .cancel, .options, .register, .publish, .subscribe, .message, .other:
            return methods.contains(method)
        }
    }

    /// Credentials for one request; the nonce's count goes up.
    mutating func credentials(method: Method, uri: String, body: [UInt8]) -> Credentials {
        uses &+= 1
        let count = String(uses, radix: 16)
        let nc = String(repeating: "0", count: 8 - count.utf8.count) + count
        let use = protection.map { DigestComputation.Use($0, nc: nc, cnonce: cnonce) }
        let hashes = challenge.userhash
        return Credentials(
            username: hashes
                ? DigestComputation.hashedName(algorithm.hash, user: login, realm: challenge.realm) : login,
            realm: challenge.realm, nonce: challenge.nonce, uri: uri,
            response: computation(nonce: challenge.nonce, use).response(
                method: method.description, uri: uri, body: body),
            algorithm: challenge.algorithm, cnonce: use?.cnonce, opaque: challenge.opaque,
            qop: use?.protection.rawValue, nc: use?.nc, userhash: hashes)
    }

    /// Whether `info` fits the credentials that it answers. Saying nothing fits.
    func isProven(by info: AuthenticationInfo, _ sent: Credentials, _ body: ArraySlice<UInt8>) -> Bool {
        guard let proof = info.proof else { return true }
        var use: DigestComputation.Use?
        if let nc = sent.nc, let cnonce = sent.cnonce {
            guard info.nc.map({ $0 == nc }) ?? true, info.cnonce.map({ $0 == cnonce }) ?? true else { return false }
            let protection = (info.qop ?? sent.qop).flatMap(DigestProtection.init(named:)) ?? .authentication
            use = DigestComputation.Use(protection, nc: nc, cnonce: cnonce)
        }
        var asSent = computation(nonce: sent.nonce, use)
        asSent.algorithm = DigestAlgorithm(named: sent.algorithm) ?? algorithm
        return asSent.proof(uri: sent.uri, body: Array(body)) == proof.lowercased()
    }

    /// `nextnonce`: its count begins anew (RFC 7616 §3.5).
    mutating func renew(nonce: String) {
        guard nonce != challenge.nonce, !nonce.isEmpty else { return }
        challenge.nonce = nonce
        uses = 0
    }

    private func computation(nonce: String, _ use: DigestComputation.Use?) -> DigestComputation {
        DigestComputation(
            algorithm, user: login, realm: challenge.realm, password: password, nonce: nonce, use: use)
    }
}

extension String {
    /// The same octets, as realms are compared (RFC 3261 §22.1); `==` takes two spellings of `ä` for one.
    func isExactly(_ other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
