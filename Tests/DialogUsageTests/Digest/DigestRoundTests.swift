import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("Digest, again and again")
struct DigestRoundTests {
    @Test("The nonce's count goes up by one for each request (AUT-268, RFC 7616 §3.4)")
    func counts() throws {
        var world = World()
        world.challenge(.register, once: World.digest + ", qop=\"auth\"")
        let id = try world.register()
        for _ in 0..<3 {
            try world.refresh(id)
            world.run(for: .milliseconds(100))
        }
        let counts = try world.requests(.register).dropFirst().map { try $0.authorization().nc }
        #expect(counts == ["00000001", "00000002", "00000003", "00000004"])
        world.leave()
    }

    @Test(
        "Transactions side by side never use a count twice, also when one nonce is given to all (AUT-268, H-057, RFC 7616 §3.4)"
    )
    func parallel() throws {
        var world = World()
        world.challenge(.subscribe, 407, once: World.digest + ", qop=\"auth\"")
        for user in ["bob", "carol", "dave", "erin"] { try world.subscribe(to: user, settling: .zero) }
        world.run(for: .milliseconds(200))
        for user in ["frank", "grace"] { try world.subscribe(to: user, settling: .zero) }
        world.run(for: .milliseconds(200))
        let counts = try world.requests(.subscribe).filter { $0.value(.proxyAuthorization) != nil }
            .map { try $0.proxyAuthorization().nc ?? "" }
        #expect(counts == (1...6).map { "0000000\($0)" })
        world.leave()
    }

    @Test("stale=true: once more with the new nonce, and nobody hears of it (AUT-269, REG-161, RFC 7616 §3.3)")
    func stale() throws {
        var world = World()
        world.challenge(.register) { _, request in
            switch request.sentCredentials?.nonce {
            case nil: [World.digest + ", qop=\"auth\""]
            case "N1" where request.value(.cSeq) == "3 REGISTER":
                ["Digest realm=\"example.com\", nonce=\"N2\", qop=\"auth\", stale=true"]
            default: nil
            }
        }
        let id = try world.register()
        try world.refresh(id)
        world.run(for: .milliseconds(100))
        let last = try #require(try world.requests(.register).last?.authorization())
        #expect(world.requests(.register).count == 4)
        #expect(last.nonce == "N2" && last.nc == "00000001")
        #expect(world.registrationFailures.isEmpty)
        world.leave()
    }

    @Test(
        "Refused after they were computed for it: not sent again, and reported (AUT-270, REG-161, H-053, RFC 3261 §22.2)"
    )
    func refused() throws {
        var world = World()
        world.challenge(.register) { world, _ in
            ["Digest realm=\"example.com\", nonce=\"N\(world.requests.count)\", qop=\"auth\""]
        }
        let id = try world.register()
        world.run(for: .seconds(7200))
        #expect(world.requests(.register).count == 2)
        #expect(world.registrationFailures == [.credentials(401)])
        #expect(world.outcome(of: id) == .endedByPeer(401))
        world.leave()
    }

    @Test("Known credentials meet a new nonce: one more try, then no more (AUT-270, REG-161, RFC 3261 §22.2)")
    func refusedLater() throws {
        var world = World()
        world.challenge(.register, once: World.digest + ", qop=\"auth\"")
        let id = try world.register()
        world.challenge(.register) { world, _ in
            ["Digest realm=\"example.com\", nonce=\"M\(world.requests.count)\", qop=\"auth\""]
        }
        try world.refresh(id)
        world.run(for: .seconds(7200))
        #expect(world.requests(.register).count == 4)
        #expect(world.outcome(of: id) == .endedByPeer(401))
        world.leave()
    }

    @Test("A server that calls every nonce stale is answered twice for one request (AUT-271, H-053, RFC 3261 §22.2)")
    func neverFresh() throws {
        var world = World()
        world.challenge(.register) { world, _ in
            ["Digest realm=\"example.com\", nonce=\"N\(world.requests.count)\", qop=\"auth\", stale=true"]
        }
        try world.register()
        world.run(for: .seconds(7200))
        #expect(world.requests(.register).count == 3)
        #expect(world.registrationFailures == [.credentials(401)])
        world.leave()
    }

