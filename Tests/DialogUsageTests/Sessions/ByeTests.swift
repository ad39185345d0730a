import DialogUsage
import Ladder
import SDP
import SIPMessage
import SansIO
import Testing

@Suite("BYE (RFC 3261 §15)")
struct ByeTests {
    @Test(
        "BYE goes in the dialog; 481, 408 or silence end the session all the same (BYE-256, RFC 3261 §15.1.1)",
        arguments: [481, 408, nil] as [StatusCode?])
    func unanswered(status: StatusCode?) throws {
        var world = World()
        let (id, _) = try world.calledAndAnswered()
        world.peer.manners[.bye] = status.map { .status($0) } ?? .silent
        world.end(id.any, for: .seconds(40))
        #expect(world.ended[id.any]?.count == 1)
        #expect(world.core.census.usages == 0)
        world.leave()
    }

    @Test("A caller gives up in an early dialog: CANCEL, no BYE (BYE-258, RFC 3261 §15)")
    func early() throws {
        var world = World()
        let id = try world.calling { world, request in world.peer.answer(request, 180) }
        world.intercept = { world, request in
            guard request.method == .cancel else { return false }
            world.peer.answer(request, 200)
            if let invite = world.invite { world.peer.answer(invite, 487) }
            return true
        }
        world.end(id.any)
        #expect(world.sent(.cancel).count == 1)
        #expect(world.sent(.bye).isEmpty)
        #expect(world.story.last == "closing by us")
        world.leave()
    }

    @Test(
        "BYE gets 200, and what the peer had asked before gets 487 (BYE-259, RFC 3261 §15.1.2)",
        arguments: ["INVITE", "UPDATE"])
    func pending(method: String) throws {
        var world = World()
        let (id, asking) = try world.calledAndAnswered()
        world.ask(world.within(asking, method, sequence: 2, body: World.sdp))
        #expect(world.story.last == "offered")
        world.ask(world.within(asking, "BYE", sequence: 3))
        #expect(world.statuses(of: .bye) == [200])
        #expect(world.statuses(of: Method(method)).last == 487)
        #expect(world.story.last == "closing by peer")
        #expect(world.ended[id.any] == [.endedByPeer(nil)])
        world.leave()
    }

    @Test("BYE outside any dialog: 481 (BYE-260, RFC 3261 §15.1.2)", arguments: [nil, "nobody"])
    func outside(tag: String?) {
        var world = World()
        var bye = Asking("BYE")
        if let tag { bye.to += ";tag=\(tag)" }
        #expect(world.status(of: bye) == 481)
        world.leave()
    }

    @Test(
        "BYE from the called side in an early dialog, which it may not send: 200, and the INVITE still completes (BYE-261, RFC 3261 §15, §15.1.2)",
        arguments: [200, 480] as [StatusCode])
    func fromCallee(final: StatusCode) throws {
        var world = World()
        let id = try world.calling { world, request in
            world.peer.answer(request, 180, tag: "one")
            world.peer.answer(
                request, final, after: .milliseconds(500), tag: final == 200 ? "two" : "one", body: World.sdp)
        }
        world.place("one", asks: .bye)
        #expect(world.statuses(of: .bye) == [200])
        #expect(world.story == ["180 leg", "leg ended"])
        #expect(world.ended.isEmpty)
        world.run(for: .seconds(1))
        #expect(world.story.last == (final == 200 ? "connected described" : "closing 480"))
        if final == 200 { world.end(id.any) }
        world.leave()
    }

    @Test(
        "BYE before the ACK, or CANCEL as the 2xx leaves: every order ends with both sides idle (IVS-241, CAN-147, H-065, RFC 3261 §9.2, §15)",
        arguments: ["BYE", "CANCEL"], [0, 10, 30, 60])
    func races(method: String, delay: Int) throws {
        var world = World()
        let (id, asking) = try world.called()
        try world.ring(id)
        var last = method == "BYE" ? world.within(asking, "BYE", sequence: 2) : Asking("CANCEL")
        if method == "CANCEL" { last.branch = asking.branch }
        world.peer.send(last.bytes, after: .milliseconds(Int64(delay)))
        world.run(for: .milliseconds(30))
        // Throws only when the CANCEL was there first.
        try? world.answer(id)
        world.run(for: .seconds(1))
        if world.ended.isEmpty { world.end(id.any) }
        world.run(for: .seconds(40))
        #expect(world.ended[id.any]?.count == 1)
        #expect(world.core.census.usages == 0 && world.core.census.dialogs == 0)
        let final = world.statuses(of: .invite).filter { $0 >= 200 }
        #expect(Set(final).count == 1, "one final answer")
        #expect(world.statuses(of: Method(method)) == [200])
        world.leave()
    }

    @Test(
        "The program is told to quit: BYE, SUBSCRIBE 0, un-REGISTER, and it ends in time (BYE-263, RFC 3261 §15, §10.2.2)"
    )
    func quitting() throws {
        var world = World()
        try world.register()
        try world.subscribe()
        try world.call()
        let began = world.now
        let before = world.ladder.count
        world.shutdown(giveUp: .seconds(5))
        world.runToTheEnd()
        #expect(
            world.ladder.sent(since: before).filter { !$0.hasPrefix("200") } == [
                "BYE", "SUBSCRIBE expires=0", "REGISTER expires=0",
            ])
        #expect(world.now - began < .seconds(5))
        world.finish()
    }

    @Test(
        "38. The route set is that of the Record-Route: BYE follows it (BYE-255, DLG-197, RFC 3261 §12.2.1.1, §15.1.1)")
    func routes() throws {
        var world = World()
        let id = try world.calling { world, request in
            world.peer.answer(request, 200, body: World.sdp) {
                $0.append(.recordRoute, "<sip:192.0.2.9;lr>, <sip:127.0.0.1:5090;lr>")
            }
        }
        world.shutdown()
        world.runToTheEnd()
        let bye = try #require(world.sent(.bye).first)
        #expect(try bye.routes().map { $0.uri.description } == ["sip:127.0.0.1:5090;lr", "sip:192.0.2.9;lr"])
        #expect(try bye.requestURI().description == "sip:peer@127.0.0.1:5090")
        #expect(world.outcome(of: id.any) == .local(200))
        world.finish()
    }
}
