import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("Forked SUBSCRIBE (RFC 6665 §4.4.1)")
struct ForkedSubscriptionTests {
    /// One 2xx, from the first of them, and a NOTIFY of each.
    private static func answer(_ world: inout World, _ request: SIPMessage, from tags: [String]) {
        world.peer.answer(request, 200, tag: tags[0]) { $0.append(.expires, "600") }
        for tag in tags { world.notify(request, "active;expires=600", tag: tag) }
    }

    @Test(
        "Each notifier of a package that forks makes a subscription of its own (EVT-370, RFC 6665 §4.1.4, RFC 4235 §3.9)"
    )
    func several() throws {
        var world = World()
        world.onSubscribe { world, request, count in
            guard count == 1 else { return world.peer.accept(request) }
            Self.answer(&world, request, from: ["one", "two", "three"])
        }
        let id = try world.watch("dialog", accept: [])
        #expect(world.codes(of: .notify) == [200, 200, 200])
        let forks = world.core.usages.filter { $0.id.kind == .clientSubscription && $0.id != id }
        #expect(forks.map(\.state) == ["active", "active"])
        #expect(world.subscriptionEvents.filter { $0 == .forked(from: UsageID(serial: id.serial)) }.count == 2)
        // Each is renewed in its own dialog.
        world.run(for: .seconds(545))
        let tags = world.subscribes.dropFirst().compactMap { try? $0.to().tag }
        #expect(Set(tags) == ["one", "two", "three"])
        world.finishUp()
        #expect(world.ended.values.allSatisfy { $0.count == 1 })
    }

    @Test("Of a package that does not fork the first notifier counts, and the others get 481 (EVT-370, RFC 3856 §6.9)")
    func single() throws {
        var world = World()
        world.onSubscribe { world, request, _ in Self.answer(&world, request, from: ["one", "two"]) }
        let id = try world.watch()
        #expect(world.codes(of: .notify) == [200, 481])
        #expect(world.core.usages.map(\.id) == [id])
        world.finishUp()
    }

    @Test("The 2xx is one notifier's and the first NOTIFY another's: the NOTIFY makes the dialog (RFC 6665 §4.4.1)")
    func notifyDecides() throws {
        var world = World()
        world.onSubscribe { world, request, count in
            guard count == 1 else { return world.peer.accept(request) }
            world.peer.answer(request, 200, tag: "one") { $0.append(.expires, "600") }
            world.notify(request, "active;expires=600", tag: "two", after: .milliseconds(10)) {
                $0.append(.recordRoute, "<sip:127.0.0.1:5090;lr;two>")
            }
        }
        let id = try world.watch()
        #expect(world.codes(of: .notify) == [200])
        #expect(world.state(of: id) == "active")
        world.run(for: .seconds(545))
        #expect(try world.subscribes.last?.to().tag == "two")
        #expect(world.subscribes.last?.value(.route)?.contains("two") == true)
        world.finishUp()
    }

    @Test("A notifier that comes after Timer N is nobody's (RFC 6665 §4.1.2.4)")
    func late() throws {
        var world = World()
        try world.watch("dialog", accept: [])
        let subscribe = try #require(world.subscribes.first)
        world.run(for: .seconds(33))
        world.notify(subscribe, "active;expires=600", tag: "late")
        world.run(for: .milliseconds(100))
        #expect(world.codes(of: .notify) == [200, 481])
        world.finishUp()
    }

    @Test("More notifiers than the limit allows get 481 (H-006)")
    func flood() throws {
        var world = World()
        world.onSubscribe { world, request, count in
            guard count == 1 else { return world.peer.accept(request) }
            Self.answer(&world, request, from: (0..<40).map { "fork\($0)" })
        }
        try world.watch("dialog", accept: [])
        #expect(world.codes(of: .notify).filter { $0 == 200 }.count == 16)
        #expect(world.codes(of: .notify).filter { $0 == 481 }.count == 24)
        world.finishUp()
    }

    @Test("52. A forked SUBSCRIBE with two dialogs: two SUBSCRIBE 0, two ends (W18)")
    func leaving() throws {
        var world = World()
        world.onSubscribe { world, request, _ in Self.answer(&world, request, from: ["one", "two"]) }
        try world.watch("dialog", accept: [], settling: .zero)
        world.shutdown(giveUp: .seconds(60))
        world.intercept = { world, request in
            guard request.method == .subscribe, let tag = try? request.to().tag else {
                Self.answer(&world, request, from: ["one", "two"])
                return true
            }
            world.peer.accept(request, expires: "0")
            world.notify(request, "terminated;reason=timeout", tag: tag)
            return true
        }
        world.runToTheEnd()
        let last = world.subscribes.filter { $0.value(.expires) == "0" }
        #expect(Set(last.compactMap { try? $0.to().tag }) == ["one", "two"])
        #expect(last.count == 2)
        #expect(world.codes(of: .notify).allSatisfy { $0 == 200 })
        #expect(world.ended.count == 2)
        world.finish()
    }
}
