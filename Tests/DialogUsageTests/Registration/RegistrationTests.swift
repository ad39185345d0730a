import DialogUsage
import Ladder
import SIPMessage
import SIPTransaction
import SansIO
import Testing

@Suite("Registration, from end to end (RFC 3261 §10.2)")
struct RegistrationTests {
    @Test("The Request-URI is the domain without user, To the address-of-record (REG-152, RFC 3261 §10.2)")
    func form() throws {
        var world = World()
        try world.register()
        let register = try #require(world.requests(.register).first)
        #expect(register.requestURIText == "sip:example.com")
        #expect(try register.to().uri.description == "sip:alice@example.com")
        #expect(try register.from().uri.description == "sip:alice@example.com")
        #expect(register.tokens(.supported).contains("path"))
        world.leave()
    }

    @Test("All REGISTERs have one Call-ID, CSeq goes up by one (REG-153, RFC 3261 §10.2)")
    func sequence() throws {
        var world = World()
        let id = try world.register()
        for _ in 0..<2 {
            try world.refresh(id)
            world.run(for: .milliseconds(100))
        }
        world.leave()
        let registers = world.requests(.register)
        #expect(try Set(registers.map { try $0.callID() }).count == 1)
        #expect(try registers.map { try $0.cSeq().number } == [1, 2, 3, 4])
    }

    @Test("No second REGISTER while one is pending (REG-154, RFC 3261 §10.2)")
    func noOverlap() throws {
        var world = World()
        world.peer.manners[.register] = .silent
        let id = try world.register()
        try world.refresh(id)
        world.take(world.core.networkChanged(at: world.now))
        world.take(world.core.end(id, at: world.now))
        world.run(for: .seconds(31))
        #expect(try Set(world.requests(.register).map { try $0.cSeq().number }) == [1])
        world.leave()
    }

    @Test("Our binding is found as URIs compare, among others; its own time counts (REG-155, RFC 3261 §10.2.4)")
    func ownBinding() throws {
        var world = World()
        world.registrar { _, _ in
            [
                "<sip:alice@127.0.0.1:5061>;expires=20", "<sip:ALICE@127.0.0.1:5060>;expires=30",
                "<sip:%61lice@127.0.0.1:5060;unknown=yes>;expires=1000", "<sip:alice@127.0.0.1>;expires=40",
            ]
        }
        try world.register()
        #expect(world.granted == [.seconds(1000)])
        world.leave()
    }

    @Test("Without expires at the binding Expires counts, else what was asked (REG-155, RFC 3261 §10.2.1.1, §10.2.4)")
    func expiresInTurn() throws {
        var world = World()
        world.registrar(expires: "900") { _, own in ["<\(own)>"] }
        try world.register()
        world.registrar { _, own in ["<\(own)>;expires=soon"] }
        try world.register()
        #expect(world.granted == [.seconds(900), .seconds(3600)])
        world.leave()
    }

    @Test("The refresh leaves with margin and jitter before the granted time is over (REG-156, RFC 3261 §10.2.4)")
    func refreshed() throws {
        var times: Set<Instant> = []
        for index in 0..<4 {
            var world = World()
            world.registrar { _, own in ["<\(own)>;expires=600"] }
            // Each draws another jitter.
            for _ in 0..<index { _ = try? world.message() }
            try world.register()
            world.run(for: .seconds(600)) { $0.requests(.register).count > 1 }
            let refresh = try #require(Array(zip(world.requests, world.requestTimes)).last { $0.0.method == .register })
                .1
            #expect(refresh >= .zero + .seconds(475) && refresh <= .zero + .seconds(541))
            times.insert(refresh)
            world.leave()
        }
        #expect(times.count > 1)
    }

    @Test("A time shorter than any margin keeps the registration going (RFC 3261 §10.2.4)", arguments: [1, 3, 7])
    func shortLease(seconds: Int) throws {
        var world = World()
        world.registrar { _, own in ["<\(own)>;expires=\(seconds)"] }
        let id = try world.register()
        world.run(for: .seconds(30))
        #expect(world.outcome(of: id) == nil)
        #expect(world.requests(.register).count > 30 / seconds)
        #expect(world.requests(.register).count < 30 * 10 / seconds)
        world.leave()
    }

