import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("CANCEL (RFC 3261 §9)")
struct CancelTests {
    @Test(
        "A final answer comes before any provisional one: CANCEL is not sent (CAN-140, RFC 3261 §9.1)",
        arguments: [486, 200] as [StatusCode])
    func neverSent(final: StatusCode) throws {
        var world = World()
        let id = try world.calling(for: .milliseconds(10)) { world, request in
            world.peer.answer(request, final, after: .milliseconds(300), body: final == 200 ? World.sdp : "")
        }
        world.end(id.any, for: .seconds(1))
        #expect(world.sent(.cancel).isEmpty)
        #expect(world.ended[id.any] == [.local(final)])
        world.leave()
    }

    @Test(
        "A provisional response that is out of order is heard all the same: it lets CANCEL go (CAN-140, RFC 3261 §9.1, RFC 3262 §4)",
        arguments: [true, false])
    func outOfOrder(endedBefore: Bool) throws {
        var world = World()
        let id = try world.calling(for: .milliseconds(10)) { world, request in
            world.peer.answer(request, 183, after: .milliseconds(300)) { $0.append(.require, "100rel") }
        }
        if endedBefore { world.end(id.any, for: .zero) }
        world.run(for: .seconds(1))
        if !endedBefore { world.end(id.any, for: .zero) }
        world.peer.manners[.cancel] = .silent
        world.run(for: .milliseconds(100))
        #expect(world.sent(.cancel).count == 1)
        #expect(world.sent(.prack).isEmpty)
        world.shutdown()
        world.runToTheEnd()
        #expect(world.ended[id.any] == [.peerUnresponsive])
        world.finish()
    }

    @Test("With access control on, CANCEL and ACK are never challenged (CAN-151, RFC 3261 §9.1, §22.1)")
    func accessControl() throws {
        var world = World {
            $0.serverAuthentication = ServerAuthentication(
                realm: "example.com", methods: [.cancel, .ack, .message], passwords: [:])
        }
        #expect(world.status(of: Asking("MESSAGE", body: "hello") { $0.type = "text/plain" }) == 401)
        let (_, asking) = try world.called()
        let count = world.peer.responses.count
        world.ask(Asking("CANCEL") { $0.branch = asking.branch })
        #expect(world.peer.responses.dropFirst(count).map { $0.status } == [200, 487])
        let (_, second) = try world.calledAndAnswered {
            $0.call = "second"; $0.branch = "z9hG4bKsecond"
        }
        #expect(world.story.last == "connected described")
        world.ask(world.within(second, "ACK", sequence: 1))
        #expect(!world.peer.responses.contains { $0.method == .ack })
        world.leave()
    }

    @Test(
        "CANCEL while it rings: 200 with the tag of the INVITE's answers, 487, the ringing stops (CAN-146, RFC 3261 §9.2)"
    )
    func ringing() throws {
        var world = World()
        let (id, asking) = try world.called()
        try world.ring(id)
        world.ask(Asking("CANCEL") { $0.branch = asking.branch })
        let tags = try world.peer.responses.filter { $0.status != 100 }.map { try $0.to().tag }
        #expect(Set(tags).count == 1)
        #expect(world.statuses(of: .invite).last == 487)
        #expect(world.story.last == "closing cancelled")
        let count = world.peer.responses.count
        world.run(for: .seconds(120))
        #expect(world.peer.responses.count == count, "no further 180")
        world.leave()
    }
}
