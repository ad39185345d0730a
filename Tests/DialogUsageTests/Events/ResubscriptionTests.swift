import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("Lost subscriptions and new ones (RFC 6665 §4.1.3)")
struct ResubscriptionTests {
    /// Nothing is lost for good when the reason says so: the same usage, another dialog.
    @Test(
        "What a reason says about coming back is done (EVT-364, EVT-365, RFC 6665 §4.1.3)",
        arguments: [
            ("deactivated", 0), ("deactivated;retry-after=50", 0), ("timeout", 0), ("timeout;retry-after=50", 0),
            ("probation;retry-after=50", 50), ("giveup;retry-after=50", 50), ("probation", 30), ("giveup", 30),
            ("fromthefuture;retry-after=50", 50), ("DEACTIVATED", 0),
        ])
    func comingBack(reason: String, pause: Int) throws {
        var world = World()
        let id = try world.watch()
        world.run(for: .seconds(100))
        let first = try #require(world.subscribes.first)
        world.notify(first, "terminated;reason=\(reason)")
        if pause > 0 {
            world.run(for: .seconds(pause) - .seconds(1))
            #expect(world.subscribes.count == 1)
            #expect(world.state(of: id) == "interrupted")
            world.run(for: .seconds(1))
        }
        world.run(for: .seconds(1))
        #expect(world.codes(of: .notify).allSatisfy { $0 == 200 })
        #expect(world.subscribes.count == 2)
        let second = try #require(world.subscribes.last)
        #expect(try second.callID() != first.callID())
        #expect(try second.from().tag != first.from().tag)
        #expect(try second.to().tag == nil)
        #expect(try second.requestURI() == first.requestURI())
        #expect(world.state(of: id) == "active")
        #expect(world.ended[id] == nil)
        world.finishUp()
        #expect(world.outcome(of: id) == .local(200))
    }

    @Test(
        "What is refused, has nothing to say or never changes is not asked for again (EVT-364, RFC 6665 §4.1.3)",
        arguments: ["rejected", "noresource", "invariant", "invariant;retry-after=5", "rejected;retry-after=5"])
    func notComingBack(reason: String) throws {
        var world = World()
        let id = try world.watch()
        let first = try #require(world.subscribes.first)
        world.notify(first, "terminated;reason=\(reason)")
        world.run(for: .seconds(4000))
        #expect(world.subscribes.count == 1)
        #expect(world.outcome(of: id) == .endedByPeer(nil))
        world.finishUp()
    }

    @Test("retry-after is waited for as long as we are prepared to wait, and no longer (EVT-365, H-006)")
    func endlessRetryAfter() throws {
        var world = World()
        try world.watch()
        let first = try #require(world.subscribes.first)
        world.notify(first, "terminated;reason=probation;retry-after=4294967295")
        world.run(for: .seconds(3599))
        #expect(world.subscribes.count == 1)
        world.run(for: .seconds(2))
        #expect(world.subscribes.count == 2)
        world.finishUp()
    }

    @Test(
        "A notifier that ends each subscription at once cannot make us loop: pauses grow, and then it is over (H-006)")
    func noLoop() throws {
        var world = World()
        world.onSubscribe { world, request, _ in
            world.peer.accept(request)
            world.notify(request, "terminated;reason=deactivated")
        }
        let id = try world.watch()
        world.run(for: .seconds(10))
        #expect(world.subscribes.count <= 5)
        world.run(for: .seconds(7200))
        #expect(world.subscribes.count == 1 + ResubscriptionPolicy.standard.tries)
        #expect(world.ended[id]?.count == 1)
        world.finishUp()
    }

    @Test("481 to a refresh is the end of that subscription, and the beginning of a new one (RFC 6665 §4.1.2.2)")
    func forgotten() throws {
        var world = World()
        let id = try world.watch()
        world.onSubscribe { world, request, count in
            if count == 2 { return world.peer.answer(request, 481) }
            world.peer.accept(request)
            world.notify(request, "active;expires=600")
        }
        world.run(for: .seconds(545))
        #expect(world.subscribes.count == 3)
        #expect(try world.subscribes[2].callID() != world.subscribes[1].callID())
        #expect(world.state(of: id) == "active")
        let isTold = world.subscriptionEvents.contains {
            if case .interrupted(.gone(481), _) = $0 { true } else { false }
        }
        #expect(isTold)
        world.finishUp()
    }

    @Test("A refresh that is under way when the time runs out may still be accepted (RFC 6665 §4.1.2.2)")
    func racingExpiry() throws {
        var world = World()
        let id = try world.watch(expires: .seconds(20))
        world.onSubscribe { world, request, count in
            guard count == 2 else { return }
            world.peer.answer(request, 200, after: .seconds(10)) { $0.append(.expires, "20") }
        }
        world.run(for: .seconds(28))
        #expect(world.state(of: id) == "active")
        #expect(world.ended[id] == nil)
        world.finishUp()
    }

