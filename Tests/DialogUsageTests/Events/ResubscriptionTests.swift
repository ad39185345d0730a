import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

/// What follows when the notifier ends a subscription (RFC 6665 §4.1.3), and forks (§4.4.1).
@Suite("Coming back after the notifier's end (RFC 6665 §4.1.3)")
struct ResubscriptionTests {
    /// Ended with `state`; the time to the next SUBSCRIBE, nil if none comes within ten minutes.
    private func comeback(after state: String) throws -> Duration? {
        var world = World()
        let id = try world.watch(for: .seconds(3600))
        let subscribe = try #require(world.subscribes.first)
        try world.notify(subscribe, state, sequence: 2)
        let ended = world.now - .milliseconds(100)
        world.run(for: .seconds(500), until: { $0.subscribes.count == 2 })
        let wait = world.subscribes.count == 2 ? world.requestTimes[world.requests.count - 1] - ended : nil
        world.run(for: .milliseconds(100))
        if wait != nil {
            let next = try #require(world.subscribes.last)
            #expect(try next.callID() != subscribe.callID(), "an unrelated SUBSCRIBE")
            #expect(try next.from().tag != subscribe.from().tag)
            #expect(try next.to().tag == nil)
            #expect(world.state(of: id) == "active")
            #expect(world.ended[id] == nil, "one subscription to the application")
        } else {
            #expect(world.outcome(of: id) == .endedByPeer(nil))
        }
        world.leaveInOrder()
        return wait
    }

    @Test("deactivated, timeout: at once (EVT-364, RFC 6665 §4.1.3)", arguments: ["deactivated", "timeout"])
    func atOnce(reason: String) throws {
        let wait = try #require(try comeback(after: "terminated;reason=\(reason)"))
        #expect(wait < .milliseconds(100))
    }

    @Test(
        "probation, giveup: after retry-after (EVT-364, EVT-365, RFC 6665 §4.1.3)", arguments: ["probation", "giveup"])
    func later(reason: String) throws {
        let wait = try #require(try comeback(after: "terminated;reason=\(reason);retry-after=42"))
        #expect(wait >= .seconds(42) && wait < .milliseconds(42_100))
        let pause = try #require(try comeback(after: "terminated;reason=\(reason)"))
        #expect(pause >= .seconds(60) && pause < .milliseconds(60_100))
    }

    @Test(
        "rejected, noresource, invariant: never; nor after a reason that nobody knows (EVT-364, RFC 6665 §4.1.3)",
        arguments: ["rejected", "noresource", "invariant", "tired"])
    func never(reason: String) throws {
        #expect(try comeback(after: "terminated;reason=\(reason);retry-after=5") == nil)
    }

    @Test("A notifier that ends each subscription at once does not keep us busy (EVT-364, H-006)")
    func noLoop() throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .subscribe else { return false }
            world.peer.answer(request, 200) { $0.append(.expires, "600") }
            world.peer.notify(request, state: "terminated;reason=deactivated")
            return true
        }
        let id = try world.watch()
        world.run(for: .seconds(3600))
        #expect(world.subscribes.count > 3 && world.subscribes.count < 12, "\(world.subscribes.count) in an hour")
        #expect(world.ended[id] == nil)
        world.leaveInOrder()
        #expect(world.ended[id]?.count == 1)
    }

    @Test("The policy is a value: where it says never, the end is the end (RFC 6665 §4.1.3)")
    func policy() throws {
        var world = World { $0.resubscription = .never }
        let id = try world.watch()
        try world.notify(try #require(world.subscribes.first), "terminated;reason=deactivated", sequence: 2)
        #expect(world.outcome(of: id) == .endedByPeer(nil))
        world.run(for: .seconds(600))
        #expect(world.subscribes.count == 1)
        world.leaveInOrder()
    }

    @Test("54. Nothing is begun anew on our way out, be it due or be it waiting (R5)")
    func leaving() throws {
        var world = World()
        let waiting = try world.watch()
        try world.notify(
            try #require(world.subscribes.first), "terminated;reason=probation;retry-after=3", sequence: 2)
        #expect(world.state(of: waiting) == "pausing")
        world.peer.manners[.message] = .silent
        try world.message()
        world.shutdown(giveUp: .seconds(20))
        world.runToTheEnd()
        #expect(world.subscribes.count == 1)
        #expect(world.outcome(of: waiting) == .endedByPeer(nil))
        world.finish()
    }

    @Test(
        "52. Each fork of a SUBSCRIBE has a subscription of its own, and each gets SUBSCRIBE 0 (EVT-370, RFC 6665 §4.4.1)"
    )
    func forks() throws {
        var world = World()
        let id = try world.watch("dialog")
        let subscribe = try #require(world.subscribes.first)
        try world.notify(subscribe, "active;expires=600", from: "other", sequence: 1)
        #expect(world.statuses(.notify) == [200, 200])
        let ids = world.core.usages.map(\.id).filter { $0.kind == .clientSubscription }
        #expect(ids.count == 2)
        world.shutdown(giveUp: .seconds(10))
        world.runToTheEnd()
        let last = world.subscribes.filter { $0.value(.expires) == "0" }
        #expect(Set(try last.map { try $0.to().tag ?? "" }) == ["peer", "other"])
        #expect(Set(try last.map { try $0.callID() }).count == 1)
        #expect(ids.allSatisfy { world.outcome(of: $0) == .local(200) })
        #expect(world.outcome(of: id) == .local(200))
        world.finish()
    }

    @Test("Of presence a fork's NOTIFY gets 481: there the first is the only one (EVT-370, RFC 3856 §6.9)")
    func noForks() throws {
        var world = World()
        _ = try world.watch()
        try world.notify(try #require(world.subscribes.first), "active;expires=600", from: "other")
        #expect(world.statuses(.notify) == [200, 481])
        #expect(world.core.usages.count == 1)
        world.leaveInOrder()
    }

    @Test("Forks are bounded (EVT-370, H-006)")
    func manyForks() throws {
        var world = World { $0.limits.forksOfSubscription = 3 }
        _ = try world.watch("dialog")
        for fork in 0..<5 {
            try world.notify(try #require(world.subscribes.first), "active;expires=600", from: "fork\(fork)")
        }
        #expect(world.statuses(.notify) == [200, 200, 200, 200, 481, 481])
        world.leaveInOrder()
    }
}
