import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

/// What a peer may write in other letters than we did, and what it may not.
@Suite("The case of tags and Call-IDs")
struct TokenCaseTests {
    @Test("A tag may come back in capitals, a Call-ID may not (SYN-024, RFC 3261 §7.3.1, §20.8)")
    func tagAndCallID() throws {
        var world = World()
        let id = try world.calledUp(answering: true)
        let call = try #require(world.peer.inviteDialogs.keys.max())
        let dialog = try #require(world.peer.inviteDialogs[call])
        let tag = try #require(dialog.to.tag)
        #expect(tag != tag.uppercased() && call != call.uppercased())
        var shouted = dialog.to
        shouted.tag = tag.uppercased()
        let answers = { (world: World) in
            world.peer.responses.filter { $0.method == .info || $0.method == .bye }.compactMap(\.status?.value)
        }

        world.peer.inDialog(.info, call: call, from: dialog.from, to: shouted, sequence: 10)
        world.run(for: .milliseconds(100))
        #expect(answers(world).last != 481)
        world.peer.inDialog(.bye, call: call.uppercased(), from: dialog.from, to: dialog.to, sequence: 11)
        world.run(for: .milliseconds(100))
        #expect(answers(world).last == 481)
        #expect(world.ended[id.any] == nil)
        var shouting = dialog.from
        shouting.tag = dialog.from.tag?.uppercased()
        world.peer.inDialog(.bye, call: call, from: shouting, to: shouted, sequence: 12)
        world.run(for: .milliseconds(100))
        #expect(answers(world).last == 200)
        #expect(world.ended[id.any]?.count == 1)
        world.leave()
    }
}
