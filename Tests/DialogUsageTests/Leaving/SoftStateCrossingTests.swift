import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("Shutdown: soft state under way (shutdown.md, section 11)")
struct SoftStateCrossingTests {
    private func statuses(_ world: World, _ method: Method) -> [Int] {
        world.peer.responses.filter { $0.method == method }.compactMap { $0.status.map { Int($0.value) } }
    }

    @Test(
        "A refresh failed before the end: nothing is in flight any more, so SUBSCRIBE 0 leaves at once (§4.1.2.2, W20)")
    func refreshFailed() throws {
        var world = World()
        let id = try world.subscribe()
        world.peer.manners[.subscribe] = .status(503)
        let usage = UsageID<ClientSubscription>(serial: id.serial)
        try world.perform { core, now in ((), try core.refresh(usage, at: now)) }
        world.run(for: .seconds(1))
        world.peer.manners[.subscribe] = .healthy
        let began = world.now
        world.shutdown()
        world.runToTheEnd()
        #expect(world.outcome(of: id) == .local(200))
        #expect(world.now - began < .seconds(1))
        world.finish()
    }

    @Test("51. An early NOTIFY comes before the 2xx of the first SUBSCRIBE: 200, then SUBSCRIBE 0 (RFC 6665 §4.1.2.4)")
    func earlyNotify() throws {
        var world = World()
        let id = try world.subscribe(settling: .zero)
        world.intercept = { world, request in
            guard request.method == .subscribe, request.value(.expires) != "0" else { return false }
            world.peer.notify(request, state: "active;expires=600")
            world.peer.answer(request, 200, after: .milliseconds(100)) { $0.append(.expires, "600") }
            return true
        }
        world.shutdown()
        world.runToTheEnd()
        #expect(statuses(world, .notify).allSatisfy { $0 == 200 })
        #expect(world.requests.last?.value(.expires) == "0")
        #expect(world.outcome(of: id) == .local(200))
        world.finish()
    }

    @Test("53. SUBSCRIBE 0 challenged with 407 is sent again with credentials (R4)")
    func subscribeChallenged() throws {
        var world = World()
        let id = try world.subscribe()
        world.intercept = { world, request in
            guard request.method == .subscribe, request.value(.proxyAuthorization) == nil else { return false }
            world.peer.challenge(request)
            return true
        }
        world.shutdown()
        world.runToTheEnd()
        #expect(world.outcome(of: id) == .local(200))
        #expect(world.report?.usages.first?.requestsSent == 2)
        world.finish()
    }

    @Test("54. terminated;reason=deactivated while we leave: no new subscription, one end (RFC 6665 §4.1.3)")
    func deactivated() throws {
        var world = World()
        let id = try world.subscribe()
        world.intercept = { world, request in
            guard request.method == .subscribe else { return false }
            world.peer.answer(request, 200) { $0.append(.expires, "0") }
            world.peer.notify(request, state: "terminated;reason=deactivated")
            return true
        }
        world.shutdown()
        world.runToTheEnd()
        #expect(world.requests.filter { $0.method == .subscribe }.count == 2)
        #expect(world.ended[id]?.count == 1)
        world.finish()
    }

    @Test("57. Our final NOTIFY challenged with 407 is sent again with credentials")
    func notifyChallenged() throws {
        var world = World()
        let id = try world.watched()
        world.intercept = { world, request in
            guard request.method == .notify, request.value(.proxyAuthorization) == nil else { return false }
            world.peer.challenge(request)
            return true
        }
        world.shutdown()
        world.runToTheEnd()
        #expect(world.ended[id.any]?.count == 1)
        #expect(world.requests.filter { $0.method == .notify }.count >= 2)
        world.finish()
    }

    @Test("58. A SUBSCRIBE from outside that was not answered yet gets 480 (W15)")
    func watcherUnanswered() throws {
        var world = World()
        world.peer.outside(.subscribe, expires: "600")
        world.run(for: .milliseconds(50))
        let id = try #require(world.watchers.last)
        world.shutdown()
        world.runToTheEnd()
        world.run(for: .milliseconds(100))
        #expect(statuses(world, .subscribe) == [480])
        #expect(world.ended[id.any]?.count == 1)
        world.finish()
    }

