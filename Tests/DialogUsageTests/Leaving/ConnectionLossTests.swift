import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("Shutdown: connections that break (shutdown.md R7; section 11, 43 and 44)")
struct ConnectionLossTests {
    @Test("43. A reset before the answer to SUBSCRIBE 0: over at once, and the next group starts at once")
    func resetBeforeAnswer() throws {
        var world = World(over: .tcp)
        try world.register()
        let subscription = try world.subscribe()
        world.peer.manners[.subscribe] = .silent
        world.shutdown()
        world.run(for: .milliseconds(30))
        #expect(world.outcome(of: subscription) == nil)
        let reset = world.now
        let before = world.ladder.count
        world.resetConnection()
        #expect(world.outcome(of: subscription) == .transportFailed)
        #expect(world.ladder.sent(since: before) == ["REGISTER expires=0"], "over a new connection")
        world.runToTheEnd()
        #expect(world.now - reset == .milliseconds(40))
        #expect(world.report?.usages.last?.outcome == .local(200))
        world.finish()
    }

    @Test("44. A reset after the 200 and before the NOTIFY: never longer than the grace, then the next group")
    func resetBeforeNotify() throws {
        var world = World(over: .tcp)
        try world.register()
        let subscription = try world.subscribe()
        world.peer.manners[.subscribe] = .noNotify
        world.shutdown()
        world.run(for: .milliseconds(60))
        let reset = world.now
        world.resetConnection()
        world.runToTheEnd()
        #expect(world.outcome(of: subscription) != nil)
        #expect(world.now - reset <= .seconds(5) + .milliseconds(40))
        #expect(world.report?.usages.last?.outcome == .local(200))
        world.finish()
    }
}
