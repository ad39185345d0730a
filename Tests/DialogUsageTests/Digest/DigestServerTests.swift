import DialogUsage
import Ladder
import SIPMessage
import SIPTransaction
import SansIO
import Testing

@Suite("Digest, the side that asks (RFC 3261 §22.1, RFC 7616 §3.3)")
struct DigestServerTests {
    private struct Desk {
        var server: DigestServer
        var entropy = Entropy(seed: 3)
        var now = Instant.zero + .seconds(100)
        var serial: UInt64 = 0

        init(_ change: (inout ServerAuthentication) -> Void = { _ in }) {
            var configuration = ServerAuthentication(
                realm: "home", methods: [.message, .ack, .cancel], passwords: ["bob": Secret("letmein")])
            change(&configuration)
            server = DigestServer(configuration)
        }

        func request(_ authorization: String? = nil, body: String = "hi") throws -> SIPMessage {
            var fields = FieldList()
            fields.append(.via, "SIP/2.0/UDP 127.0.0.1:5090;branch=z9hG4bK1")
            fields.append(.from, "<sip:bob@home>;tag=1")
            fields.append(.to, "<sip:alice@home>")
            fields.append(.callID, "1")
            fields.append(.cSeq, "1 MESSAGE")
            if let authorization { fields.append(.authorization, authorization) }
            let uri = try AnyURI(parsing: "sip:alice@home")
            return try SIPMessage(
                parsing: RequestDraft(method: .message, uri: uri, fields: fields, body: Array(body.utf8)).serialised())
        }
        mutating func challenges(stale: Bool = false) throws -> [Challenge] {
            let draft = server.challenge(try request(), stale: stale, toTag: "t", entropy: &entropy, at: now)
            #expect(draft.status == 401)
            return try draft.fields.all(.wwwAuthenticate).map { text throws in try Challenge(parsing: text) }
        }
        /// What bob's program answers.
        func credentials(
            _ challenge: Challenge, count: Int = 1, protection: DigestProtection? = .authentication,
            hidden: Bool = false, body: String = "hi", password: String = "letmein"
        ) throws -> Credentials {
            let algorithm = try #require(DigestAlgorithm(named: challenge.algorithm))
            let text = String(count, radix: 16)
            let nc = String(repeating: "0", count: 8 - text.count) + text
            let use = protection.map { DigestComputation.Use($0, nc: nc, cnonce: "own") }
            let computation = DigestComputation(
                algorithm, user: "bob", realm: "home", password: Secret(password), nonce: challenge.nonce, use: use)
            return Credentials(
                username: hidden ? algorithm.hash.hex("bob:home") : "bob", realm: "home", nonce: challenge.nonce,
                uri: "sip:alice@home",
                response: computation.response(method: "MESSAGE", uri: "sip:alice@home", body: Array(body.utf8)),
                algorithm: challenge.algorithm, cnonce: use?.cnonce, qop: protection?.rawValue, nc: use?.nc,
                userhash: hidden)
        }
        mutating func verdict(_ credentials: Credentials, body: String = "hi") throws -> DigestServer.Verdict {
            serial += 1
            return server.verify(
                try request(credentials.serialised, body: body), in: ServerTransactionID(serial: serial), at: now)
        }
    }

    @Test("The challenge always has qop, and the algorithms in our order (RFC 8760 §2.3, §2.6)")
    func challenge() throws {
        var desk = Desk { $0.algorithms = [DigestAlgorithm(.sha512Slash256), DigestAlgorithm(.md5)] }
        let challenges = try desk.challenges()
        #expect(challenges.map(\.algorithm) == ["SHA-512-256", "MD5"])
        #expect(challenges.allSatisfy { $0.qop == ["auth"] && !$0.stale && $0.realm == "home" })
        #expect(Set(challenges.map(\.nonce)).count == 1)
        #expect(try desk.challenges()[0].nonce != challenges[0].nonce)
    }