    @Test("200 without our binding: registered again at once, then with pauses (REG-157, H-083, RFC 3261 §10.2.4)")
    func unlisted() throws {
        var world = World()
        world.registrar { _, _ in ["<sip:other@192.0.2.9>;expires=600"] }
        let id = try world.register()
        #expect(world.granted.isEmpty && world.requests(.register).count == 2)
        #expect(world.standing(of: id) == .failing)
        world.run(for: .seconds(121))
        #expect(world.requests(.register).count == 3)
        world.registrar { _, own in ["<\(own)>;expires=600"] }
        world.run(for: .seconds(241))
        #expect(world.granted == [.seconds(600)] && world.standing(of: id) == .granted)
        world.leave()
    }

    @Test("423: asked again for as long as it says (REG-158, RFC 3261 §10.2.8)")
    func tooBrief() throws {
        var world = World()
        world.refuse(.register, 423, unlessExpires: "7200") { $0.append(.minExpires, "7200") }
        try world.register()
        #expect(world.requests(.register).map { $0.value(.expires) } == ["3600", "7200"])
        #expect(world.granted == [.seconds(7200)])
        world.leave()
    }

    @Test(
        "423 without a time, or with one that makes no sense, is reported: no loop (REG-158, H-006, H-084, RFC 3261 §10.2.8)",
        arguments: [nil, "0", "60", "4294967295", "100000", "soon"])
    func absurd(minimum: String?) throws {
        var world = World()
        world.refuse(.register, 423) { fields in
            if let minimum { fields.append(.minExpires, minimum) }
        }
        let id = try world.register()
        world.run(for: .seconds(7200))
        #expect(world.requests(.register).count == 1)
        #expect(world.registrationFailures.map(\.status) == [423])
        #expect(world.outcome(of: id) == .endedByPeer(423))
        world.leave()
    }

