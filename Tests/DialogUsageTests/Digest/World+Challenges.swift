import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

/// A peer that asks for credentials, and what our answers are worth.
extension World {
    static let digest = "Digest realm=\"example.com\", nonce=\"N1\""

    /// Answers requests of `method` with the challenges that `challenges` has for them; nil lets a request pass.
    mutating func challenge(
        _ method: Method, _ status: StatusCode = 401, with challenges: @escaping (World, SIPMessage) -> [String]?
    ) {
        intercept = { world, request in
            guard request.method == method, let values = challenges(world, request) else { return false }
            let name = status == 407 ? FieldName.proxyAuthenticate : .wwwAuthenticate
            world.peer.answer(request, status) { fields in
                for value in values { fields.append(name, value) }
            }
            return true
        }
    }
    /// Asks once for each request that comes without credentials.
    mutating func challenge(_ method: Method, _ status: StatusCode = 401, once value: String) {
        let name = status == 407 ? FieldName.proxyAuthorization : .authorization
        challenge(method, status) { _, request in request.value(name) == nil ? [value] : nil }
    }

    /// Another account in the place of the usual one.
    mutating func useAccount(_ prepare: (inout Account) -> Void) throws {
        var changed = try #require(core.account(account))
        prepare(&changed)
        account = core.addAccount(changed)
    }

    func requests(_ method: Method) -> [SIPMessage] { requests.filter { $0.method == method } }

    /// What a server that knows the password computes for these credentials.
    static func expected(
        _ sent: Credentials, _ request: SIPMessage, password: String = "secret", user: String = "alice"
    ) -> String? {
        computation(sent, password: password, user: user)?.response(
            method: request.method.description, uri: request.requestURIText, body: Array(request.body))
    }
    /// And what it says of itself (RFC 7616 §3.5).
    static func proof(_ sent: Credentials, body: [UInt8] = []) -> String? {
        computation(sent, password: "secret", user: "alice")?.proof(uri: sent.uri, body: body)
    }
    private static func computation(_ sent: Credentials, password: String, user: String) -> DigestComputation? {
        guard let algorithm = DigestAlgorithm(named: sent.algorithm) else { return nil }
        var use: DigestComputation.Use?
        if let qop = sent.qop, let protection = DigestProtection(named: qop), let nc = sent.nc, let own = sent.cnonce {
            use = .init(protection, nc: nc, cnonce: own)
        }
        return DigestComputation(
            algorithm, user: user, realm: sent.realm, password: Secret(password), nonce: sent.nonce, use: use)
    }

    mutating func refresh(_ id: AnyUsageID) throws {
        try perform { core, now in ((), try core.refresh(UsageID<ClientRegistration>(serial: id.serial), at: now)) }
    }

    /// Lets everything that is left end, and checks that nothing stays.
    mutating func leave() {
        intercept = nil
        shutdown()
        runToTheEnd()
        finish()
    }

    var registrationFailures: [Failure] {
        events.compactMap { if case .registration(_, .failed(let failure, _)) = $0 { failure } else { nil } }
    }
}

extension SIPMessage {
    /// nil for a request that comes without.
    var sentCredentials: Credentials? { (try? credentials(.authorization))?.first }
    func authorization() throws -> Credentials { try #require(try credentials(.authorization).first) }
    func proxyAuthorization() throws -> Credentials { try #require(try credentials(.proxyAuthorization).first) }
}