    @Test(
        "Right credentials are let in with every algorithm (RFC 7616 §3.4, RFC 8760 §2.1)",
        arguments: ["MD5", "SHA-256", "SHA-512-256", "MD5-sess", "SHA-256-sess", "SHA-512-256-sess"])
    func letIn(name: String) throws {
        let algorithm = try #require(DigestAlgorithm(named: name))
        var desk = Desk { $0.algorithms = [algorithm] }
        let challenge = try desk.challenges()[0]
        #expect(try desk.verdict(desk.credentials(challenge)) == .authenticated(user: "bob"))
        #expect(try desk.verdict(desk.credentials(challenge, count: 2, password: "wrong")) == .wrong)
    }

    @Test("An algorithm that was not offered is refused (RFC 7616 §5.8: no bidding down)")
    func notOffered() throws {
        var desk = Desk { $0.algorithms = [DigestAlgorithm(.sha256)] }
        var challenge = try desk.challenges()[0]
        challenge.algorithm = "MD5"
        #expect(try desk.verdict(desk.credentials(challenge)) == .wrong)
    }

    @Test("The form of RFC 2069 is let in once for each nonce (RFC 3261 §22.4)")
    func old() throws {
        var desk = Desk { $0.algorithms = [DigestAlgorithm(.md5)] }
        let sent = try desk.credentials(desk.challenges()[0], protection: nil)
        #expect(try desk.verdict(sent) == .authenticated(user: "bob"))
        #expect(try desk.verdict(sent) == .stale)
    }

    @Test("A count is good once; others may come out of order within the window (RFC 7616 §3.4)")
    func replay() throws {
        var desk = Desk()
        let challenge = try desk.challenges()[0]
        for count in [1, 5, 3, 4, 100] {
            #expect(try desk.verdict(desk.credentials(challenge, count: count)) == .authenticated(user: "bob"))
            #expect(try desk.verdict(desk.credentials(challenge, count: count)) == .stale)
        }
        #expect(try desk.verdict(desk.credentials(challenge, count: 37)) == .authenticated(user: "bob"))
        #expect(try desk.verdict(desk.credentials(challenge, count: 36)) == .stale)
        #expect(try desk.verdict(desk.credentials(challenge, count: 0)) == .stale)
    }

    @Test("A nonce grows old, and one that we never gave is as good as old (RFC 7616 §3.3)")
    func lifetime() throws {
        var desk = Desk()
        var challenge = try desk.challenges()[0]
        desk.now += .seconds(299)
        #expect(try desk.verdict(desk.credentials(challenge)) == .authenticated(user: "bob"))
        desk.now += .seconds(1)
        #expect(try desk.verdict(desk.credentials(challenge, count: 2)) == .stale)
        #expect(try desk.challenges(stale: true).allSatisfy(\.stale))
        challenge.nonce = "invented"
        #expect(try desk.verdict(desk.credentials(challenge)) == .stale)
    }

    @Test("auth-int covers the body (RFC 7616 §3.4.3, RFC 8760 §2.6)")
    func integrity() throws {
        var desk = Desk { $0.protections = [.integrity, .authentication] }
        let challenge = try desk.challenges()[0]
        #expect(challenge.qop == ["auth-int", "auth"])
        let sent = try desk.credentials(challenge, protection: .integrity)
        #expect(try desk.verdict(sent, body: "HI") == .wrong)
        #expect(try desk.verdict(sent) == .authenticated(user: "bob"))
    }

    @Test("A protection that was not offered is refused (RFC 7616 §3.4)")
    func protectionNotOffered() throws {
        var desk = Desk()
        #expect(try desk.verdict(desk.credentials(desk.challenges()[0], protection: .integrity)) == .wrong)
    }

    @Test("A hashed name is known again where it was asked for (RFC 7616 §3.4.4)", arguments: [true, false])
    func userhash(isAskedFor: Bool) throws {
        var desk = Desk { $0.acceptsHashedNames = isAskedFor }
        let challenge = try desk.challenges()[0]
        #expect(challenge.userhash == isAskedFor)
        let verdict = try desk.verdict(desk.credentials(challenge, hidden: true))
        #expect(verdict == (isAskedFor ? .authenticated(user: "bob") : .wrong))
    }