    @Test("A minimum that goes up and up is followed twice (REG-158, H-006, H-084)")
    func risingMinimum() throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .register, let asked = request.value(.expires).flatMap(Int.init) else {
                return false
            }
            world.peer.answer(request, 423) { $0.append(.minExpires, "\(asked + 1)") }
            return true
        }
        try world.register()
        world.run(for: .seconds(7200))
        #expect(world.requests(.register).count == 3)
        world.leave()
    }

    @Test("Unregister: our Contact with expires=0, never * by itself (REG-159, RFC 3261 §10.2.2)")
    func unregister() throws {
        var world = World()
        let id = try world.register()
        world.take(world.core.end(id, at: world.now))
        world.run(for: .seconds(1))
        let last = try #require(world.requests(.register).last)
        let contacts = try #require(try last.addresses())
        #expect(contacts.map(\.uri.description) == ["sip:alice@127.0.0.1:5060"])
        #expect(contacts[0].parameters["expires"] == "0" && last.value(.expires) == "0")
        world.leave()
    }

    @Test("Contact: * only when the application asks, and only with Expires: 0 (REG-159, RFC 3261 §10.2.2)")
    func everything() throws {
        var world = World()
        let id = try world.register()
        try world.perform { core, now in
            ((), try core.removeBindings(.init(serial: id.serial), .everything, at: now))
        }
        world.run(for: .seconds(1))
        let last = try #require(world.requests(.register).last)
        #expect(last.values(.contact) == ["*"] && last.value(.expires) == "0")
        world.leave()
        #expect(world.requests(.register).count == 2)
    }

    @Test("A query has no Contact, reports what is bound, and ends by itself (REG-160, RFC 3261 §10.2.3)")
    func query() throws {
        var world = World()
        world.registrar { _, _ in ["<sip:alice@192.0.2.7>;expires=60", "<sip:alice@192.0.2.8>;expires=70"] }
        let account = world.account
        let id = try world.perform { core, now in try core.queryBindings(account, at: now) }
        world.run(for: .seconds(1))
        let register = try #require(world.requests(.register).first)
        #expect(register.values(.contact).isEmpty && register.value(.expires) == nil)
        let listed = world.events.compactMap { event in
            if case .registration(_, .bindings(let all)) = event { all.map(\.uri.description) } else { nil }
        }
        #expect(listed == [["sip:alice@192.0.2.7", "sip:alice@192.0.2.8"]])
        #expect(world.outcome(of: id.any) == .endedByPeer(200))
        world.leave()
    }

    @Test("75. A query under way when we leave: nothing is sent, nothing waited for (W29)")
    func leaveDuringQuery() throws {
        var world = World()
        world.peer.manners[.register] = .silent
        let account = world.account
        let id = try world.perform { core, now in try core.queryBindings(account, at: now) }
        world.run(for: .milliseconds(100))
        let before = world.ladder.count
        world.shutdown()
        #expect(world.ladder.sent(since: before) == [])
        #expect(world.outcome(of: id.any) == .local(nil))
        #expect(world.reports.first?.isClean == true)
        world.finish()
    }

    @Test(
        "74. What the application has removed, and is removing, is not removed again (W29, W30)",
        arguments: [true, false])
    func removedAlready(isAnswered: Bool) throws {
        var world = World()
        let id = try world.register()
        try world.perform { core, now in ((), try core.removeBindings(.init(serial: id.serial), at: now)) }
        if isAnswered { world.run(for: .seconds(1)) }
        world.shutdown()
        world.runToTheEnd()
        #expect(world.requests(.register).count == 2)
        #expect(world.outcome(of: id) == (isAnswered ? .local(nil) : .local(200)))
        #expect(world.report?.isClean == true)
        world.finish()
    }

    @Test("After a removal by the application a refresh registers again (RFC 3261 §10.2.1)")
    func registeredAgain() throws {
        var world = World()
        let id = try world.register()
        try world.perform { core, now in ((), try core.removeBindings(.init(serial: id.serial), at: now)) }
        world.run(for: .seconds(4000))
        #expect(world.requests(.register).count == 2 && world.standing(of: id) == nil)
        try world.refresh(id)
        world.run(for: .seconds(1))
        #expect(world.standing(of: id) == .granted)
        world.leave()
    }

    @Test("403, 404 and 6xx are not tried again (REG-162, RFC 3261 §10.3)", arguments: [403, 404, 600, 603])
    func refused(code: Int) throws {
        var world = World()
        let status = try #require(StatusCode(exactly: code))
        world.peer.manners[.register] = .status(status)
        let id = try world.register()
        world.run(for: .seconds(7200))
        #expect(world.requests(.register).count == 1)
        #expect(world.outcome(of: id) == .endedByPeer(status))
        world.leave()
    }

    @Test("408, 500 and 503 are tried again, each time later (REG-163, RFC 5626 §4.5)", arguments: [408, 500, 503])
    func backsOff(code: Int) throws {
        var world = World()
        world.peer.manners[.register] = .status(try #require(StatusCode(exactly: code)))
        let id = try world.register()
        #expect(world.standing(of: id) == .failing)
        world.run(for: .seconds(600))
        let times = zip(world.requests, world.requestTimes).filter { $0.0.method == .register }.map(\.1)
        let pauses = zip(times, times.dropFirst()).map { ($1 - $0).inMilliseconds }
        for (pause, bounds) in zip(pauses, [(30, 60), (60, 120), (120, 240)]) {
            #expect(pause >= bounds.0 * 1000 && pause <= bounds.1 * 1000 + 100)
        }
        #expect(pauses.count >= 3)
        world.leave()
    }

    @Test("Retry-After is obeyed (REG-163, RFC 3261 §10.2.7, §20.33)")
    func retryAfter() throws {
        var world = World()
        world.refuse(.register, 503) { $0.append(.retryAfter, "5") }
        try world.register()
        world.run(for: .seconds(4))
        #expect(world.requests(.register).count == 1)
        world.run(for: .seconds(2))
        #expect(world.requests(.register).count == 2)
        world.leave()
    }

    @Test("302 is followed, the best first, each address once (REG-164, RFC 3261 §8.1.3.4)", arguments: [301, 302])
    func redirected(code: Int) throws {
        var world = World()
        let status = try #require(StatusCode(exactly: code))
        world.refuse(.register, status) { fields in
            fields.append(.contact, "<sip:one.example.com>;q=0.2, <sip:two.example.com>;q=0.9, <sip:example.com>")
        }
        let id = try world.register()
        world.run(for: .seconds(7200))
        #expect(
            world.requests(.register).map(\.requestURIText)
                == ["sip:example.com", "sip:two.example.com", "sip:one.example.com"])
        #expect(world.outcome(of: id) == .endedByPeer(status))
        world.leave()
    }

    @Test(
        "Date in the 200 may be there, missing or nonsense (REG-165, RFC 3261 §10.2.5)",
        arguments: [
            nil, "Sat, 13 Nov 2010 23:29:00 GMT", "yesterday",
        ])
    func date(value: String?) throws {
        var world = World()
        world.registrar { fields, own in
            if let value { fields.append(.date, value) }
            return ["<\(own)>;expires=600"]
        }
        try world.register()
        #expect(world.granted == [.seconds(600)])
        world.leave()
    }

    @Test(
        "Service-Route is the way of later requests, in its order, until the registration ends (REG-166, RFC 3608 §6.1)"
    )
    func serviceRoute() throws {
        var world = World()
        let proxy = "<sip:127.0.0.1:5090;lr>"
        world.registrar { fields, own in
            fields.append(.serviceRoute, "<sip:p1.example.com;lr>, <sip:p2.example.com;lr>")
            return ["<\(own)>;expires=600"]
        }
        let id = try world.register()
        try world.message()
        try world.refresh(id)
        world.run(for: .seconds(1))
        let routes = try world.requests.map { try $0.routes().map(\.description) }
        #expect(
            routes == [[proxy], [proxy, "<sip:p1.example.com;lr>", "<sip:p2.example.com;lr>"], [proxy]])
        world.take(world.core.end(id, at: world.now))
        world.run(for: .seconds(1))
        try world.message("again")
        world.run(for: .seconds(1))
        #expect(try world.requests(.message).last?.routes().map(\.description) == [proxy])
        world.leave()
    }

    @Test(
        "When the program ends the bindings are removed, and a silent registrar is waited for no longer than it may be (REG-167, RFC 3261 §10.2.2)"
    )
    func programEnds() throws {
        var world = World()
        let id = try world.register()
        world.peer.manners[.register] = .silent
        world.shutdown(giveUp: .seconds(5))
        world.runToTheEnd()
        #expect(world.requests(.register).last?.value(.expires) == "0")
        #expect(world.outcome(of: id) == .gaveUp)
        #expect(world.report?.finished == world.report.map { $0.started + .seconds(5) })
        world.finish()
    }

    @Test(
        "A third party registers: From is the account, To the other, and the other's domain is asked (RFC 3261 §10.2)")
    func thirdParty() throws {
        var world = World()
        let account = world.account
        let other = NameAddress(uri: try AnyURI(parsing: "sip:desk@other.example.com"))
        let wishes = RegistrationWishes(addressOfRecord: other)
        try world.perform { core, now in try core.register(account, wishes, at: now) }
        world.run(for: .seconds(1))
        let register = try #require(world.requests(.register).first)
        #expect(register.requestURIText == "sip:other.example.com")
        #expect(try register.to().uri == other.uri)
        #expect(try register.from().uri.description == "sip:alice@example.com")
        world.leave()
    }

    @Test("Another network: asked at once, unverified until it is answered (H-138)")
    func networkChanged() throws {
        var world = World()
        let id = try world.register()
        world.take(world.core.networkChanged(at: world.now))
        #expect(world.standing(of: id) == .unverified && world.requests.count == 1)
        world.run(for: .milliseconds(100))
        #expect(world.requests(.register).count == 2 && world.standing(of: id) == .granted)
        world.peer.manners[.register] = .silent
        world.take(world.core.resumed(at: world.now))
        world.run(for: .seconds(31))
        #expect(world.standing(of: id) == .unverified)
        world.run(for: .seconds(2))
        #expect(world.standing(of: id) == .failing)
        world.leave()
    }

    @Test("The network changes while REGISTER is in flight: it is asked once more after the answer")
    func networkChangedInFlight() throws {
        var world = World()
        let account = world.account
        let id = try world.perform { core, now in try core.register(account, at: now) }
        world.take(world.core.networkChanged(at: world.now))
        world.run(for: .seconds(1))
        #expect(world.requests(.register).count == 2 && world.standing(of: id.any) == .granted)
        world.leave()
    }

    @Test(
        "What is removed is the very Contact that was bound, whatever way the removal takes (REG-159, RFC 3261 §10.2.2)"
    )
    func removalOverTCP() throws {
        var size = 0
        do {
            var world = World()
            try world.register()
            size = try #require(world.requests(.register).first).bytes.count
            world.leave()
        }
        // With credentials it is too long for a datagram.
        var world = World { $0.stack.limits.datagramRequest = size + 30 }
        let id = try world.register()
        let bound = try #require(world.requests(.register).first)
        world.intercept = { world, request in
            guard request.method == .register, !request.has(.proxyAuthorization) else { return false }
            world.peer.challenge(request)
            return true
        }
        world.end(id)
        let removals = world.requests(.register).dropFirst()
        #expect(removals.count == 2)
        #expect(try removals.last?.topVia().transport == "TCP")
        let uri = try NameAddress(parsing: try #require(bound.value(.contact))).uri
        for removal in removals {
            let contact = try NameAddress(parsing: try #require(removal.value(.contact)))
            #expect(contact.uri == uri && contact.parameters["expires"] == "0")
        }
        world.leave()
    }
}
