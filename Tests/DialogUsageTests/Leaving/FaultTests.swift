import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("Shutdown: transport and faults (shutdown.md, section 11, 101 to 110)")
struct FaultTests {
    @Test("101. A connection fails during the shutdown: what was on it fails at once, the others go on (H22)")
    func flowFails() throws {
        var world = World(over: .tcp)
        let overFlow = try world.subscribe()
        world.peer.contactParameters = ""
        let proxy = SIPURI(user: nil, host: "127.0.0.1", port: 5090)
        let second = world.core.addAccount(
            Account(
                name: "second", addressOfRecord: NameAddress(uri: World.uri("second")), outboundProxy: proxy,
                password: Secret("secret")))
        let event = EventType(package: "presence")
        let overUDP = try world.perform { core, now in
            try core.subscribe(
                second, to: World.uri("carol"), event: event, accept: [], expires: .seconds(600), at: now)
        }
        world.run(for: .milliseconds(100))
        world.intercept = { world, request in
            guard request.method == .subscribe else { return false }
            guard (try? request.from().uri) == World.uri("second") else { return true }
            world.peer.answer(request, 200, after: .seconds(3)) { $0.append(.expires, "0") }
            world.peer.notify(request, state: "terminated;reason=timeout", after: .seconds(3))
            return true
        }
        world.shutdown()
        world.run(for: .seconds(1))
        world.resetConnection()
        #expect(world.outcome(of: overFlow) == .transportFailed)
        #expect(world.outcome(of: overUDP.any) == nil)
        world.runToTheEnd()
        #expect(world.outcome(of: overUDP.any) == .local(200))
        world.finish()
    }

    @Test("102. Pings are answered, and the connection stands, through 60 s of shutdown (G7, H21)")
    func flowSurvives() throws {
        var world = World(over: .tcp)
        let registration = try world.register()
        try world.subscribe()
        world.peer.manners[.subscribe] = .silent
        world.shutdown(giveUp: .seconds(70))
        let flow = world.flow
        for _ in 0..<2 {
            world.run(for: .seconds(14)) { $0.core.shutdownProgress?.stage == .ending(.clientRegistrations) }
            world.receive([13, 10, 13, 10])
        }
        #expect(world.pongs == 2)
        world.peer.manners[.register] = .silent
        world.run(for: .seconds(31))
        world.receive([13, 10, 13, 10])
        #expect(world.pongs == 3)
        #expect(world.flow == flow && flow != nil)
        world.runToTheEnd()
        #expect(world.outcome(of: registration) != nil)
        world.finish()
    }

    @Test("103. Octets that the kernel has not taken are waited for while flushing, until it takes them")
    func unsentOctets() throws {
        var world = World(over: .tcp)
        try world.register()
        world.holdsBytes = true
        world.shutdown(giveUp: .seconds(30))
        world.run(for: .seconds(3))
        #expect(world.core.shutdownProgress?.stage == .flushing)
        world.take(world.core.handle(.drained(try #require(world.flow)), at: world.now))
        #expect(world.report?.flushed == true && world.report?.deadlineHit == false)
        world.finish()
    }

    @Test("103. Octets that the kernel never takes are waited for until D, and the report says so")
    func neverSentOctets() throws {
        var world = World(over: .tcp)
        try world.register()
        world.holdsBytes = true
        let began = world.now
        world.shutdown(giveUp: .seconds(5))
        world.runToTheEnd()
        #expect(world.now - began == .seconds(5))
        #expect(world.report?.flushed == false && world.report?.deadlineHit == true)
        world.finish()
    }

    @Test("105. The resolver never answers for the un-REGISTER: bounded by Timer F (RFC 3261 §17.1.2.2)")
    func resolverSilent() throws {
        var world = World()
        let address = NameAddress(uri: .sip(SIPURI(user: "dave", host: "dead.example", port: nil)))
        let account = world.core.addAccount(Account(name: "dave", addressOfRecord: address))
        world.names["dead.example"] = World.peerAddress.ip
        let id = try world.perform { core, now in try core.register(account, at: now) }
        world.run(for: .milliseconds(100))
        world.names = [:]
        let began = world.now
        world.shutdown()
        world.runToTheEnd()
        #expect(world.now - began <= .seconds(32))
        #expect(world.outcome(of: id.any) == .transportFailed)
        world.finish()
    }

    @Test(
        "109. The clock jumps an hour while usages end: over at once where there is a D, at the timers where there is none (H-126)",
        arguments: [60, 0])
    func clockJumps(giveUp: Int) throws {
        var world = World()
        try world.register()
        try world.subscribe()
        world.peer.manners[.subscribe] = .silent
        world.shutdown(giveUp: .seconds(giveUp))
        world.run(for: .seconds(1))
        world.now = world.now + .seconds(3600)
        world.take(world.core.deadlineReached(at: world.now))
        if giveUp > 0 {
            #expect(world.report?.deadlineHit == true)
            #expect(world.report?.usages.map(\.outcome).contains(.gaveUp) == true)
        } else {
            #expect(world.report == nil)
            let began = world.now
            world.runToTheEnd()
            #expect(world.now - began < .seconds(1))
            #expect(world.report?.usages.map(\.outcome) == [.peerUnresponsive, .local(200)])
        }
        world.finish()
    }

    @Test("110. A thousand times up and down: nothing is left each time (L1, L5)")
    func thousandCycles() throws {
        for _ in 0..<1_000 {
            var world = World()
            try world.register()
            try world.subscribe()
            world.shutdown(giveUp: .seconds(5))
            world.runToTheEnd()
            #expect(world.report?.isClean == true)
            world.finish()
        }
    }

    @Test("110. A hundred usages up and down (L5)")
    func hundredUsages() throws {
        for _ in 0..<5 {
            var world = World()
            for index in 0..<50 { try world.subscribe(to: "user\(index)", settling: .milliseconds(1)) }
            for _ in 0..<25 { try world.publish(settling: .milliseconds(1)) }
            for _ in 0..<25 { try world.call(settling: .milliseconds(1)) }
            world.run(for: .seconds(1))
            #expect(world.core.usages.count == 100)
            world.shutdown(giveUp: .seconds(5))
            world.runToTheEnd()
            #expect(world.report?.isClean == true)
            world.finish()
        }
    }
}