    @Test("A server that falls silent is asked again with growing pauses; its comeback is noticed (RFC 6665 §4.1.2.2)")
    func silentServer() throws {
        var world = World()
        let id = try world.watch(expires: .seconds(60))
        world.peer.manners[.subscribe] = .silent
        world.run(for: .seconds(200))
        #expect(world.state(of: id) != "active")
        #expect(world.ended[id] == nil)
        world.peer.manners[.subscribe] = .healthy
        world.run(for: .seconds(300))
        #expect(world.state(of: id) == "active")
        world.finishUp()
        #expect(world.outcome(of: id) == .local(200))
    }

    @Test(
        "The first refusal of all is told, not tried again (RFC 6665 §4.1.2.4)", arguments: [403, 503] as [StatusCode])
    func neverHad(status: StatusCode) throws {
        var world = World()
        world.peer.manners[.subscribe] = .status(status)
        let id = try world.watch()
        world.run(for: .seconds(100))
        #expect(world.subscribes.count == 1)
        #expect(world.outcome(of: id) == .endedByPeer(status))
        world.finishUp()
    }

    @Test("A subscription that waits to be asked for again ends without a word on the wire")
    func endWhilePausing() throws {
        var world = World()
        let id = try world.watch()
        let first = try #require(world.subscribes.first)
        world.notify(first, "terminated;reason=giveup;retry-after=100")
        world.run(for: .seconds(10))
        #expect(world.state(of: id) == "interrupted")
        world.shutdown(giveUp: .seconds(60))
        world.run(for: .milliseconds(100))
        #expect(world.outcome(of: id) == .local(nil))
        #expect(world.subscribes.count == 1)
        world.finish()
    }

    @Test("The late answer in a dialog that was given up does not count in the new one")
    func lateAnswer() throws {
        var world = World()
        let id = try world.watch(expires: .seconds(20))
        world.onSubscribe { world, request, count in
            if (try? request.to().tag) != nil, count < 6 {
                // The refresh, and its copies: its subscription is ended before it is answered.
                world.notify(request, "terminated;reason=deactivated")
                world.peer.answer(request, 481, after: .seconds(3))
            } else {
                world.peer.accept(request)
                world.notify(request, "active;expires=20")
            }
        }
        world.run(for: .seconds(20))
        #expect(Set(world.subscribes.compactMap { try? $0.callID() }).count == 2)
        #expect(world.state(of: id) == "active")
        #expect(world.ended[id] == nil)
        world.finishUp()
    }

    @Test("That the SUBSCRIBE of a dialog that is gone times out says nothing of the one that took its place (EVT-364)")
    func lateTimeout() throws {
        var world = World()
        world.onSubscribe { world, request, _ in
            if world.subscribes.allSatisfy({ (try? $0.callID()) == (try? request.callID()) }) {
                if world.subscribes.count == 1 {
                    world.notify(request, "active;expires=600")
                    world.notify(request, "terminated;reason=deactivated", after: .seconds(1))
                }
            } else {
                world.peer.accept(request)
                world.notify(request, "active;expires=600")
            }
        }
        let id = try world.watch(settling: .seconds(40))
        #expect(try Set(world.subscribes.map { try $0.callID() }).count == 2)
        let failures = world.subscriptionEvents.filter { if case .refreshFailed = $0 { true } else { false } }
        #expect(failures.isEmpty)
        #expect(world.state(of: id) == "active")
        world.finishUp()
    }

    @Test("How often a notifier has named a longer time counts in one dialog, and not in the next (EVT-364, H-084)")
    func intervalsCountAnew() throws {
        var world = World()
        world.onSubscribe { world, request, count in
            let dialogs = Set(world.subscribes.compactMap { try? $0.callID() }).count
            let sequence = (try? request.cSeq().number) ?? 0
            switch (dialogs, sequence) {
            case (2, 1), (2, 2), (3, 1):
                world.peer.answer(request, 423) { $0.append(.minExpires, "\(700 + count)") }
            case (2, _): break
            case (_, _):
                world.peer.accept(request)
                world.notify(request, "active;expires=600")
            }
        }
        let id = try world.watch()
        let first = try #require(world.subscribes.first)
        world.notify(first, "terminated;reason=deactivated")
        world.run(for: .seconds(300))
        #expect(Set(world.subscribes.compactMap { try? $0.callID() }).count == 3)
        #expect(world.state(of: id) == "active")
        world.finishUp()
    }
}
