import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("What every request of ours has, and what its answers mean (RFC 3261 §8.1)")
struct ClientBehaviourTests {
    /// One request of each kind.
    private func populated() throws -> World {
        var world = World()
        try world.populate()
        let account = world.account
        try world.perform { core, now in try core.options(account, to: World.uri("bob"), at: now) }
        world.run(for: .milliseconds(100))
        return world
    }

    @Test("To, From, Call-ID, CSeq, Max-Forwards 70 and Via in every request (UAC-101, UAC-105, RFC 3261 §8.1.1)")
    func mandatory() throws {
        var world = try populated()
        world.leave()
        #expect(Set(world.requests.map(\.method)).count >= 9)
        for request in world.requests {
            for name in [FieldName.to, .from, .callID, .cSeq, .maxForwards, .via] {
                #expect(request.count(of: name) == 1, "\(request.method) \(name)")
            }
            if request.method != .ack, request.method != .cancel { #expect(try request.maxForwards() == 70) }
            let cSeq = try request.cSeq()
            #expect(cSeq.number < 1 << 31 && cSeq.method == request.method)
        }
    }

    @Test("Outside a dialog To has no tag and From a new one (UAC-102, RFC 3261 §8.1.1.2)")
    func tags() throws {
        var world = try populated()
        var seen: Set<String> = []
        for method in [Method.register, .publish, .subscribe, .invite, .message, .options] {
            let first = try #require(world.requests.first { $0.method == method })
            #expect(try first.to().tag == nil, "\(method)")
            let tag = try #require(try first.from().tag)
            #expect(seen.insert(tag).inserted, "\(method)")
        }
        world.leave()
    }

    @Test(
        "Tags and Call-IDs of a thousand dialogs: none repeats, none is short, none follows from another (UAC-103, UAC-104, RFC 3261 §19.3)"
    )
    func randomness() throws {
        var world = World()
        world.peer.manners[.invite] = .silent
        for _ in 0..<1000 { try world.call(settling: .zero) }
        world.run(for: .milliseconds(50))
        let invites = world.requests.filter { $0.method == .invite }
        let tags = Set(try invites.compactMap { try $0.from().tag })
        let calls = Set(try invites.map { try $0.callID() })
        #expect(tags.count == 1000 && calls.count == 1000)
        // Eight hexadecimal digits are 32 bits.
        #expect(tags.allSatisfy { $0.count >= 8 } && calls.allSatisfy { $0.count >= 16 })
        #expect(Set(calls.map { $0.prefix(6) }).count > 990)
        world.take(world.core.forceShutdown(at: world.now))
        world.finish()
    }

    @Test(
        "The Call-ID stays over 407, 302 and 422; CSeq grows by one, the branch is new (UAC-104, UAC-115, RFC 3261 §8.1.3.5, §22.2)"
    )
    func retries() throws {
        var world = World()
        var invites = 0
        world.intercept = { world, request in
            guard request.method == .invite else { return false }
            invites += 1
            switch invites {
            case 1: world.peer.challenge(request)
            case 2:
                world.peer.answer(request, 302) {
                    $0.remove(.contact)
                    $0.append(.contact, "<sip:carol@elsewhere.example>")
                }
            case 3: world.peer.answer(request, 422) { $0.append(.minSE, "2000") }
            default: return false
            }
            return true
        }
        let id = try world.call(settling: .seconds(1))
        let sent = world.requests.filter { $0.method == .invite }
        try #require(sent.count == 4)
        for (before, after) in zip(sent, sent.dropFirst()) {
            #expect(try before.callID() == after.callID())
            #expect(before.value(.from) == after.value(.from) && before.value(.to) == after.value(.to))
            #expect(try before.cSeq().number + 1 == after.cSeq().number)
            #expect(try before.topVia().branch != after.topVia().branch)
            #expect(before.body == after.body)
        }
        #expect(sent[0].value(.proxyAuthorization) == nil && sent[1].has(.proxyAuthorization))
        #expect(try sent[3].minSE() == 2000)
        #expect(world.core.summary(id)?.state == "connected")
        world.leave()
    }

    @Test("Credentials that are refused are not sent again and again (UAC-115, RFC 3261 §22.2)")
    func refusedCredentials() throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .message else { return false }
            world.peer.challenge(request)
            return true
        }
        let id = try world.message()
        world.run(for: .seconds(1))
        #expect(world.requests.filter { $0.method == .message }.count == 2)
        #expect(world.outcome(of: id) == .endedByPeer(407))
        world.leave()
    }

    @Test("What can open a dialog has exactly one Contact, at an address of ours (UAC-106, RFC 3261 §8.1.1.8)")
    func contact() throws {
        var world = try populated()
        world.leave()
        for request in world.requests where [.invite, .subscribe, .refer].contains(request.method) {
            #expect(request.count(of: .contact) == 1, "\(request.method)")
            guard case .addresses(let addresses) = try request.contacts() else { continue }
            #expect(addresses[0].uri.sip?.host == "127.0.0.1" && addresses[0].uri.sip?.port == 5060)
        }
    }

    @Test("A sips target or first Route asks for a sips Contact (UAC-107, RFC 3261 §8.1.1.8)")
    func secureContact() throws {
        var world = World(over: .tls)
        try world.call()
        let invite = try #require(world.requests.first { $0.method == .invite })
        guard case .addresses(let addresses) = try invite.contacts() else { throw SIPURIMissing() }
        #expect(addresses[0].uri.sip?.isSecure == true)
        #expect(addresses[0].uri.sip?.parameters.has("transport") == false)
        world.leave()
    }
    private struct SIPURIMissing: Error {}

    @Test("Supported lists what we can, Require only what a call cannot do without (UAC-108, RFC 3261 §8.1.1.9)")
    func supported() throws {
        var world = try populated()
        world.leave()
        for request in world.requests where request.method != .ack && request.method != .cancel {
            // A registrar is told that its proxies may leave a Path (RFC 3327 §5.1).
            let more = request.method == .register ? ["path"] : []
            #expect(request.tokens(.supported) == world.core.supportedExtensions + more, "\(request.method)")
            #expect(!request.has(.require), "\(request.method)")
        }
    }

    @Test("An outbound proxy: Route with lr, the Request-URI untouched (UAC-109, RFC 3261 §8.1.2)")
    func preloadedRoute() throws {
        var world = try populated()
        let invite = try #require(world.requests.first { $0.method == .invite })
        #expect(try invite.requestURI().description == "sip:bob@example.com")
        let route = try #require(try invite.routes().first?.uri.sip)
        #expect(route.parameters.has("lr") && route.port == 5090)
        world.leave()
    }

    @Test("A strict router in the route set takes the place of the Request-URI (UAC-109, RFC 3261 §12.2.1.1)")
    func strictRoute() throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .invite else { return false }
            world.peer.answer(request, 200, body: ScriptedPeer.sdp) {
                $0.append(.recordRoute, "<sip:far.example;lr>, <sip:127.0.0.1:5090>")
            }
            return true
        }
        try world.call()
        let ack = try #require(world.requests.first { $0.method == .ack })
        #expect(try ack.requestURI().description == "sip:127.0.0.1:5090")
        #expect(try ack.routes().map(\.uri.description) == ["sip:far.example;lr", "sip:peer@127.0.0.1:5090"])
        world.leave()
    }

    @Test(
        "A final code nobody knows counts as the first of its class (UAC-110, RFC 3261 §8.1.3.2)",
        arguments: [(399, 300), (499, 400), (599, 500), (699, 600)] as [(StatusCode, StatusCode)])
    func unknownFinal(code: StatusCode, class first: StatusCode) throws {
        func outcome(_ code: StatusCode) throws -> (UsageOutcome?, Int) {
            var world = World()
            world.peer.manners[.invite] = .status(code)
            let id = try world.call()
            world.leave()
            return (world.outcome(of: id), world.requests.filter { $0.method == .invite }.count)
        }
        let (unknown, count) = try outcome(code)
        let (_, known) = try outcome(first)
        #expect(unknown == .endedByPeer(code) && count == known)
    }

    @Test(
        "A 599 to REGISTER is tried again later as a 500 is, a 499 not, as a 400 (UAC-110, RFC 3261 §8.1.3.2)",
        arguments: [(499, 400), (599, 500)] as [(StatusCode, StatusCode)])
    func unknownToRegister(code: StatusCode, known: StatusCode) throws {
        func tries(_ code: StatusCode) throws -> Int {
            var world = World()
            world.peer.manners[.register] = .status(code)
            try world.register()
            world.run(for: .seconds(300))
            let count = world.requests.filter { $0.method == .register }.count
            world.leave()
            return count
        }
        let count = try tries(code)
        #expect(try count == tries(known) && (count > 1) == (code == 599))
    }

    @Test(
        "A provisional code nobody knows counts as 183 (UAC-111, RFC 3261 §8.1.3.2)",
        arguments: [185, 199, 150] as [StatusCode])
    func unknownProvisional(code: StatusCode) throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .invite else { return false }
            world.peer.answer(request, code, body: ScriptedPeer.sdp)
            return true
        }
        let id = try world.call()
        let early = world.events.compactMap { event in
            if case .session(_, .progress(let status, let description, _)) = event {
                (status, description)
            } else {
                nil
            }
        }
        #expect(early.map(\.0) == [code])
        #expect(early.first?.1 == (try World.description()))
        #expect(world.core.summary(id)?.state == "ringing")
        world.leave()
    }

    @Test("503 with Retry-After: that server is left alone until the time is over (UAC-117, RFC 3261 §21.5.4)")
    func retryAfter() throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .message, world.requests.filter({ $0.method == .message }).count == 1 else {
                return false
            }
            world.peer.answer(request, 503) { $0.append(.retryAfter, "20") }
            return true
        }
        try world.message("one")
        world.run(for: .seconds(1))
        let second = try world.message("two")
        world.run(for: .seconds(1))
        #expect(world.requests.filter { $0.method == .message }.count == 1)
        #expect(world.outcome(of: second) == .endedByPeer(503))
        world.run(for: .seconds(20))
        let third = try world.message("three")
        world.run(for: .seconds(1))
        #expect(world.outcome(of: third) == .endedByPeer(200))
        world.leave()
    }
}
