import DialogUsage
import Ladder
import SDP
import SIPMessage
import SansIO
import Testing

/// One offer at a time, whichever side made it.
@Suite("An offer while another is open (RFC 3264 §4)")
struct OpenOfferTests {
    private func held() throws -> SessionDescription {
        try World.description().nextOffer(at: SocketAddress(.loopback4, port: 40_000), direction: .sendOnly)
    }
    private func answers(_ world: World, _ method: Method) -> [UInt16] {
        world.peer.responses.filter { $0.method == method }.compactMap(\.status?.value)
    }

    @Test(
        "While ours has no answer, the peer's is refused 491 and no second one of ours is sent (SDP-411, RFC 3264 §4)")
    func oursIsOpen() throws {
        var world = World()
        let id = try world.calledUp(answering: true)
        let call = try #require(world.peer.inviteDialogs.keys.max())
        world.peer.manners[.invite] = .silent
        let offer = try held()
        try world.perform { core, now in ((), try core.offer(.server(id), offer, at: now)) }
        world.run(for: .milliseconds(100))
        let sent = world.requests.filter { $0.method == .invite }
        #expect(sent.count == 1)

        world.peer.inCall(call, .invite, body: World.sdp)
        world.run(for: .milliseconds(100))
        #expect(answers(world, .invite).last == 491)
        world.peer.inCall(call, .update, body: World.sdp)
        world.run(for: .milliseconds(100))
        #expect(answers(world, .update) == [491])
        #expect(throws: UsageError.self) {
            try world.perform { core, now in ((), try core.offer(.server(id), offer, at: now)) }
        }
        #expect(throws: UsageError.self) {
            try world.perform { core, now in ((), try core.offer(.server(id), offer, by: .update, at: now)) }
        }
        world.run(for: .milliseconds(200))
        #expect(world.requests.filter { $0.method == .invite || $0.method == .update }.count == 1)

        world.peer.answer(sent[0], 200, body: World.sdp)
        world.run(for: .milliseconds(100))
        #expect(world.ended[id.any] == nil)
        world.peer.inCall(call, .invite, body: World.sdp)
        world.run(for: .milliseconds(100))
        try world.perform { core, now in ((), try core.answerOffer(.server(id), with: offer, at: now)) }
        world.run(for: .milliseconds(100))
        #expect(answers(world, .invite).suffix(2) == [491, 200])
        world.leave()
    }

    @Test("While the peer's has no answer, its next is refused 500 and none of ours is sent (SDP-411, RFC 3311 §5.2)")
    func theirsIsOpen() throws {
        var world = World()
        let id = try world.calledUp(answering: true)
        let call = try #require(world.peer.inviteDialogs.keys.max())
        world.peer.inCall(call, .update, body: World.sdp)
        world.run(for: .milliseconds(100))
        #expect(answers(world, .update).isEmpty)
        world.peer.inCall(call, .update, body: World.sdp)
        world.run(for: .milliseconds(100))
        #expect(answers(world, .update) == [500])
        let offer = try held()
        #expect(throws: UsageError.self) {
            try world.perform { core, now in ((), try core.offer(.server(id), offer, at: now)) }
        }
        try world.perform { core, now in ((), try core.answerOffer(.server(id), with: offer, at: now)) }
        world.run(for: .milliseconds(100))
        #expect(answers(world, .update) == [500, 200])
        #expect(world.requests.isEmpty)
        world.leave()
    }
}
