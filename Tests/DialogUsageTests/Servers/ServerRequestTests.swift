import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("Requests from outside that open no dialog: answered once, always (RFC 3261 §8.2, RFC 4320)")
struct ServerRequestTests {
    private static let other = Method("WAVE")

    private func world(_ role: UserAgentConfiguration.Role = .endpoint) -> World {
        World {
            $0.role = role
            $0.servedMethods = [.message, Self.other]
        }
    }
    private func messages(_ world: World) -> [UsageID<ServerPagerMessage>] {
        world.events.compactMap { if case .message(let id, _) = $0 { id } else { nil } }
    }
    private func requests(_ world: World) -> [UsageID<ServerOutOfDialogRequest>] {
        world.events.compactMap { if case .request(let id, _) = $0 { id } else { nil } }
    }

    @Test("MESSAGE is handed over and answered by the application, without body or Contact (MSG-398, RFC 3428 §7)")
    func message() throws {
        var world = world()
        #expect(world.ask(.message, 1, body: "hello") == nil)
        let id = try #require(messages(world).last)
        #expect(world.core.usages.map(\.id) == [id.any])
        try world.perform { core, now in ((), try core.respond(to: id, status: 200, at: now)) }
        world.run(for: .milliseconds(100))
        let answer = try #require(world.peer.responses.last)
        #expect(answer.status == 200)
        #expect(answer.body.isEmpty)
        #expect(!answer.has(.contact))
        #expect(world.outcome(of: id.any) == .endedByPeer(200))
        world.close()
    }

    @Test("A MESSAGE that comes again after its 200 was lost is shown once and answered again (MSG-402, §17.2.2)")
    func repeated() throws {
        var world = world()
        _ = world.ask(.message, 1, body: "hello")
        let id = try #require(messages(world).last)
        try world.perform { core, now in ((), try core.respond(to: id, status: 200, at: now)) }
        world.run(for: .milliseconds(100))
        world.peer.repeatLast()
        world.run(for: .milliseconds(100))
        #expect(messages(world).count == 1)
        #expect(world.peer.responses.map(\.status) == [200, 200])
        world.close()
    }

    @Test("An answer is given once; a provisional one and 408 are none at all (RFC 4320 §4)")
    func once() throws {
        var world = world()
        _ = world.ask(Self.other, 1)
        let id = try #require(requests(world).last)
        for status in [100, 183, 408] as [StatusCode] {
            #expect(throws: UsageError.self) { try world.core.respond(to: id, status: status, at: world.now) }
        }
        #expect(world.core.usages.count == 1)
        try world.perform { core, now in ((), try core.respond(to: id, status: 200, at: now)) }
        #expect(throws: UsageError.ended("\(id)")) { try world.core.respond(to: id, status: 200, at: world.now) }
        world.run(for: .milliseconds(100))
        #expect(world.peer.responses.map(\.status) == [200])
        world.close()
    }

    @Test("Several wait side by side, and each gets its own answer whatever the order")
    func several() throws {
        var world = world()
        for number in 1...5 { _ = world.ask(Self.other, call: "call\(number)", number) }
        let ids = requests(world)
        #expect(ids.count == 5)
        for (offset, id) in ids.enumerated().reversed() {
            let status = try #require(StatusCode(exactly: 200 + offset))
            try world.perform { core, now in ((), try core.respond(to: id, status: status, at: now)) }
        }
        world.run(for: .milliseconds(100))
        let answers = world.peer.responses.compactMap { answer in
            (try? answer.callID()).map { "\($0) \(answer.status?.value ?? 0)" }
        }
        #expect(answers == ["call5 204", "call4 203", "call3 202", "call2 201", "call1 200"])
        world.close()
    }

    @Test("What the application forgets is answered 500 before the client gives up (UAS-139, RFC 4320 §4.2)")
    func forgotten() throws {
        var world = world()
        let answer = world.ask(Self.other, 1, patience: .seconds(21))
        #expect(answer?.status == 500)
        let id = try #require(requests(world).last)
        #expect(world.outcome(of: id.any) == .local(500))
        #expect(world.core.census.usages == 0)
        world.close()
    }

    @Test("However long the application may take, the answer leaves before 64·T1 (RFC 4320 §4.2)")
    func patienceIsBounded() {
        var world = World { $0.limits.answerTime = .seconds(600) }
        #expect(world.ask(.message, 1, patience: .seconds(31))?.status == 500)
        world.close()
    }

    @Test("More than an application can have waiting are 503 with Retry-After, and those before are answered")
    func tooMany() throws {
        var world = World { $0.limits.waitingRequests = 2 }
        for number in 1...3 { _ = world.ask(.message, call: "call\(number)", number) }
        #expect(world.peer.responses.map(\.status) == [503])
        #expect(world.peer.responses.first?.has(.retryAfter) == true)
        for id in messages(world) {
            try world.perform { core, now in ((), try core.respond(to: id, status: 200, at: now)) }
        }
        #expect(world.core.usages.isEmpty)
        world.run(for: .milliseconds(100))
        #expect(world.ask(.message, call: "call4", 4) == nil)
        #expect(messages(world).count == 3)
        world.close()
    }

