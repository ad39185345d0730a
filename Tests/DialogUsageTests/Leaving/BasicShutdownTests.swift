import DialogUsage
import Ladder
import SIPMessage
import SIPTransaction
import SansIO
import Testing

@Suite("Shutdown: basics (shutdown.md, section 11)")
struct BasicShutdownTests {
    @Test("1. A manager that did nothing completes at once with an empty report")
    func neverStarted() {
        var world = World()
        world.shutdown()
        world.finish()
        #expect(world.report?.usages.isEmpty == true)
    }

    @Test("2. With no usages nothing is sent, and it is over within 100 ms")
    func noUsages() throws {
        var world = World()
        try world.register()
        let id = try #require(world.core.usages.first?.id)
        world.take(world.core.end(id, at: world.now))
        world.run(for: .seconds(60))
        let before = world.ladder.count
        let began = world.now
        world.shutdown()
        world.runToTheEnd()
        #expect(world.ladder.sent(since: before) == [])
        #expect(world.now - began <= .milliseconds(100))
        world.finish()
    }

    @Test("3. One usage of each kind: the end requests leave in the order of the groups, each after the one before")
    func orderOnTheWire() throws {
        var world = World()
        try world.populate()
        let before = world.ladder.count
        world.peer.manners[.message] = .healthy
        world.shutdown()
        world.runToTheEnd()
        let order = world.ladder.sent(since: before).filter {
            !$0.hasPrefix("2") && !$0.hasPrefix("ACK") && !$0.hasPrefix("MESSAGE")
        }
        #expect(
            order == [
                "BYE", "NOTIFY terminated", "BYE", "SUBSCRIBE expires=0", "PUBLISH expires=0", "REGISTER expires=0",
            ])
        #expect(
            world.report?.usages.map(\.id.kind) == [
                .serverInviteSession, .serverSubscription, .clientInviteSession, .clientSubscription,
                .clientPagerMessage, .clientPublication, .clientRegistration,
            ])
        #expect(world.report?.isClean == true)
        let groups = world.report?.groups.filter { $0.group != .serverRequests } ?? []
        for (earlier, later) in zip(groups, groups.dropFirst()) {
            #expect((earlier.finished ?? .distantFuture) <= (later.started ?? .zero))
        }
        world.finish()
    }

    @Test("4. Three usages in a group end in parallel, with a barrier between the groups")
    func parallelInside() throws {
        var world = World()
        for user in ["a", "b", "c"] { try world.subscribe(to: user) }
        try world.publish()
        let before = world.ladder.count
        let began = world.now
        world.shutdown()
        world.runToTheEnd()
        let subscribes = world.ladder.lines.dropFirst(before).filter { $0.hasSuffix("--> SUBSCRIBE expires=0") }
        #expect(subscribes.count == 3)
        #expect(Set(subscribes.map { $0.prefix { $0 != " " } }) == [Substring(Ladder.time(began))])
        #expect(world.report?.usages.last?.id.kind == .clientPublication)
        world.finish()
    }

    @Test("5. A plan of one's own is obeyed: un-PUBLISH before un-SUBSCRIBE")
    func customPlan() throws {
        var world = World { $0.plan = ShutdownPlan(order: [.clientPublications, .clientSubscriptions]) }
        try world.register()
        try world.subscribe()
        try world.publish()
        let before = world.ladder.count
        world.shutdown()
        world.runToTheEnd()
        let order = world.ladder.sent(since: before).filter { $0.contains("expires=0") }
        #expect(order == ["PUBLISH expires=0", "SUBSCRIBE expires=0", "REGISTER expires=0"])
        world.finish()
    }

    @Test("7. With give-up 0 and every peer dead it ends within the bound of S1, everything unresponsive")
    func allDead() throws {
        var world = World()
        try world.register()
        try world.subscribe()
        try world.publish()
        try world.call()
        for method in [Method.register, .subscribe, .publish, .bye] { world.peer.manners[method] = .silent }
        let began = world.now
        world.shutdown()
        world.runToTheEnd(atMost: .seconds(900))
        #expect(world.report?.usages.allSatisfy { $0.outcome == .peerUnresponsive } == true)
        let configuration = UserAgentConfiguration(stack: StackConfiguration(local: .loopback(port: 5060)))
        #expect(configuration.usageBound == .seconds(6 * 32 + 5))
        #expect(configuration.shutdownBound == .seconds(7 * 32) + configuration.usageBound + .seconds(32))
        #expect(world.now - began <= configuration.shutdownBound)
        world.finish()
    }
}

@Suite("Shutdown: calls (shutdown.md, section 11)")
struct CallShutdownTests {
    @Test("9. A call that rings here is answered 480, its ACK absorbed (W11)")
    func ringingHere() throws {
        var world = World()
        let id = try world.calledUp(answering: false)
        world.shutdown()
        world.runToTheEnd()
        #expect(world.peer.responses.last?.status == 480)
        #expect(world.outcome(of: id.any) == .local(480))
        world.finish()
    }

