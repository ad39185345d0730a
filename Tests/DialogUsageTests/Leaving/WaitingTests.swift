import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("What is waited for, since when, for how long at most (shutdown.md, section 9)")
struct WaitingTests {
    @Test("Without any shutdown each usage that waits for something says so, and one that waits for nothing does not")
    func running() throws {
        var world = World()
        let standing = try world.call()
        world.peer.manners[.register] = .silent
        world.peer.manners[.subscribe] = .noNotify
        let began = world.now
        let registration = try world.register()
        let subscription = try world.subscribe()
        world.intercept = { world, request in
            guard request.method == .invite else { return false }
            world.peer.answer(request, 180)
            return true
        }
        let ringing = try world.call()
        let blockers = Dictionary(uniqueKeysWithValues: world.core.blockers.map { ($0.id, $0) })
        #expect(Set(blockers.keys) == [registration, subscription, ringing])
        #expect(blockers[standing] == nil)
        #expect(blockers[registration]?.waitsFor == "the answer to REGISTER")
        #expect(blockers[registration]?.since == began)
        #expect(blockers[registration]?.until == began + .seconds(32), "Timer F")
        #expect(blockers[subscription]?.waitsFor == "the first NOTIFY")
        #expect(blockers[subscription]?.until != nil, "Timer N")
        #expect(blockers[ringing]?.waitsFor == "the callee to answer")
        #expect(blockers[ringing]?.until == nil, "people are waited for without limit")
        world.take(world.core.forceShutdown(at: world.now))
        world.finish()
    }

    @Test("While leaving, one sentence says it all: the final NOTIFY, and then the grace")
    func leaving() throws {
        var world = World()
        let id = try world.subscribe()
        world.peer.manners[.subscribe] = .noNotify
        let began = world.now
        world.shutdown()
        let first = try #require(world.core.blockers.first)
        #expect(first.waitsFor == "the answer to SUBSCRIBE with Expires 0" && first.until == began + .seconds(32))
        world.run(for: .seconds(2))
        let second = try #require(world.core.blockers.first)
        #expect(second.until == began + .milliseconds(40) + .seconds(5))
        #expect(
            second.sentence(at: world.now)
                == "\(id) sip:bob@example.com waits for the final NOTIFY since 2 s, for 3 s more at most")
        world.runToTheEnd()
        world.finish()
    }

    @Test("The give-up time limits every wait; our refusal waits for its ACK until Timer H")
    func limited() throws {
        var world = World()
        let id = try world.calledUp(answering: false)
        world.peer.acknowledges = false
        let began = world.now
        world.shutdown()
        #expect(world.core.blockers.map(\.id) == [id.any])
        #expect(world.core.blockers.first?.waitsFor == "the ACK to our refusal")
        #expect(world.core.blockers.first?.until == began + .seconds(32))
        world.shutdown(giveUp: .seconds(3))
        #expect(world.core.blockers.first?.until == began + .seconds(3))
        world.runToTheEnd()
        world.finish()
    }
}