    @Test("nextnonce is used for the next request, its count begins anew (AUT-272, RFC 7616 §3.5)")
    func nextNonce() throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .register else { return false }
            let sent = request.sentCredentials
            world.peer.answer(request, sent == nil ? 401 : 200) { fields in
                if let contact = request.value(.contact) { fields.append(.contact, contact) }
                if sent == nil {
                    fields.append(.wwwAuthenticate, World.digest + ", qop=\"auth\"")
                } else {
                    fields.append(.authenticationInfo, "nextnonce=\"N\(world.requests.count)\"")
                }
            }
            return true
        }
        let id = try world.register()
        try world.refresh(id)
        world.run(for: .milliseconds(100))
        let last = try #require(try world.requests(.register).last?.authorization())
        #expect(last.nonce == "N2" && last.nc == "00000001")
        world.leave()
    }

    /// The answers of a server to REGISTER, with this rspauth.
    private func register(proof: @escaping (Credentials) -> String?) throws -> (World, AnyUsageID) {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .register else { return false }
            guard let sent = request.sentCredentials else {
                world.peer.answer(request, 401) { $0.append(.wwwAuthenticate, World.digest + ", qop=\"auth\"") }
                return true
            }
            world.peer.answer(request, 200) { fields in
                if let contact = request.value(.contact) { fields.append(.contact, contact) }
                let info = AuthenticationInfo(qop: sent.qop, proof: proof(sent), cnonce: sent.cnonce, nc: sent.nc)
                fields.append(.authenticationInfo, info.serialised)
            }
            return true
        }
        let id = try world.register()
        return (world, id)
    }

    @Test("A right rspauth is believed, and so is none (AUT-273, RFC 7616 §3.5)", arguments: [true, false])
    func proven(saysAnything: Bool) throws {
        var (world, id) = try register { saysAnything ? World.proof($0) : nil }
        #expect(world.registrationFailures.isEmpty && world.outcome(of: id) == nil)
        world.leave()
    }

    @Test("A wrong rspauth: the answer is not trusted, and reported (AUT-273, H-058, RFC 7616 §3.5)")
    func unproven() throws {
        var (world, id) = try register { _ in "0123456789abcdef0123456789abcdef" }
        #expect(world.registrationFailures == [.untrusted])
        #expect(world.outcome(of: id) != nil)
        world.leave()
    }

    @Test("A wrong rspauth in a 2xx to INVITE: acknowledged and ended, never connected (AUT-273, H-058, RFC 7616 §3.5)")
    func unprovenCall() throws {
        var world = World()
        world.challenge(.invite, once: World.digest + ", qop=\"auth\"")
        let ask = world.intercept
        world.intercept = { world, request in
            if ask?(&world, request) == true { return true }
            guard request.method == .invite else { return false }
            world.peer.answer(request, 200, body: World.sdp) { $0.append(.authenticationInfo, "rspauth=\"00\", nc=1") }
            return true
        }
        let id = try world.call()
        world.run(for: .seconds(1))
        #expect(world.ladder.sent() == ["INVITE", "ACK", "INVITE", "ACK", "BYE"])
        #expect(!world.events.contains { if case .session(_, .connected) = $0 { true } else { false } })
        #expect(world.ended[id]?.count == 1)
        world.leave()
    }

    @Test("The request once more: CSeq and branch are new, all else is the same (AUT-283, RFC 3261 §22.2)")
    func everythingElse() throws {
        var world = World()
        world.challenge(.register, once: World.digest + ", qop=\"auth\"")
        try world.register()
        let registers = world.requests(.register)
        let (first, second) = (try #require(registers.first), try #require(registers.last))
        #expect(try second.cSeq().number == first.cSeq().number + 1)
        #expect(try second.topVia().branch != first.topVia().branch)
        func rest(_ message: SIPMessage) -> [String] {
            message.description.split(separator: "\r\n").map(String.init).filter { line in
                !["CSeq:", "Via:", "Authorization:"].contains { line.hasPrefix($0) }
            }.sorted()
        }
        #expect(rest(first) == rest(second))
        world.leave()
    }
}
