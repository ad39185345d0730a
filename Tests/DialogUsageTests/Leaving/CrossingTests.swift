import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

/// What the peer was about to say when we began to leave.
@Suite("Shutdown: requests that cross (shutdown.md, section 11)")
struct CrossingTests {
    private func statuses(_ world: World, _ method: Method) -> [Int] {
        world.peer.responses.filter { $0.method == method }.compactMap { $0.status.map { Int($0.value) } }
    }
    /// The Call-ID of the last call from outside.
    private func lastCall(_ world: World) throws -> String { try #require(world.peer.inviteDialogs.keys.max()) }

    @Test("12. CANCEL crosses our 480: it gets its 200, and the session ends once (§9.2)")
    func cancelCrosses() throws {
        var world = World()
        let id = try world.calledUp(answering: false)
        world.peer.acknowledges = false
        let call = try #require(try world.peer.responses.last?.callID())
        world.shutdown()
        world.peer.cancel(call: call)
        world.run(for: .milliseconds(100))
        #expect(statuses(world, .cancel) == [200])
        world.runToTheEnd()
        #expect(statuses(world, .invite).contains(480))
        #expect(world.ended[id.any]?.count == 1)
        world.finish()
    }

    @Test("15. Our 200 is answered by BYE instead of ACK: 200 to the BYE, ended by the peer")
    func byeInsteadOfAck() throws {
        var world = World()
        world.peer.acknowledges = false
        let id = try world.calledUp(answering: true)
        world.shutdown()
        let call = try lastCall(world)
        world.peer.inCall(call, .bye)
        world.runToTheEnd()
        world.run(for: .milliseconds(100))
        #expect(statuses(world, .bye) == [200])
        #expect(world.outcome(of: id.any) == .endedByPeer(nil))
        world.finish()
    }

    @Test("17. A re-INVITE that nobody has answered yet gets 487, then BYE leaves; the ACK of the 487 is absorbed")
    func reinvitePending() throws {
        var world = World()
        let id = try world.calledUp(answering: true)
        let call = try lastCall(world)
        world.peer.inCall(call, .invite, body: World.sdp)
        world.run(for: .milliseconds(60))
        let before = world.ladder.count
        world.shutdown()
        world.runToTheEnd()
        #expect(world.ladder.sent(since: before).prefix(2) == ["487 INVITE", "BYE"])
        #expect(world.outcome(of: id.any) == .local(200))
        world.finish()
    }

    @Test("19. BYE challenged with 407 is sent again with credentials (R4)")
    func byeChallenged() throws {
        var world = World()
        let id = try world.call()
        world.intercept = { world, request in
            guard request.method == .bye, request.value(.proxyAuthorization) == nil else { return false }
            world.peer.challenge(request)
            return true
        }
        world.shutdown()
        world.runToTheEnd()
        #expect(world.requests.filter { $0.method == .bye }.count == 2)
        #expect(world.outcome(of: id) == .local(200))
        world.finish()
    }

    @Test("20. BYE crosses BYE: both get 200, and the session ends once (BYE-262, RFC 3261 §15)")
    func byeCrossesBye() throws {
        var world = World()
        let id = try world.calledUp(answering: true)
        let call = try lastCall(world)
        world.shutdown()
        world.peer.inCall(call, .bye)
        world.runToTheEnd()
        #expect(statuses(world, .bye) == [200])
        #expect(world.ended[id.any]?.count == 1)
        #expect(world.report?.isClean == true)
        world.finish()
    }

    @Test("28. Two legs of a fork answer while we leave: each gets ACK and BYE (§13.2.2.4)")
    func forkedAnswers() throws {
        var world = World()
        let id = try world.call(settling: .zero)
        world.intercept = { world, request in
            switch request.method {
            case .invite:
                world.peer.answer(request, 180)
                world.peer.answer(request, 200, after: .milliseconds(200), tag: "one", body: World.sdp)
                world.peer.answer(request, 200, after: .milliseconds(220), tag: "two", body: World.sdp)
                return true
            case .cancel:
                world.peer.answer(request, 481)
                return true
            case .bye, .ack, .register, .options, .message, .subscribe, .notify, .publish, .refer, .prack, .update,
                .info, .other:
                return false
            }
        }
        world.run(for: .milliseconds(100))
        world.shutdown()
        world.runToTheEnd()
        let byes = try world.requests.filter { $0.method == .bye }.map { try $0.to().tag }
        let acks = try world.requests.filter { $0.method == .ack }.map { try $0.to().tag }
        #expect(Set(byes) == ["one", "two"])
        #expect(Set(acks).isSuperset(of: ["one", "two"]))
        #expect(!world.events.contains { if case .session(_, .connected) = $0 { true } else { false } })
        #expect(world.ended[id]?.count == 1)
        world.finish()
    }

    @Test("29. CANCEL gets its 200 but the INVITE no final answer: gone after 64·T1 (CAN-142, RFC 3261 §9.1)")
    func cancelWithoutEffect() throws {
        var world = World()
        let id = try world.call(settling: .zero)
        world.intercept = { world, request in
            guard request.method == .invite else { return false }
            world.peer.answer(request, 180)
            return true
        }
        world.run(for: .milliseconds(100))
        let began = world.now
        world.shutdown()
        world.runToTheEnd()
        #expect(world.outcome(of: id) == .peerUnresponsive)
        #expect(world.now - began == .seconds(32))
        world.finish()
    }

    @Test("31. Our own re-INVITE is pending: BYE at once, and its late 200 is acknowledged")
    func ownReinvitePending() throws {
        var world = World()
        let id = try world.call()
        world.intercept = { world, request in
            guard request.method == .invite else { return false }
            world.peer.answer(request, 200, after: .milliseconds(200), body: World.sdp)
            return true
        }
        let offer = try World.description()
        let session = UsageID<ClientInviteSession>(serial: id.serial)
        try world.perform { core, now in ((), try core.offer(.client(session), offer, at: now)) }
        world.run(for: .milliseconds(10))
        world.peer.manners[.bye] = .silent
        let before = world.ladder.count
        world.shutdown(giveUp: .seconds(2))
        #expect(world.ladder.sent(since: before) == ["BYE"])
        world.runToTheEnd()
        #expect(world.ladder.sent(since: before).contains("ACK"))
        world.finish()
    }

    @Test(
        "35 and 36. 481 or 503 to BYE: the session is over, and it is success (R6)",
        arguments: [481, 503] as [StatusCode])
    func byeRefused(status: StatusCode) throws {
        var world = World()
        let id = try world.call()
        world.intercept = { world, request in
            guard request.method == .bye else { return false }
            world.peer.answer(request, status) { $0.append(.retryAfter, "60") }
            return true
        }
        let began = world.now
        world.shutdown()
        world.runToTheEnd()
        #expect(world.outcome(of: id) == .local(status))
        #expect(world.now - began < .seconds(1))
        #expect(world.report?.isClean == true)
        world.finish()
    }

    @Test("96. A thousand INVITEs a second while subscriptions end: each gets 480, and the shutdown completes")
    func flood() throws {
        var world = World()
        try world.register()
        try world.subscribe()
        world.peer.manners[.subscribe] = .silent
        world.shutdown(giveUp: .seconds(2))
        for _ in 0..<1_500 {
            world.peer.outside(.invite, body: World.sdp)
            world.run(for: .milliseconds(1)) { !$0.reports.isEmpty }
        }
        world.runToTheEnd()
        let answers = statuses(world, .invite)
        #expect(answers.count >= 1_400)
        #expect(Set(answers) == [480])
        let registration = world.report?.usages.first { $0.id.kind == .clientRegistration }
        #expect(registration?.outcome == .local(200))
        world.finish()
    }

    @Test("97. Answering a call whose group has begun is refused with .ended (G5)")
    func lateAnswer() throws {
        var world = World()
        let id = try world.calledUp(answering: false)
        world.peer.acknowledges = false
        world.shutdown()
        let answer = try World.description()
        #expect(throws: UsageError.self) { try world.core.answer(id, with: answer, at: world.now) }
        world.runToTheEnd()
        world.finish()
    }

    @Test("100. While waiting for idle a call that was ringing may be answered, and is waited for (G6)")
    func answerWhileIdle() throws {
        var world = World()
        let id = try world.calledUp(answering: false)
        world.take(world.core.shutdownIfNoUsages(giveUp: .zero, ignoringSoftState: false, at: world.now))
        let answer = try World.description()
        try world.perform { core, now in ((), try core.answer(id, with: answer, at: now)) }
        world.run(for: .seconds(60))
        #expect(world.reports.isEmpty)
        world.peer.inCall(try lastCall(world), .bye)
        world.runToTheEnd(atMost: .seconds(1))
        #expect(world.outcome(of: id.any) == .endedByPeer(nil))
        world.finish()
    }
}