    @Test("61. 500 subscriptions and a dead server: un-PUBLISH and un-REGISTER still leave before the deadline (O2)")
    func crowd() throws {
        var world = World()
        try world.register()
        try world.publish()
        for index in 0..<500 { try world.subscribe(to: "user\(index)", settling: .milliseconds(1)) }
        world.run(for: .seconds(1))
        world.peer.manners[.subscribe] = .silent
        let before = world.ladder.count
        world.shutdown(giveUp: .seconds(5))
        world.runToTheEnd()
        let sent = world.ladder.sent(since: before)
        #expect(sent.contains("PUBLISH expires=0") && sent.contains("REGISTER expires=0"))
        #expect(world.report?.abandoned.count == 500)
        #expect(world.report?.usages.filter { $0.outcome == .local(200) }.count == 2)
        world.finish()
    }

    @Test("69. A publication that waits out a 503 is un-PUBLISHed by the tag it has, at once (W26)")
    func publishBackOff() throws {
        var world = World()
        let id = try world.publish()
        world.intercept = { world, request in
            guard request.method == .publish, !request.body.isEmpty else { return false }
            world.peer.answer(request, 503) { $0.append(.retryAfter, "60") }
            return true
        }
        try world.perform { core, now in
            ((), try core.modify(UsageID(serial: id.serial), contentType: "application/pidf+xml", body: [61], at: now))
        }
        world.run(for: .seconds(1))
        let began = world.now
        world.shutdown()
        world.runToTheEnd()
        #expect(world.requests.last?.value(.sipIfMatch) == "tag1")
        #expect(world.now - began < .seconds(1))
        #expect(world.outcome(of: id) == .local(200))
        world.finish()
    }

    @Test("73. The un-REGISTER meets a stale nonce: sent again with the new one (RFC 7616 §3.3)")
    func staleNonce() throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .register else { return false }
            let current = request.value(.expires) == "0" ? "second" : "first"
            if request.value(.proxyAuthorization)?.contains("nonce=\"\(current)\"") == true { return false }
            world.peer.challenge(request, nonce: current)
            return true
        }
        let id = try world.register()
        world.run(for: .seconds(1))
        world.shutdown()
        world.runToTheEnd()
        #expect(world.outcome(of: id) == .local(200))
        world.finish()
    }

    @Test("91. Ending everything by hand and then shutting down sends the same as shutting down alone")
    func byHand() throws {
        func sent(byHand: Bool) throws -> [String] {
            var world = World()
            try world.register()
            try world.publish()
            try world.subscribe()
            let before = world.ladder.count
            if byHand {
                for usage in world.core.usages { world.take(world.core.end(usage.id, at: world.now)) }
            }
            world.shutdown()
            if !byHand {
                for usage in world.core.usages { world.take(world.core.end(usage.id, at: world.now)) }
            }
            world.runToTheEnd()
            world.finish()
            #expect(world.report?.isClean == true)
            return world.ladder.sent(since: before).filter { $0.hasSuffix("expires=0") }.sorted()
        }
        #expect(try sent(byHand: true) == sent(byHand: false))
        #expect(try sent(byHand: true).count == 3)
    }

    @Test("106. 30 % of all datagrams are lost: it always completes, in time, and leaves nothing", arguments: 1...1_000)
    func loss(seed: UInt64) throws {
        var world = World()
        try world.populate()
        world.peer.manners[.message] = .healthy
        world.toPeer = SimulatedNetwork(loss: 0.3, seed: seed)
        world.toAgent = SimulatedNetwork(loss: 0.3, seed: seed + 1_000)
        let began = world.now
        world.shutdown(giveUp: .seconds(20))
        world.runToTheEnd()
        #expect(world.now - began <= .seconds(20))
        #expect(world.report?.usages.count == 7)
        world.finish()
    }
}
