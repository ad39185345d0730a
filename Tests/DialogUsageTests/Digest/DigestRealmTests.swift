import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("Digest, whom we tell what")
struct DigestRealmTests {
    private static func gateway(_ nonce: String = "G1") -> String {
        "Digest realm=\"gateway\", nonce=\"\(nonce)\", qop=\"auth\""
    }

    @Test("Several realms in one 407 get one credential each, all in the retry (AUT-277, RFC 3261 §22.3)")
    func severalRealms() throws {
        var world = World()
        try world.useAccount {
            $0.otherCredentials = [RealmCredentials(realm: "gateway", login: "line7", password: Secret("other"))]
        }
        world.challenge(.message, 407) { _, request in
            request.value(.proxyAuthorization) == nil ? [World.digest + ", qop=\"auth\"", Self.gateway()] : nil
        }
        try world.message()
        world.run(for: .milliseconds(100))
        let request = try #require(world.requests(.message).last)
        let sent = try request.credentials(.proxyAuthorization)
        try #require(sent.map(\.realm) == ["example.com", "gateway"])
        #expect(sent[0].response == World.expected(sent[0], request))
        #expect(sent[1].response == World.expected(sent[1], request, password: "other", user: "line7"))
        world.leave()
    }

    @Test(
        "A 401 that a forking proxy put together asks as server and as proxy: both are told (AUT-277, RFC 3261 §22.3)")
    func bothKinds() throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .message, request.value(.authorization) == nil else { return false }
            world.peer.answer(request, 401) { fields in
                fields.append(.wwwAuthenticate, World.digest + ", qop=\"auth\"")
                fields.append(.proxyAuthenticate, "Digest realm=\"example.com\", nonce=\"P1\", qop=\"auth\"")
            }
            return true
        }
        try world.message()
        world.run(for: .milliseconds(100))
        let request = try #require(world.requests(.message).last)
        #expect(try request.authorization().nonce == "N1")
        #expect(try request.proxyAuthorization().nonce == "P1")
        world.leave()
    }

    @Test(
        "407 is answered in Proxy-Authorization, and the call's later requests carry it at once (AUT-278, RFC 3261 §22.3)"
    )
    func proxy() throws {
        var world = World()
        world.challenge(.invite, 407, once: World.digest + ", qop=\"auth\"")
        let id = try world.call()
        world.take(world.core.end(id, at: world.now))
        world.run(for: .seconds(1))
        #expect(world.ladder.sent() == ["INVITE", "ACK", "INVITE", "ACK", "BYE"])
        let invite = try #require(world.requests(.invite).last)
        let bye = try #require(world.requests(.bye).last)
        #expect(invite.value(.authorization) == nil)
        #expect(try bye.proxyAuthorization().nonce == "N1")
        #expect(try bye.proxyAuthorization().response == World.expected(bye.proxyAuthorization(), bye))
        #expect(try bye.callID() == invite.callID())
        world.leave()
    }

    @Test("ACK to a 2xx repeats the INVITE's credentials (AUT-279, RFC 3261 §22.1)", arguments: [401, 407])
    func acknowledgement(code: Int) throws {
        var world = World()
        world.challenge(.invite, try #require(StatusCode(exactly: code)), once: World.digest + ", qop=\"auth\"")
        try world.call()
        let invite = try #require(world.requests(.invite).last)
        let ack = try #require(world.requests(.ack).last)
        let name = code == 401 ? FieldName.authorization : .proxyAuthorization
        #expect(ack.value(name) != nil)
        #expect(ack.value(.authorization) == invite.value(.authorization))
        #expect(ack.value(.proxyAuthorization) == invite.value(.proxyAuthorization))
        #expect(try ack.cSeq().number == invite.cSeq().number)
        world.leave()
    }

    @Test("ACK to a refusal repeats the INVITE's credentials (AUT-279, RFC 3261 §22.1)")
    func refusalAcknowledged() throws {
        var world = World()
        world.challenge(.invite, 407, once: World.digest + ", qop=\"auth\"")
        world.peer.manners[.invite] = .status(486)
        try world.call()
        let invite = try #require(world.requests(.invite).last)
        let ack = try #require(world.requests(.ack).last)
        #expect(ack.value(.proxyAuthorization) != nil)
        #expect(ack.value(.proxyAuthorization) == invite.value(.proxyAuthorization))
        world.leave()
    }

    @Test("CANCEL leaves at once, whatever was asked for before (AUT-280, RFC 3261 §22.1)")
    func cancel() throws {
        var world = World()
        world.challenge(.invite, 407, once: World.digest + ", qop=\"auth\"")
        let ask = world.intercept
        world.intercept = { world, request in
            if ask?(&world, request) == true { return true }
            if request.method == .invite { world.peer.answer(request, 180) }
            return request.method == .invite
        }
        let id = try world.call()
        let before = world.ladder.count
        world.take(world.core.end(id, at: world.now))
        #expect(world.ladder.sent(since: before) == ["CANCEL"])
        world.leave()
    }

    @Test(
        "Another realm than the account's learns nothing from us (AUT-284, RFC 3261 §22.2, §26)", arguments: [401, 407])
    func foreign(code: Int) throws {
        var world = World()
        try world.register()
        world.challenge(.invite, try #require(StatusCode(exactly: code))) { _, _ in
            ["Digest realm=\"evil.example\", nonce=\"N1\", qop=\"auth\""]
        }
        let id = try world.call()
        #expect(world.requests(.invite).count == 1)
        #expect(world.outcome(of: id) == .endedByPeer(StatusCode(exactly: code)))
        for request in world.requests {
            #expect(request.value(.authorization) == nil && request.value(.proxyAuthorization) == nil)
        }
        world.leave()
    }

    @Test(
        "With a realm given, the registrar's own is foreign too, and the failure names it (AUT-284, RFC 3261 §22.1)",
        arguments: [nil, "other.example"])
    func configured(realm: String?) throws {
        var world = World()
        try world.useAccount { $0.realm = realm }
        world.challenge(.register, once: "Digest realm=\"asterisk\", nonce=\"N1\"")
        let id = try world.register()
        if let realm {
            #expect(world.registrationFailures == [.credentials(401, foreignRealm: "asterisk")])
            #expect("\(world.registrationFailures[0])".contains("'asterisk'"))
            #expect(world.outcome(of: id) == .endedByPeer(401))
            world.challenge(.register, once: "Digest realm=\"\(realm)\", nonce=\"N1\"")
            try world.register()
        }
        #expect(world.granted.count == 1)
        let told = try world.requests(.register).filter { $0.value(.authorization) != nil }
            .map { try $0.authorization().realm }
        #expect(Set(told) == [realm ?? "asterisk"])
        world.leave()
    }

    @Test("Every kind of request that a foreign realm challenges says so to the user (AUT-284, RFC 3261 §22.1)")
    func named() throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method != .ack else { return false }
            world.peer.answer(request, 407) { $0.append(.proxyAuthenticate, "Digest realm=\"evil\\\"\", nonce=\"N1\"") }
            return true
        }
        try world.useAccount { $0.realm = "example.com" }
        try world.publish()
        try world.subscribe()
        try world.message()
        try world.call()
        world.run(for: .seconds(1))
        let wanted = Failure.credentials(407, foreignRealm: "evil\"")
        var heard: Set<String> = []
        for event in world.events {
            switch event {
            case .publication(_, .failed(wanted, _)): heard.insert("publication")
            case .subscription(_, .refused(wanted)): heard.insert("subscription")
            case .pager(_, .failed(_, wanted)): heard.insert("message")
            case .session(_, .closing(.refused(407, let reason), _)) where reason.contains("'evil\"'"):
                heard.insert("call")
            default: break
            }
        }
        #expect(heard == ["publication", "subscription", "message", "call"])
        #expect(!world.requests.contains { $0.value(.proxyAuthorization) != nil })
        world.leave()
    }

    @Test("No password at all, and a password that was refused, are not called a foreign realm")
    func notForeign() throws {
        var world = World()
        try world.useAccount { $0.password = nil }
        world.challenge(.register) { _, _ in ["Digest realm=\"example.com\", nonce=\"N1\""] }
        try world.register()
        try world.useAccount { $0.password = Secret("wrong") }
        try world.register()
        #expect(world.registrationFailures == [.credentials(401), .credentials(401)])
        world.leave()
    }

    @Test("The realm that the account's own registrar names is ours from then on (AUT-284)")
    func learned() throws {
        var world = World()
        world.challenge(.register, once: "Digest realm=\"asterisk\", nonce=\"N1\", qop=\"auth\"")
        try world.register()
        world.challenge(.message, once: "Digest realm=\"asterisk\", nonce=\"N2\", qop=\"auth\"")
        try world.message()
        world.run(for: .milliseconds(100))
        #expect(world.requests(.register).count == 2)
        #expect(try world.requests(.message).last?.authorization().realm == "asterisk")
        world.leave()
    }
}
