import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("Hardening: challenges (hardening.md, digest authentication)")
struct HostileChallengeTests {
    @Test("Fifty challenges of fifty realms: our own alone is answered (H-060, RFC 3261 §22.3)")
    func fiftyRealms() throws {
        var world = World()
        world.challenge(.message, 407) { _, request in
            guard request.value(.proxyAuthorization) == nil else { return nil }
            let others = (1...49).map { "Digest realm=\"realm\($0)\", nonce=\"E\($0)\", qop=\"auth\"" }
            return others + [World.digest + ", qop=\"auth\""]
        }
        try world.message()
        world.run(for: .milliseconds(100))
        let request = try #require(world.requests(.message).last)
        #expect(world.requests(.message).count == 2)
        #expect(try request.credentials(.proxyAuthorization).map(\.realm) == ["example.com"])
        world.leave()
    }

    @Test(
        "A challenge without realm or nonce, cut short or too long is not answered; afterwards all goes on (H-056)",
        arguments: [
            "Digest", "Digest nonce=\"N1\", qop=\"auth\"", "Digest realm=\"example.com\", qop=\"auth\"",
            "Digest realm=\"example.com\", nonce=\"\", qop=\"auth\"", "Digest realm=\"example.com", "Digest realm",
            "Digest realm=\"example.com\", nonce=\"" + String(repeating: "n", count: 60_000) + "\"",
        ])
    func incomplete(challenge: String) throws {
        var world = World()
        world.challenge(.message) { _, _ in [challenge] }
        try world.message()
        world.run(for: .seconds(33))
        #expect(world.requests(.message).allSatisfy { $0.value(.authorization) == nil })
        #expect(world.core.census.usages == 0)
        world.intercept = nil
        let call = try world.call()
        #expect(world.core.summary(call)?.state == "connected")
        world.leave()
    }

    @Test(
        "A count in Authentication-Info that is not the one we sent proves nothing (H-010, RFC 7616 §3.5)",
        arguments: ["00000000", "000000001", "zzzzzzzz", "00000002", "-0000001"])
    func wrongCount(nc: String) throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .register else { return false }
            guard let sent = request.sentCredentials, let proof = World.proof(sent) else {
                world.peer.answer(request, 401) { $0.append(.wwwAuthenticate, World.digest + ", qop=\"auth\"") }
                return true
            }
            world.peer.answer(request, 200) { fields in
                if let contact = request.value(.contact) { fields.append(.contact, contact) }
                fields.append(
                    .authenticationInfo, "qop=auth, rspauth=\"\(proof)\", cnonce=\"\(sent.cnonce ?? "")\", nc=\(nc)")
            }
            return true
        }
        try world.register()
        #expect(world.registrationFailures == [.untrusted])
        world.leave()
    }

    @Test("A server that asked for qop and then no longer does gets no weaker answer (H-055, RFC 7616 §3.4)")
    func qopIsGone() throws {
        var world = World()
        world.challenge(.register, once: World.digest + ", qop=\"auth\"")
        let id = try world.register()
        world.challenge(.register) { _, request in
            request.sentCredentials?.nonce == "N2" ? nil : ["Digest realm=\"example.com\", nonce=\"N2\", stale=true"]
        }
        try world.refresh(id)
        world.run(for: .milliseconds(100))
        #expect(world.requests(.register).allSatisfy { $0.sentCredentials?.nonce != "N2" })
        #expect(world.registrationFailures == [.credentials(401)])
        world.leave()
    }
}
