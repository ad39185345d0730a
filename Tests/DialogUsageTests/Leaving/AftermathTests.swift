import Ladder
import SIPMessage
import SansIO
import Testing

@testable import DialogUsage

@Suite("What the server still believes after we have left (shutdown.md, section 9)")
struct AftermathTests {
    @Test("An un-REGISTER without an answer: the report names our Contact and until when it may be kept")
    func registration() throws {
        var world = World()
        let registration = try world.register()
        let granted = try #require(world.core.summary(registration)?.expiresAt)
        world.peer.manners[.register] = .silent
        world.shutdown(giveUp: .seconds(2))
        world.runToTheEnd()
        let row = try #require(world.report?.usages.first { $0.id == registration })
        #expect(row.outcome == .gaveUp)
        #expect(row.believedUntil == granted)
        #expect(row.binding?.description == "sip:alice@127.0.0.1:5060")
        #expect(row.consequence?.hasPrefix("the registrar may keep our binding for ") == true)
        world.finish()
    }

    @Test("Who has heard our goodbye believes nothing any more")
    func clean() throws {
        var world = World()
        try world.register()
        world.shutdown(giveUp: .seconds(2))
        world.runToTheEnd()
        #expect(world.report?.usages.allSatisfy { $0.believedUntil == nil && $0.binding == nil } == true)
        world.finish()
    }

    @Test("A subscription that is given up while its un-SUBSCRIBE is unanswered: the time that its lease had")
    func subscription() throws {
        var world = World()
        let subscription = try world.subscribe()
        let granted = try #require(world.core.summary(subscription)?.expiresAt)
        world.peer.manners[.subscribe] = .silent
        world.shutdown(giveUp: .seconds(2))
        world.runToTheEnd()
        #expect(world.report?.usages.first { $0.id == subscription }?.believedUntil == granted)
        world.finish()
    }

    @Test("Stale contacts are removed one by one and by name, with expires 0, and the usage ends with the answer")
    func removal() throws {
        var world = World()
        let stale = [World.uri("old1"), World.uri("old2")]
        let account = world.account
        let id = try world.perform { core, now in try core.removeStale(stale, of: account, at: now) }
        world.run(for: .seconds(1))
        let request = try #require(world.requests.last)
        #expect(
            try request.addresses()?.map { "\($0.uri);\($0.parameters["expires"] ?? "")" }
                == ["sip:old1@example.com;0", "sip:old2@example.com;0"])
        #expect(world.outcome(of: id.any) == .local(200))
        world.shutdown(giveUp: .seconds(1))
        world.runToTheEnd()
        world.finish()
    }
}
