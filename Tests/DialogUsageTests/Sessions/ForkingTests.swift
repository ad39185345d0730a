import DialogUsage
import Ladder
import SDP
import SIPMessage
import SansIO
import Testing

/// One INVITE of ours that rings at several places.
@Suite("Forked calls (RFC 3261 §12.1, §13.2.2)")
struct ForkingTests {
    private func ringing(_ world: inout World, _ request: SIPMessage, _ tags: [String]) {
        for tag in tags { world.peer.answer(request, 180, tag: tag) }
    }
    private func refuse(_ world: inout World, _ cancel: SIPMessage) -> Bool {
        guard cancel.method == .cancel else { return false }
        world.peer.answer(cancel, 200)
        if let invite = world.invite { world.peer.answer(invite, 487) }
        return true
    }

    @Test("A provisional response with a To tag makes a dialog, one without none (DLG-191, RFC 3261 §12.1)")
    func earlyDialog() throws {
        var world = World()
        let id = try world.calling { world, request in
            var draft = ResponseDraft(180, to: request)
            draft.fields.append(.contact, "<sip:peer@127.0.0.1:5090>")
            world.peer.send(draft.serialised())
            world.peer.answer(request, 183, after: .milliseconds(50), tag: "one")
        }
        #expect(world.story == ["180", "183 leg"])
        #expect(world.core.census.dialogs == 2, "the series, and one early dialog")
        world.place("one", asks: .bye)
        #expect(world.statuses(of: .bye) == [200])
        world.place("two", asks: .bye)
        #expect(world.statuses(of: .bye) == [200, 481])
        world.intercept = { world, request in refuse(&world, request) }
        world.end(id.any)
        world.leave()
    }

    @Test(
        "Two places, two early dialogs: each with its own target, route set and CSeq; the first 2xx wins and the other gets ACK and BYE (DLG-192, DLG-193, IVC-219, RFC 3261 §12.1, §13.2.2)"
    )
    func twoPlaces() throws {
        var world = World()
        let id = try world.calling { world, request in
            for (tag, port) in [("one", 5091), ("two", 5092)] {
                var draft = ResponseDraft(183, to: request, toTag: tag)
                draft.fields.append(.contact, "<sip:\(tag)@127.0.0.1:5090>")
                draft.fields.append(.recordRoute, "<sip:127.0.0.1:5090;lr;hop=\(tag)>")
                draft.fields.append(.require, "100rel")
                draft.fields.append(.rseq, "\(port)")
                world.peer.send(draft.serialised())
            }
        }
        #expect(world.core.census.dialogs == 3)
        let pracks = world.sent(.prack)
        #expect(try pracks.map { try $0.requestURI().sip?.user } == ["one", "two"])
        #expect(
            pracks.map { $0.value(.route) } == ["<sip:127.0.0.1:5090;lr;hop=one>", "<sip:127.0.0.1:5090;lr;hop=two>"])
        #expect(pracks.map { $0.value(.rack) } == ["5091 1 INVITE", "5092 1 INVITE"])
        #expect(try pracks.map { try $0.cSeq().number } == [2, 2], "each dialog counts for itself")

        let invite = try #require(world.invite)
        // The 2xx takes another way than the provisional response: the route set is that of the 2xx.
        world.peer.answer(invite, 200, tag: "two", body: World.sdp) {
            $0.append(.recordRoute, "<sip:127.0.0.1:5090;lr;hop=final>")
        }
        world.peer.answer(invite, 200, after: .milliseconds(50), tag: "one", body: World.sdp)
        world.run(for: .milliseconds(200))
        #expect(world.story.suffix(2) == ["leg ended", "connected described"])
        let acks = world.sent(.ack)
        #expect(try acks.map { try $0.to().tag } == ["two", "one"])
        #expect(acks.first?.value(.route) == "<sip:127.0.0.1:5090;lr;hop=final>")
        let byes = world.sent(.bye)
        #expect(try byes.map { try $0.to().tag } == ["one"])
        #expect(try byes.first?.cSeq().number == 3, "after the PRACK in that dialog")
        #expect(world.ended.isEmpty, "the first call is unaffected")
        #expect(world.core.census.dialogs == 1)