    @Test("10. No ACK to the 480: over at Timer H (RFC 3261 §17.2.1)")
    func noAckTo480() throws {
        var world = World()
        let id = try world.calledUp(answering: false)
        world.peer.acknowledges = false
        let began = world.now
        world.shutdown()
        world.runToTheEnd()
        #expect(world.outcome(of: id.any) == .peerUnresponsive)
        #expect(world.now - began == .seconds(32))
        world.finish()
    }

    @Test("13. 200 sent, no ACK yet: BYE only after the ACK (W12, BYE-257, RFC 3261 §15)")
    func byeWaitsForAck() throws {
        var world = World()
        world.peer.acknowledges = false
        let id = try world.calledUp(answering: true)
        let before = world.ladder.count
        world.shutdown()
        world.run(for: .milliseconds(200))
        #expect(!world.ladder.sent(since: before).contains("BYE"))
        world.peer.acknowledges = true  // The next repetition of the 200 is acknowledged.
        world.runToTheEnd()
        #expect(world.ladder.sent(since: before).contains("BYE"))
        #expect(world.outcome(of: id.any) == .local(200))
        world.finish()
    }

    @Test("14. 200 sent, an ACK never comes: BYE after 64·T1 (W12, IVS-231, RFC 3261 §13.3.1.4)")
    func byeWithoutAck() throws {
        var world = World()
        world.peer.acknowledges = false
        _ = try world.calledUp(answering: true)
        let before = world.ladder.count
        world.shutdown()
        world.run(for: .seconds(31))
        #expect(!world.ladder.sent(since: before).contains("BYE"))
        world.runToTheEnd()
        #expect(world.ladder.sent(since: before).contains("BYE"))
        world.finish()
    }

    @Test("16. A call that stands is ended with BYE (W7)")
    func confirmed() throws {
        var world = World()
        let id = try world.calledUp(answering: true)
        world.shutdown()
        world.runToTheEnd()
        #expect(world.requests.last?.method == .bye)
        #expect(world.outcome(of: id.any) == .local(200))
        world.finish()
    }

    @Test("22. No 1xx yet: no CANCEL until one comes, then CANCEL and 487 (W2, CAN-140, RFC 3261 §9.1)")
    func cancelWaits() throws {
        var world = World()
        world.intercept = { world, request in
            switch request.method {
            case .invite:
                world.peer.answer(request, 180, after: .seconds(2))
                return true
            case .cancel:
                world.peer.answer(request, 200)
                if let invite = world.requests.first(where: { $0.method == .invite }) { world.peer.answer(invite, 487) }
                return true
            default: return false
            }
        }
        let id = try world.call()
        let before = world.ladder.count
        world.shutdown()
        world.run(for: .seconds(1))
        #expect(!world.ladder.sent(since: before).contains("CANCEL"))
        world.runToTheEnd()
        #expect(world.ladder.sent(since: before).filter { $0 == "CANCEL" }.count == 1)
        #expect(world.outcome(of: id) == .local(487))
        world.finish()
    }

    @Test("23. Total silence: Timer B ends it (RFC 3261 §17.1.1.2)")
    func timerB() throws {
        var world = World()
        world.peer.manners[.invite] = .silent
        let id = try world.call()
        world.shutdown()
        world.runToTheEnd()
        #expect(world.outcome(of: id) == .peerUnresponsive)
        #expect(!world.requests.contains { $0.method == .cancel })
        world.finish()
    }

    @Test("24. 180 with an early dialog: CANCEL, not BYE (W3)")
    func earlyDialog() throws { try early(tag: "peer") }

    @Test("25. 180 without To tag: CANCEL (W3)")
    func earlyWithoutTag() throws { try early(tag: nil) }

    private func early(tag: String?) throws {
        var world = World()
        world.intercept = { world, request in
            switch request.method {
            case .invite:
                var draft = ResponseDraft(180, to: request, toTag: tag)
                draft.fields.append(.contact, "<sip:peer@127.0.0.1:5090>")
                world.peer.send(draft.serialised())
                return true
            case .cancel:
                world.peer.answer(request, 200)
                if let invite = world.requests.first(where: { $0.method == .invite }) { world.peer.answer(invite, 487) }
                return true
            default: return false
            }
        }
        let id = try world.call()
        world.shutdown()
        world.runToTheEnd()
        #expect(world.requests.contains { $0.method == .cancel })
        #expect(!world.requests.contains { $0.method == .bye })
        #expect(world.outcome(of: id) == .local(487))
        world.finish()
    }

    @Test("27. 200 crosses CANCEL: ACK and BYE, and no connected event (W5, CAN-143, RFC 3261 §9.1, §15)")
    func crossing() throws {
        var world = World()
        world.intercept = { world, request in
            switch request.method {
            case .invite:
                world.peer.answer(request, 180)
                return true
            case .cancel:
                world.peer.answer(request, 200)
                if let invite = world.requests.first(where: { $0.method == .invite }) {
                    world.peer.answer(invite, 200, body: World.sdp)
                }
                return true
            default: return false
            }
        }
        let id = try world.call()
        world.shutdown()
        world.runToTheEnd()
        #expect(world.requests.map(\.method).suffix(2) == [.ack, .bye])
        let connected = world.events.contains { if case .session(_, .connected) = $0 { true } else { false } }
        #expect(!connected)
        #expect(world.outcome(of: id) == .local(200))
        world.finish()
    }
}
