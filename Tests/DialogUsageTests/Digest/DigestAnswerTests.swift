import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("Digest, how a challenge is answered")
struct DigestAnswerTests {
    /// The credentials of the second REGISTER, after the first got this challenge.
    private func answer(
        to challenges: [String], _ prepare: (inout Account) -> Void = { _ in }
    ) throws -> (Credentials, SIPMessage, World) {
        var world = World()
        try world.useAccount(prepare)
        world.challenge(.register) { _, request in request.value(.authorization) == nil ? challenges : nil }
        try world.register()
        let registers = world.requests(.register)
        let last = try #require(registers.last)
        #expect(registers.count == 2)
        return (try last.authorization(), last, world)
    }

    @Test("A challenge with qop gets the whole answer (AUT-264, RFC 3261 §22.4, RFC 7616 §3.4)")
    func whole() throws {
        var (sent, request, world) = try answer(to: [World.digest + ", qop=\"auth\""])
        #expect(sent.username == "alice" && sent.realm == "example.com" && sent.nonce == "N1")
        #expect(sent.uri == "sip:example.com" && sent.nc == "00000001" && sent.qop == "auth")
        #expect(sent.cnonce?.isEmpty == false)
        #expect(sent.response == World.expected(sent, request))
        world.leave()
    }

    @Test("Of auth and auth-int one is chosen; qop, nc and algorithm are not quoted (AUT-265, H-055, RFC 7616 §3.4)")
    func unquoted() throws {
        var (sent, request, world) = try answer(to: [World.digest + ", algorithm=\"MD5\", qop=\"auth,auth-int\""])
        let text = try #require(request.value(.authorization))
        #expect(text.contains(", qop=auth,") && text.contains(", nc=00000001") && text.contains(", algorithm=MD5,"))
        #expect(!text.contains("auth-int"))
        #expect(sent.response == World.expected(sent, request))
        world.leave()
    }

    @Test("auth-int alone is answered with the hash of the body (AUT-265, RFC 7616 §3.4.3)")
    func integrity() throws {
        var world = World()
        world.challenge(.message, once: World.digest + ", algorithm=SHA-256, qop=\"auth-int\"")
        try world.message("some text")
        world.run(for: .milliseconds(100))
        let request = try #require(world.requests(.message).last)
        let sent = try request.authorization()
        #expect(sent.qop == "auth-int" && request.bodyText == "some text")
        #expect(sent.response == World.expected(sent, request))
        world.leave()
    }

    @Test("Without qop an old server gets neither cnonce nor nc (AUT-266, RFC 2069, RFC 3261 §22.4)")
    func old() throws {
        var (sent, request, world) = try answer(to: [World.digest])
        #expect(sent.qop == nil && sent.nc == nil && sent.cnonce == nil)
        #expect(sent.response == World.expected(sent, request))
        world.leave()
    }

    @Test("uri is quoted and is the Request-URI as it is sent, without its headers (AUT-267, RFC 8760 §2.6)")
    func requestURI() throws {
        var world = World()
        world.challenge(.message, once: World.digest + ", qop=\"auth\"")
        let account = world.account
        let target = try AnyURI(parsing: "sip:bob@example.com;x=y?Subject=hello")
        try world.perform { core, now in
            let (id, _, outputs) = try core.message(
                account, to: target, contentType: "text/plain", body: [65], at: now)
            return (id, outputs)
        }
        world.run(for: .milliseconds(100))
        let request = try #require(world.requests(.message).last)
        #expect(request.requestURIText == "sip:bob@example.com;x=y")
        #expect(request.value(.authorization)?.contains(", uri=\"sip:bob@example.com;x=y\",") == true)
        world.leave()
    }

    @Test(
        "Of several algorithms the first that we speak is used, in the server's order (AUT-274, RFC 8760 §2.4)",
        arguments: [
            (["SHA-1", "SHA-512-256", "MD5"], "SHA-512-256"), (["SHA-256", "SHA-512-256"], "SHA-256"),
            (["MD5", "SHA-256"], "MD5"), (["AKAv2-SHA-256", "MD5-sess"], "MD5-sess"),
        ])
    func order(offered: [String], chosen: String) throws {
        var (sent, request, world) = try answer(
            to: offered.map { World.digest + ", algorithm=\($0), qop=\"auth\"" })
        #expect(sent.algorithm == chosen)
        #expect(sent.response == World.expected(sent, request))
        world.leave()
    }