    @Test("Basic, another realm and no credentials at all are challenged (RFC 8760 §2.6)")
    func missing() throws {
        var desk = Desk()
        for text in [nil, "Basic Ym9iOmxldG1laW4=", "Digest username=\"bob\", realm=\"away\", nonce=\"x\""] {
            let request = try desk.request(text)
            #expect(desk.server.verify(request, in: ServerTransactionID(serial: 1), at: desk.now) == .missing)
        }
    }

    @Test("Authentication-Info proves that we know the password, over the body too (RFC 7616 §3.5)")
    func info() throws {
        var desk = Desk { $0.protections = [.integrity] }
        let sent = try desk.credentials(desk.challenges()[0], protection: .integrity)
        _ = try desk.verdict(sent)
        var response = ResponseDraft(200, to: try desk.request())
        response.body = Array("done".utf8)
        desk.server.complete(
            &response, in: ServerTransactionID(serial: 1), entropy: &desk.entropy, at: desk.now)
        let text = try #require(response.fields.first(.authenticationInfo))
        let info = try AuthenticationInfo(parsing: text)
        let computation = DigestComputation(
            DigestAlgorithm(.sha256), user: "bob", realm: "home", password: Secret("letmein"), nonce: sent.nonce,
            use: .init(.integrity, nc: "00000001", cnonce: "own"))
        #expect(info.proof == computation.proof(uri: "sip:alice@home", body: Array("done".utf8)))
        #expect(info.qop == "auth-int" && info.nc == "00000001" && info.cnonce == "own" && info.nextNonce == nil)
    }

    @Test("A nonce that grows old is replaced by nextnonce, before it is stale (RFC 7616 §3.5)")
    func nextNonce() throws {
        var desk = Desk()
        let challenge = try desk.challenges()[0]
        desk.now += .seconds(250)
        _ = try desk.verdict(desk.credentials(challenge))
        var response = ResponseDraft(200, to: try desk.request())
        desk.server.complete(
            &response, in: ServerTransactionID(serial: 1), entropy: &desk.entropy, at: desk.now)
        let info = try AuthenticationInfo(parsing: try #require(response.fields.first(.authenticationInfo)))
        var next = challenge
        next.nonce = try #require(info.nextNonce)
        #expect(try desk.verdict(desk.credentials(next)) == .authenticated(user: "bob"))
    }

    @Test("A refusal says nothing about the password, and nothing is kept (RFC 7616 §3.5)")
    func refusal() throws {
        var desk = Desk()
        _ = try desk.verdict(desk.credentials(desk.challenges()[0]))
        let before = desk.server.count
        var response = ResponseDraft(404, to: try desk.request())
        desk.server.complete(&response, in: ServerTransactionID(serial: 1), entropy: &desk.entropy, at: desk.now)
        #expect(!response.fields.has(.authenticationInfo))
        #expect(desk.server.count == before - 1)
    }

    @Test("The nonces kept are limited; the oldest go first (H-043)")
    func limited() throws {
        var desk = Desk()
        let first = try desk.challenges()[0]
        var last = first
        for _ in 0..<10_000 { last = try desk.challenges()[0] }
        #expect(desk.server.count == 4096)
        #expect(try desk.verdict(desk.credentials(first)) == .stale)
        #expect(try desk.verdict(desk.credentials(last)) == .authenticated(user: "bob"))
    }

    @Test("ACK and CANCEL are never asked, whatever is configured (CAN-151, RFC 3261 §9.1, §22.1)")
    func neverAsked() throws {
        var world = World {
            $0.serverAuthentication = ServerAuthentication(
                realm: "home", methods: [.invite, .ack, .cancel], passwords: [:])
        }
        world.peer.outside(.invite, body: World.sdp)
        world.run(for: .seconds(1))
        world.peer.outside(.cancel)
        world.peer.outside(.ack)
        world.run(for: .seconds(1))
        #expect(world.ladder.sent() == ["401 INVITE", "481 CANCEL"])
        world.leave()
    }
}
