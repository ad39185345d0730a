import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("Conditional notification (RFC 5839)")
struct ConditionalNotificationTests {
    private func suppress(_ tag: String?) -> (inout FieldList) -> Void {
        { fields in if let tag { fields.append(.suppressIfMatch, tag) } }
    }

    @Test("Subscriber: the refresh carries the newest entity-tag; 204 renews, and no NOTIFY is missed (RFC 5839 §5.6)")
    func refreshing() throws {
        var world = World()
        world.onSubscribe { world, request, count in
            if count > 1 { return world.peer.accept(request, 204) }
            world.peer.accept(request)
            world.notify(request, "active;expires=600", body: "<one/>") { $0.append(.sipETag, "e1") }
            world.notify(request, "active;expires=600", body: "<two/>") { $0.append(.sipETag, "e2") }
        }
        let id = try world.watch()
        world.run(for: .seconds(545))
        #expect(world.subscribes.map { $0.value(.suppressIfMatch) } == [nil, "e2"])
        world.run(for: .seconds(500))
        #expect(world.state(of: id) == "active")
        world.run(for: .seconds(100))
        #expect(world.subscribes.count == 3)
        #expect(world.subscribes.last?.value(.suppressIfMatch) == "e2")
        world.finishUp()
    }

    @Test("Subscriber: where NOTIFY brings no entity-tag, none is asked about (RFC 5839 §5.1)")
    func unaware() throws {
        var world = World()
        try world.watch()
        world.run(for: .seconds(545))
        #expect(world.subscribes.count == 2)
        #expect(world.subscribes.allSatisfy { !$0.has(.suppressIfMatch) })
        world.finishUp()
    }

    @Test("Subscriber: 204 to SUBSCRIBE 0 is the end; no NOTIFY is waited for (RFC 5839 §5.7)")
    func ending() throws {
        var world = World()
        let id = try world.watch()
        world.intercept = { world, request in
            guard request.value(.expires) == "0" else { return false }
            world.peer.accept(request, 204, expires: "0")
            return true
        }
        world.take(world.core.end(id, at: world.now))
        world.run(for: .milliseconds(100))
        #expect(world.outcome(of: id) == .local(204))
        world.finishUp()
    }

    @Test("Notifier: who knows the present state gets 204 to his refresh and no NOTIFY (RFC 5839 §6.3)")
    func answering204() throws {
        var world = World()
        world.carolSubscribes()
        let (id, tag) = try world.letWatch(body: "<one/>")
        let entity = try #require(world.notifies.last?.value(.sipETag))
        world.carolSubscribes(expires: "300", tag: tag, sequence: 2, suppress(entity))
        #expect(world.lastAnswer?.status == 204)
        #expect(world.lastAnswer?.value(.expires) == "300")
        #expect(world.notifies.count == 1)
        // What changes is told, under another tag; who knows only the old one is told again.
        try world.tell(id, .active, body: "<two/>")
        #expect(world.notifies.last?.bodyText == "<two/>")
        let newer = try #require(world.notifies.last?.value(.sipETag))
        #expect(newer != entity)
        world.carolSubscribes(tag: tag, sequence: 3, suppress(entity))
        #expect(world.lastAnswer?.status == 200)
        #expect(world.notifies.count == 3)
        #expect(world.notifies.last?.bodyText == "<two/>")
        world.finishUp()
    }

    @Test("Notifier: a new subscription that knows the state is notified without a body (RFC 5839 §6.2)")
    func resuming() throws {
        var world = World()
        world.carolSubscribes(call: "first")
        try world.letWatch(body: "<one/>")
        let entity = try #require(world.notifies.last?.value(.sipETag))
        world.carolSubscribes(call: "second", suppress(entity))
        try world.letWatch(body: "<one/>")
        let last = try #require(world.notifies.last)
        #expect(world.answers(toWatcher: 200).count == 2)
        #expect(last.body.isEmpty && !last.has(.contentType))
        #expect(last.value(.sipETag) == entity)
        #expect(last.value(.subscriptionState) == "active;expires=600")
        world.finishUp()
    }

    @Test("Notifier: a change of standing alone is told without the known body; `*` quietens all news (RFC 5839 §6.2)")
    func quiet() throws {
        var world = World()
        world.carolSubscribes()
        let (id, tag) = try world.letWatch(.pending, body: "<one/>")
        world.carolSubscribes(tag: tag, sequence: 2, suppress("*"))
        #expect(world.lastAnswer?.status == 204)
        try world.tell(id, .pending, body: "<two/>")
        #expect(world.notifies.count == 1)
        try world.tell(id, .active, body: "<three/>")
        #expect(world.notifies.count == 2)
        #expect(world.notifies.last?.body.isEmpty == true)
        #expect(world.notifies.last?.value(.subscriptionState)?.hasPrefix("active") == true)
        world.carolSubscribes(tag: tag, sequence: 3)
        #expect(world.notifies.last?.bodyText == "<three/>")
        world.finishUp()
    }

    @Test("Notifier: who knows the state and unsubscribes gets 204, and it is over (RFC 5839 §5.7)")
    func leaving() throws {
        var world = World()
        world.carolSubscribes()
        let (id, tag) = try world.letWatch(body: "<one/>")
        let entity = try #require(world.notifies.last?.value(.sipETag))
        world.carolSubscribes(expires: "0", tag: tag, sequence: 2, suppress(entity))
        #expect(world.lastAnswer?.status == 204)
        #expect(world.notifies.count == 1)
        #expect(world.ended[id.any]?.count == 1)
        world.finishUp()
    }
}