        world.end(id.any)
        #expect(try world.sent(.bye).map { try $0.to().tag } == ["one", "two"])
        world.leave()
    }

    @Test(
        "A late fork answers and answers again: the same ACK each time, one BYE, until 64·T1 (W4, RFC 3261 §13.2.2.4)")
    func lateFork() throws {
        var world = World()
        let id = try world.calling { world, request in
            world.peer.answer(request, 200, tag: "one", body: World.sdp)
            for seconds in [5, 6, 31] {
                world.peer.answer(request, 200, after: .seconds(seconds), tag: "late", body: World.sdp)
            }
            world.peer.answer(request, 200, after: .seconds(33), tag: "later", body: World.sdp)
        }
        world.run(for: .seconds(40))
        #expect(try world.sent(.ack).map { try $0.to().tag } == ["one", "late", "late", "late"])
        #expect(try world.sent(.bye).map { try $0.to().tag } == ["late"])
        #expect(world.core.census.pending == 0)
        world.end(id.any)
        world.leave()
    }

    @Test(
        "A fork answers after the call is over: its BYE may be challenged and is sent again (H33, RFC 3261 §13.2.2.4)")
    func challengedBye() throws {
        var world = World()
        let id = try world.calling { world, request in world.peer.answer(request, 200, tag: "one", body: World.sdp) }
        world.end(id.any)
        #expect(world.outcome(of: id.any) == .local(200))
        let invite = try #require(world.invite)
        world.intercept = { world, request in
            guard request.method == .bye, request.value(.proxyAuthorization) == nil else { return false }
            world.peer.challenge(request)
            return true
        }
        world.peer.answer(invite, 200, tag: "two", body: World.sdp)
        world.run(for: .seconds(1))
        let byes = world.sent(.bye).dropFirst()
        #expect(try byes.map { try $0.to().tag } == ["two", "two"])
        #expect(try byes.map { try $0.cSeq().number } == [2, 3])
        #expect(byes.last?.value(.proxyAuthorization) != nil)
        world.leave()
    }

    @Test("37. A 2xx that crosses the end makes a leg; its BYE is challenged and sent again with credentials (H33, R4)")
    func crossingLeg() throws {
        var world = World()
        let id = try world.calling { world, request in world.peer.answer(request, 180, tag: "one") }
        world.intercept = { world, request in
            if request.method == .cancel, let invite = world.invite {
                world.peer.answer(request, 200)
                world.peer.answer(invite, 200, tag: "two", body: World.sdp)
                return true
            }
            guard request.method == .bye, request.value(.proxyAuthorization) == nil else { return false }
            world.peer.challenge(request)
            return true
        }
        world.shutdown()
        world.runToTheEnd()
        #expect(try world.sent(.bye).map { try $0.to().tag } == ["two", "two"])
        #expect(!world.story.contains("connected described"))
        #expect(world.story.filter { $0 == "leg ended" }.count == 1, "the place that was announced")
        #expect(world.outcome(of: id.any) == .local(200))
        world.finish()
    }

    @Test("26. Three forks: one CANCEL, and one end for each place that was announced (W3)")
    func threeForks() throws {
        var world = World()
        let id = try world.calling { world, request in ringing(&world, request, ["one", "two", "three"]) }
        world.intercept = { world, request in refuse(&world, request) }
        world.shutdown()
        world.runToTheEnd()
        #expect(world.sent(.cancel).count == 1)
        #expect(world.story.filter { $0 == "180 leg" }.count == 3)
        #expect(world.story.filter { $0 == "leg ended" }.count == 3)
        #expect(world.ended[id.any] == [.local(487)])
        world.finish()
    }

    @Test(
        "A final refusal ends every early dialog and its early media (DLG-209, IVC-222, RFC 3261 §12.3, §13.2.2.3)")
    func refusal() throws {
        var world = World()
        let id = try world.calling { world, request in
            ringing(&world, request, ["one", "two"])
            world.peer.answer(request, 183, tag: "one", body: World.sdp)
            world.peer.answer(request, 486, after: .milliseconds(50), tag: "two")
        }
        #expect(world.story == ["180 leg", "180 leg", "183 leg described", "leg ended", "leg ended", "closing 486"])
        #expect(world.ended[id.any] == [.endedByPeer(486)])
        #expect(world.core.census.dialogs == 0)
        world.place("one", asks: .bye)
        #expect(world.statuses(of: .bye) == [481])
        world.leave()
    }

    @Test(
        "A hundred places: no more early dialogs than the limit, and the call can still be answered (IVC-224, H-077, RFC 3261 §12.1)"
    )
    func hundredPlaces() throws {
        var world = World { $0.limits.legsPerCall = 10 }
        let id = try world.calling { world, request in
            ringing(&world, request, (1...100).map { "place\($0)" })
            world.peer.answer(request, 200, after: .milliseconds(50), tag: "place99", body: World.sdp)
        }
        #expect(world.story.filter { $0 == "180 leg" }.count == 10)
        #expect(world.story.filter { $0 == "180" }.count == 90)
        #expect(world.story.filter { $0 == "leg ended" }.count == 10)
        #expect(world.story.last == "connected described")
        #expect(world.core.census.dialogs == 1)
        world.end(id.any)
        world.leave()
    }

    @Test("PRACK in each early dialog, each with its own count of RSeq (PRK-312, RFC 3262 §4)")
    func reliableForks() throws {
        var world = World()
        let id = try world.calling { world, request in
            for (tag, number) in [("one", 7), ("two", 7000), ("one", 8), ("two", 7001), ("two", 7003), ("one", 8)] {
                world.peer.answer(request, 183, tag: tag) {
                    $0.append(.require, "100rel")
                    $0.append(.rseq, "\(number)")
                }
            }
        }
        #expect(
            try world.sent(.prack).map { "\(try $0.to().tag ?? "") \($0.value(.rack) ?? "")" } == [
                "one 7 1 INVITE", "two 7000 1 INVITE", "one 8 1 INVITE", "two 7001 1 INVITE",
            ])
        world.intercept = { world, request in refuse(&world, request) }
        world.end(id.any)
        world.leave()
    }
}