    @Test(
        "A message whose time was over is marked: Expires counts from Date, or from its arrival (MSG-400, RFC 3428 §7)")
    func expired() {
        var world = World { $0.epoch = Epoch(seconds: 1_289_690_940) }  // 13 Nov 2010 23:29:00
        func expired(_ expires: String?, _ date: String?) -> Bool? {
            let number = world.peer.responses.count + messages(world).count + 1
            _ = world.ask(.message, call: "call\(number)", number) { fields in
                if let expires { fields.append(.expires, expires) }
                if let date { fields.append(.date, date) }
            }
            guard
                case .message(_, let request) = world.events.last(where: {
                    if case .message = $0 { true } else { false }
                })
            else { return nil }
            return request.hasExpired
        }
        #expect(expired(nil, nil) == false)
        #expect(expired("60", nil) == false)
        #expect(expired("0", nil) == true)
        #expect(expired("60", "Sat, 13 Nov 2010 23:28:30 GMT") == false)
        #expect(expired("60", "Sat, 13 Nov 2010 23:27:30 GMT") == true)
        #expect(expired("60", "Fri, 12 Nov 2010 23:29:00 GMT") == true)
        #expect(expired("60", "yesterday") == false, "a date that cannot be read is none")
        #expect(expired(nil, "Fri, 12 Nov 2010 23:29:00 GMT") == false)
        world.close()
    }

    @Test("An unanswered request is answered by the shutdown: 480, a server's 503 with Retry-After (W31, UAS-138)")
    func ended() {
        for (role, status) in [(.endpoint, 480), (.server, 503)] as [(UserAgentConfiguration.Role, StatusCode)] {
            var world = world(role)
            _ = world.ask(.message, call: "message", 1)
            _ = world.ask(Self.other, call: "other", 2)
            world.shutdown()
            world.runToTheEnd()
            world.run(for: .milliseconds(100))
            #expect(world.peer.responses.map(\.status) == [status, status])
            #expect(world.peer.responses.allSatisfy { $0.value(.retryAfter) == "30" })
            #expect(world.report?.usages.map(\.outcome) == [.local(status), .local(status)])
            world.finish()
        }
    }

    @Test("Forced with best effort they are still answered; forced without it nothing is said (test 84, 85)")
    func forced() {
        var polite = world()
        _ = polite.ask(.message, 1)
        polite.take(polite.core.forceShutdown(bestEffort: true, at: polite.now))
        polite.run(for: .milliseconds(100))
        #expect(polite.peer.responses.map(\.status) == [480])
        polite.finish()
        var rude = world()
        _ = rude.ask(.message, 1)
        rude.take(rude.core.forceShutdown(at: rude.now))
        rude.run(for: .milliseconds(100))
        #expect(rude.peer.responses.isEmpty)
        rude.finish()
    }

    @Test("In idleWait the application still answers what came before (G6)")
    func idle() throws {
        var world = world()
        _ = world.ask(.message, 1)
        let id = try #require(messages(world).last)
        world.take(world.core.shutdownIfNoUsages(giveUp: .zero, at: world.now))
        world.run(for: .seconds(1))
        #expect(world.reports.isEmpty)
        try world.perform { core, now in ((), try core.respond(to: id, status: 202, at: now)) }
        world.runToTheEnd()
        world.run(for: .milliseconds(100))
        #expect(world.peer.responses.map(\.status) == [202])
        world.finish()
    }

    @Test("A method that nobody serves is 405 with Allow; REGISTER to a user agent too (REG-168, RFC 4475 §3.3.7)")
    func notServed() {
        var world = World()
        for (number, method) in [Method.register, .publish].enumerated() {
            let answer = world.ask(method, number + 1)
            #expect(answer?.status == 405)
            #expect(answer?.has(.allow) == true)
        }
        #expect(world.core.usages.isEmpty)
        world.close()
    }

    @Test("Bindings and publications are soft state: a shutdown says nothing of them, and keeps nothing (W32)")
    func softState() {
        var registrar = World.registrar()
        _ = registrar.register("<sip:a@192.0.2.1>", cseq: 1)
        let before = registrar.ladder.count
        registrar.shutdown()
        registrar.runToTheEnd()
        #expect(registrar.ladder.sent(since: before).isEmpty)
        #expect(registrar.core.registrar?.count == 0)
        registrar.finish()
        var compositor = World.compositor()
        _ = compositor.publish("<one/>", cseq: 1)
        let then = compositor.ladder.count
        compositor.shutdown()
        compositor.runToTheEnd()
        #expect(compositor.ladder.sent(since: then).isEmpty)
        compositor.finish()
    }
}
