import DialogUsage
import Ladder
import SIPMessage
import SIPTransaction
import SansIO
import Testing

@Suite("Shutdown: deadline, escalation, repeated calls (shutdown.md, section 11)")
struct DeadlineTests {
    @Test(
        "79. Give-up 5 s, presence server dead: un-REGISTER leaves and is answered in time; the report names the laggard"
    )
    func deadPresence() throws {
        var world = World()
        let registration = try world.register()
        let subscription = try world.subscribe()
        let publication = try world.publish()
        world.peer.manners[.subscribe] = .silent
        world.peer.manners[.publish] = .silent
        let began = world.now
        world.shutdown(giveUp: .seconds(5))
        world.runToTheEnd()
        #expect(world.now - began == .seconds(5))
        #expect(world.outcome(of: registration) == .local(200))
        #expect(world.outcome(of: subscription) == .gaveUp)
        #expect(world.outcome(of: publication) == .gaveUp)
        #expect(world.report?.abandoned.map(\.id).contains(subscription) == true)
        #expect(world.report?.deadlineHit == true)
        world.finish()
    }

    @Test("80. Give-up 1 s, everything dead: over at exactly 1 s, every usage gaveUp")
    func allDead() throws {
        var world = World()
        try world.register()
        try world.subscribe()
        try world.publish()
        try world.call()
        for method in [Method.register, .subscribe, .publish, .bye] { world.peer.manners[method] = .silent }
        let began = world.now
        world.shutdown(giveUp: .seconds(1))
        world.runToTheEnd()
        #expect(world.now - began == .seconds(1))
        #expect(world.report?.usages.allSatisfy { $0.outcome == .gaveUp } == true)
        #expect(world.report?.usages.count == 4)
        world.finish()
    }

    @Test("81. Ten calls of shutdown: one wire sequence, one report")
    func tenCalls() throws {
        var world = World()
        try world.register()
        for _ in 0..<10 { world.shutdown(giveUp: .seconds(5)) }
        world.runToTheEnd()
        #expect(world.requests.filter { $0.method == .register }.count == 2)
        #expect(world.report?.requestedBy.count == 10)
        world.finish()
    }

    @Test("82. A second call with a shorter give-up brings it nearer; a longer one does not put it off (S3)")
    func secondCall() throws {
        var world = World()
        try world.register()
        world.peer.manners[.register] = .silent
        let began = world.now
        world.shutdown(giveUp: .seconds(5))
        world.run(for: .seconds(1))
        world.shutdown(giveUp: .seconds(60))
        world.shutdown(giveUp: .seconds(1))
        world.runToTheEnd()
        #expect(world.now - began == .seconds(2))
        world.finish()
    }

    @Test("84. Force first: no new request on the wire, everybody told")
    func force() throws {
        var world = World()
        try world.populate()
        let before = world.ladder.count
        world.take(world.core.forceShutdown(at: world.now))
        #expect(world.ladder.sent(since: before) == [])
        #expect(world.report?.usages.map(\.outcome) == Array(repeating: .forced, count: 7))
        world.finish()
    }

    @Test("85. Best effort: exactly one copy of each end request that may be sent")
    func bestEffort() throws {
        var world = World()
        try world.populate()
        let before = world.ladder.count
        world.take(world.core.forceShutdown(bestEffort: true, at: world.now))
        #expect(
            world.ladder.sent(since: before).sorted() == [
                "BYE", "BYE", "NOTIFY terminated", "PUBLISH expires=0", "REGISTER expires=0", "SUBSCRIBE expires=0",
            ])
        world.finish()
    }

    @Test(
        "85. Best effort reaches a peer that is a name where its address is known, and counts no copy that it cannot send",
        arguments: [true, false])
    func bestEffortByName(isKnown: Bool) throws {
        var world = World()
        if isKnown { world.names["edge.example.org"] = World.peerAddress.ip }
        let id = try world.calling(for: .seconds(6)) { world, request in
            world.peer.answer(request, 200, body: World.sdp) { $0.set(.contact, "<sip:bob@edge.example.org:5090>") }
        }
        world.take(world.core.forceShutdown(bestEffort: true, at: world.now))
        world.run(for: .seconds(1))
        #expect(world.sent(.bye).count == (isKnown ? 1 : 0))
        #expect(world.report?.usages.first { $0.id == id.any }?.requestsSent == (isKnown ? 1 : 0))
        world.finish()
    }

    @Test("87. After stopped: nothing happens any more, and the report is kept (H-135)")
    func afterStopped() throws {
        var world = World()
        world.shutdown()
        world.shutdown()
        world.take(world.core.forceShutdown(at: world.now))
        #expect(world.core.report == world.report)
        world.finish()
    }
}