    @Test("A weaker algorithm than the account allows is passed over (RFC 8760 §2.4: local policy)")
    func downgrade() throws {
        var (sent, _, world) = try answer(
            to: ["MD5", "SHA-256"].map { World.digest + ", algorithm=\($0), qop=\"auth\"" }
        ) { $0.minimumAlgorithm = .sha256 }
        #expect(sent.algorithm == "SHA-256")
        world.leave()
    }

    @Test("A server that offers only weaker ones gets no credentials (H-054, RFC 8760 §2.4: local policy)")
    func downgradeRefused() throws {
        var world = World()
        try world.useAccount { $0.minimumAlgorithm = .sha256 }
        world.challenge(.register) { _, _ in [World.digest + ", algorithm=MD5, qop=\"auth\""] }
        let id = try world.register()
        #expect(world.requests(.register).count == 1)
        #expect(world.outcome(of: id) == .endedByPeer(401))
        world.leave()
    }

    @Test("-sess is answered with A1 of the session, and only with qop (AUT-275, RFC 3261 §22.4 item 8)")
    func session() throws {
        var (sent, request, world) = try answer(
            to: [World.digest + ", algorithm=MD5-sess", World.digest + ", algorithm=SHA-256-sess, qop=\"auth\""])
        #expect(sent.algorithm == "SHA-256-sess")
        #expect(sent.response == World.expected(sent, request))
        world.leave()
    }

    @Test("Basic is never answered, alone or first (AUT-276, H-054, RFC 8760 §2.6)", arguments: [true, false])
    func basic(isAlone: Bool) throws {
        var world = World()
        let basic = "Basic realm=\"example.com\""
        world.challenge(.register) { _, request in
            request.value(.authorization) == nil
                ? isAlone ? [basic] : [basic, World.digest + ", qop=\"auth\""] : nil
        }
        try world.register()
        let answers = world.requests(.register).compactMap { $0.value(.authorization) }
        #expect(answers.count == (isAlone ? 0 : 1))
        #expect(answers.allSatisfy { $0.hasPrefix("Digest ") })
        world.leave()
    }

    @Test("Unknown schemes and parameters are passed over (AUT-281, RFC 3261 §22.1, RFC 7616 §3.3)")
    func unknown() throws {
        var (sent, request, world) = try answer(to: [
            "Vapour realm=\"example.com\", secret=\"x\"", "Vapour2",
            World.digest + ", qop=\"auth,auth-conf\", colour=\"blue\", x=1",
        ])
        #expect(sent.response == World.expected(sent, request))
        world.leave()
    }

    @Test("A realm with quotes and UTF-8 is taken literally (AUT-281, H-056, RFC 3261 §22.1)")
    func literalRealm() throws {
        let realm = "Z\u{FC}rich \"West\" \\ 8"
        var (sent, request, world) = try answer(
            to: ["Digest realm=\(realm.quoted), nonce=\"N1\", qop=\"auth\""]
        ) { $0.realm = realm }
        #expect(sent.realm == realm)
        #expect(sent.response == World.expected(sent, request))
        world.leave()
    }

    @Test("Another spelling of the same letter is another realm (AUT-281, RFC 3261 §22.1)")
    func octets() throws {
        var world = World()
        try world.useAccount { $0.realm = "Z\u{FC}rich" }
        world.challenge(.register) { _, _ in ["Digest realm=\"Zu\u{308}rich\", nonce=\"N1\", qop=\"auth\""] }
        try world.register()
        #expect(world.requests(.register).count == 1)
        world.leave()
    }

    @Test("userhash=true hides the user's name (AUT-282, RFC 7616 §3.4.4)")
    func userhash() throws {
        var (sent, request, world) = try answer(
            to: [World.digest + ", algorithm=SHA-256, qop=\"auth\", charset=UTF-8, userhash=true"])
        #expect(sent.username == DigestHash.sha256.hex("alice:example.com"))
        #expect(request.value(.authorization)?.contains(", userhash=true") == true)
        #expect(sent.response == World.expected(sent, request))
        world.leave()
    }

    @Test("A login that is no ASCII is hashed as UTF-8 (RFC 7616 §4)")
    func charset() throws {
        var (sent, request, world) = try answer(
            to: [World.digest + ", qop=\"auth\", charset=UTF-8"]
        ) { $0.login = "J\u{E4}s\u{F8}n" }
        #expect(sent.username == "J\u{E4}s\u{F8}n")
        #expect(sent.response == World.expected(sent, request, user: "J\u{E4}s\u{F8}n"))
        world.leave()
    }
}
