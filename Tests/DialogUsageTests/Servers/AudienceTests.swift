import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("Compositor and watchers: what is published is told to those who subscribed (RFC 3903 §3, RFC 6665 §4.2)")
struct AudienceTests {
    private static let resource = CompositorTests.resource

    private func world(_ change: (inout CompositorConfiguration) -> Void = { _ in }) -> World {
        var configuration = CompositorConfiguration(
            domain: World.domain, packages: ["presence": .init(contentTypes: ["application/pidf+xml"])])
        change(&configuration)
        return World { $0.compositor = configuration }
    }
    private func watch(_ world: inout World) {
        world.peer.outside(.subscribe, expires: "600")
        world.run(for: .milliseconds(100))
    }
    /// The documents of the NOTIFYs, in order.
    private func told(_ world: World) -> [String] {
        world.requests.filter { $0.method == .notify }.map(\.bodyText)
    }

    @Test("A watcher is accepted and told at once, then of each change, and of a refresh nothing (§4.2.2)")
    func told() throws {
        var world = world()
        watch(&world)
        #expect(world.peer.responses.last?.status == 200)
        #expect(told(world) == [""], "nothing is known yet, and that is said too (§4.2.1.2)")
        var tag = try #require(world.publish("<one/>", cseq: 1)?.value(.sipETag))
        tag = try #require(world.publish(tag: tag, cseq: 2)?.value(.sipETag))
        tag = try #require(world.publish("<two/>", tag: tag, cseq: 3)?.value(.sipETag))
        _ = world.publish(tag: tag, cseq: 4, expires: 0)
        #expect(told(world) == ["", "<one/>", "<two/>", ""])
        #expect(world.requests.last?.value(.subscriptionState)?.hasPrefix("active") == true)
        world.close()
    }

    @Test("A publication that runs out is told too")
    func expired() {
        var world = world()
        watch(&world)
        _ = world.publish("<one/>", cseq: 1, expires: 60)
        world.run(for: .seconds(61))
        #expect(told(world) == ["", "<one/>", ""])
        let expired = world.compositorEvents.filter { if case .expired = $0 { true } else { false } }
        #expect(expired.count == 1)
        world.close()
    }

    @Test("Of several publications the newest document counts, not the newest refresh; then the one before it")
    func newest() throws {
        var world = world()
        watch(&world)
        let phone = try #require(world.publish("<phone/>", cseq: 1)?.value(.sipETag))
        let desk = try #require(world.publish("<desk/>", cseq: 2)?.value(.sipETag))
        _ = world.publish(tag: phone, cseq: 3)
        _ = world.publish(tag: desk, cseq: 4, expires: 0)
        #expect(told(world) == ["", "<phone/>", "<desk/>", "<phone/>"])
        world.close()
    }

    @Test("Hard state is what watchers see while nobody publishes")
    func hardState() throws {
        var world = world()
        let document = EventDocument(contentType: "application/pidf+xml", body: Array("<closed/>".utf8))
        world.take(world.core.setHardState(document, of: Self.resource, at: world.now))
        watch(&world)
        let tag = try #require(world.publish("<one/>", cseq: 1)?.value(.sipETag))
        _ = world.publish(tag: tag, cseq: 2, expires: 0)
        #expect(told(world) == ["<closed/>", "<one/>", "<closed/>"])
        world.close()
    }

    @Test("Where the application composes, watchers are told what it made of all publications")
    func composed() throws {
        var world = world { $0.packages["presence"]?.composition = .byApplication }
        watch(&world)
        _ = world.publish("<one/>", cseq: 1)
        _ = world.publish("<two/>", cseq: 2)
        guard case .compositionWanted(let resource, let publications) = try #require(world.compositorEvents.last) else {
            Issue.record("not asked")
            return
        }
        let body = publications.flatMap(\.document.body)
        let document = EventDocument(contentType: "application/pidf+xml", body: body)
        world.take(world.core.compose(document, of: resource, at: world.now))
        world.run(for: .milliseconds(100))
        #expect(told(world) == ["", "<one/><two/>"])
        world.close()
    }

    @Test("Nobody of that name is 404; a fetch is one NOTIFY with the state (§4.4.3)")
    func fetch() {
        var world = world()
        _ = world.publish("<one/>", cseq: 1)
        world.peer.outside(.subscribe, expires: "0")
        world.run(for: .milliseconds(100))
        #expect(told(world) == ["<one/>"])
        #expect(world.requests.last?.value(.subscriptionState)?.hasPrefix("terminated") == true)
        #expect(world.core.usages.isEmpty)
        world.close()

        var strangers = self.world { $0.domain.users = .these(["bob"]) }
        watch(&strangers)
        #expect(strangers.peer.responses.last?.status == 404)
        #expect(strangers.core.usages.isEmpty)
        strangers.close()
    }

    @Test("What can be published can be watched, and 489 and OPTIONS say so (RFC 6665 §8.3)")
    func packages() {
        var world = world { $0.packages["vehicle"] = .init(contentTypes: ["text/plain"]) }
        func subscribe(_ package: String, _ number: Int) -> SIPMessage? {
            world.ask(.subscribe, as: "carol", call: package, number) { fields in
                fields.append(.contact, "<sip:carol@127.0.0.1:5090>")
                fields.append(.event, package)
            }
        }
        #expect(subscribe("vehicle", 1)?.status == 200)
        #expect(subscribe("weather", 2)?.value(.allowEvents) == "presence, vehicle")
        #expect(world.ask(.options, call: "options", 3)?.value(.allowEvents) == "presence, vehicle")
        #expect(world.watchers.isEmpty, "the application is not asked")
        world.close()
    }

    @Test("Where the application decides about watchers, the core does not (§4.2.1.3)")
    func askedAboutWatchers() throws {
        var world = world { $0.watching = .asked }
        watch(&world)
        #expect(told(world).isEmpty)
        let id = try #require(world.watchers.last)
        try world.perform { core, now in ((), try core.reject(id, status: 403, at: now)) }
        world.run(for: .milliseconds(100))
        #expect(world.peer.responses.last?.status == 403)
        world.close()
    }

    @Test("An ended subscription is told nothing more, and nothing is left of it")
    func ended() {
        var world = world()
        watch(&world)
        world.peer.manners[.notify] = .status(481)
        _ = world.publish("<one/>", cseq: 1)
        _ = world.publish("<two/>", cseq: 2)
        #expect(told(world) == ["", "<one/>"])
        #expect(world.core.usages.isEmpty)
        world.close()
    }
}