@Suite("Shutdown: gate, idle, adjustments, pace (shutdown.md, section 11)")
struct GateTests {
    @Test("92. Making anything while stopping throws, and leaves no trace (G5)")
    func gate() throws {
        var world = World()
        try world.register()
        world.peer.manners[.register] = .silent
        world.shutdown(giveUp: .seconds(5))
        let census = world.core.census
        let account = world.account
        var core = world.core
        #expect(throws: UsageError.shuttingDown) { try core.register(account, at: world.now) }
        #expect(throws: UsageError.shuttingDown) {
            try core.invite(account, to: World.uri("bob"), offer: nil, at: world.now)
        }
        #expect(throws: UsageError.shuttingDown) {
            try core.message(account, to: World.uri("bob"), contentType: "text/plain", body: [], at: world.now)
        }
        #expect(core.census == census)
        world.runToTheEnd()
        world.finish()
    }

    @Test(
        "94. New requests from outside while stopping: 480; NOTIFY 481; an ACK is never answered (G1)",
        arguments: [Method.invite, .subscribe, .message, .options, .notify, .ack])
    func newRequests(method: Method) throws {
        var world = World()
        try world.register()
        world.peer.manners[.register] = .silent
        world.shutdown(giveUp: .seconds(5))
        world.peer.outside(method, expires: method == .subscribe ? "600" : nil)
        world.run(for: .milliseconds(100))
        let finals = world.peer.responses.filter { $0.status?.isFinal == true }
        switch method {
        case .ack: #expect(finals.isEmpty)
        case .notify: #expect(finals.map(\.status) == [481])
        default: #expect(finals.map(\.status) == [480])
        }
        world.runToTheEnd()
        world.finish()
    }

    @Test("98. Idle, ignoring soft state: when the last call has ended, the rest is ended in order")
    func idleIgnoringSoftState() throws {
        var world = World()
        try world.register()
        try world.subscribe()
        let call = try world.call()
        let id = try world.calledUp(answering: true)
        world.take(world.core.shutdownIfNoUsages(giveUp: .seconds(5), ignoringSoftState: true, at: world.now))
        world.run(for: .seconds(1))
        #expect(world.reports.isEmpty)
        world.take(world.core.end(call, at: world.now))
        world.take(world.core.end(id.any, at: world.now))
        let before = world.ladder.count
        world.runToTheEnd()
        #expect(
            world.ladder.sent(since: before).filter { $0.contains("expires=0") } == [
                "SUBSCRIBE expires=0", "REGISTER expires=0",
            ])
        #expect(world.report?.isClean == true)
        world.finish()
    }

    @Test("99. The literal form: a registration alone counts; idle waits to D, then force")
    func idleLiteral() throws {
        var world = World()
        let id = try world.register()
        let before = world.ladder.count
        let began = world.now
        world.take(world.core.shutdownIfNoUsages(giveUp: .seconds(10), at: world.now))
        world.runToTheEnd()
        #expect(world.now - began == .seconds(10))
        #expect(world.ladder.sent(since: before) == [])
        #expect(world.outcome(of: id) == .gaveUp)
        world.finish()
    }

    @Test("113. extend moves D and the soft deadlines not yet passed (S7)")
    func extend() throws {
        var world = World()
        try world.register()
        try world.subscribe()
        world.peer.manners[.subscribe] = .silent
        let began = world.now
        world.shutdown(giveUp: .seconds(5))
        world.run(for: .seconds(1))
        let soft = world.core.shutdownProgress?.groups.first { $0.group == .clientSubscriptions }?.softDeadline
        try world.take(world.core.adjustShutdown(.extend(by: .seconds(10)), at: world.now))
        let moved = world.core.shutdownProgress?.groups.first { $0.group == .clientSubscriptions }?.softDeadline
        #expect(moved == soft.map { $0 + .seconds(10) })
        world.runToTheEnd()
        #expect(world.now - began == .seconds(15))
        world.finish()
    }

    @Test("114. cancel while idle: the gate opens again, and a later shutdown works (S7)")
    func cancel() throws {
        var world = World()
        try world.register()
        world.take(world.core.shutdownIfNoUsages(giveUp: .zero, at: world.now))
        try world.take(world.core.adjustShutdown(.cancel, at: world.now))
        #expect(!world.core.isShuttingDown)
        let cancelled = world.events.contains { if case .shutdownCancelled = $0 { true } else { false } }
        #expect(cancelled)
        try world.publish()
        world.shutdown()
        world.runToTheEnd()
        #expect(world.report?.usages.count == 2)
        world.finish()
    }

    @Test("115. cancel after the first BYE: too late, and the shutdown goes on (S7)")
    func cancelTooLate() throws {
        var world = World()
        try world.call()
        world.shutdown(giveUp: .seconds(5))
        #expect(throws: AdjustmentError.tooLate) { try world.core.adjustShutdown(.cancel, at: world.now) }
        world.runToTheEnd()
        #expect(world.report?.isClean == true)
        world.finish()
    }

    @Test("115. cancel when a usage has been told to end, though nothing could be written yet: too late (S7)")
    func cancelAfterSilentEnd() throws {
        var world = World()
        world.peer.manners[.invite] = .silent
        let id = try world.call()
        world.shutdown()
        #expect(throws: AdjustmentError.tooLate) { try world.core.adjustShutdown(.cancel, at: world.now) }
        world.runToTheEnd()
        #expect(world.ended[id]?.count == 1)
        world.finish()
    }

    @Test(
        "113. A refresh that would have come too late is sent when D has moved, or is no more (S7, R1)",
        arguments: [ShutdownAdjustment.extend(by: .seconds(600)), .noDeadline])
    func refreshAfterExtension(adjustment: ShutdownAdjustment) throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .register else { return false }
            world.peer.answer(request, 200) { fields in
                fields.remove(.contact)
                fields.append(.contact, (request.value(.contact) ?? "").replacing("expires=3600", with: "expires=40"))
            }
            return true
        }
        try world.register()
        try world.call()
        try world.subscribe()
        for method in [Method.bye, .subscribe] { world.peer.manners[method] = .silent }
        world.shutdown(giveUp: .seconds(30))
        try world.take(world.core.adjustShutdown(adjustment, at: world.now))
        world.runToTheEnd()
        let registers = world.sent(.register).map { $0.value(.expires) }
        #expect(registers.count > 2 && registers.dropLast().allSatisfy { $0 != "0" } && registers.last == "0")
        world.finish()
    }

    @Test("116. skip of the blocking usage: the next group starts at once, and nothing of it holds up the end (S7)")
    func skip() throws {
        var world = World()
        try world.register()
        let id = try world.subscribe()
        world.peer.manners[.subscribe] = .silent
        world.shutdown()
        world.run(for: .seconds(1))
        let before = world.ladder.count
        let at = world.now
        try world.take(world.core.adjustShutdown(.skip(id), at: world.now))
        #expect(world.ladder.lines.dropFirst(before).first == "\(Ladder.time(at)) --> REGISTER expires=0")
        world.runToTheEnd()
        #expect(world.outcome(of: id) == .skipped)
        #expect(world.now - at < .milliseconds(500))
        world.finish()
    }
}
