import DialogUsage
import Ladder
import SDP
import SIPMessage
import SansIO
import Testing

@Suite("UPDATE (RFC 3311)")
struct UpdateTests {
    private func allowing(_ asking: inout Asking) {
        asking.fields.append(("Allow", "INVITE, ACK, BYE, CANCEL, UPDATE"))
    }
    private func early(_ world: inout World) throws -> UsageID<ClientInviteSession> {
        try world.calling { world, request in
            world.peer.answer(request, 183, body: World.sdp) {
                $0.append(.require, "100rel")
                $0.append(.rseq, "1")
                $0.append(.allow, "INVITE, ACK, BYE, CANCEL, PRACK, UPDATE")
            }
        }
    }
    private func cancelled(_ world: inout World, _ request: SIPMessage) -> Bool {
        guard request.method == .cancel else { return false }
        world.peer.answer(request, 200)
        if let invite = world.invite { world.peer.answer(invite, 487) }
        return true
    }

    @Test(
        "UPDATE goes only to a peer whose Allow names it, and carries a Contact (UPD-318, RFC 3311 §4, §5.1)",
        arguments: [true, false])
    func allowed(allows: Bool) throws {
        var world = World()
        let (id, _) = try world.calledAndAnswered { if allows { allowing(&$0) } }
        guard allows else {
            #expect(throws: UsageError.self) { try world.offer(.server(id), by: .update) }
            #expect(world.sent(.update).isEmpty)
            return world.leave()
        }
        try world.offer(.server(id), by: .update)
        world.run(for: .milliseconds(100))
        let update = try #require(world.sent(.update).first)
        #expect(update.value(.contact)?.contains("alice@127.0.0.1") == true)
        #expect(update.sessionDescription != nil)
        #expect(world.story.last == "answered")
        world.leave()
    }

    @Test("UPDATE with an offer: answered at once, the user is not asked (UPD-319, RFC 3311 §5.2)")
    func answered() throws {
        var world = World()
        world.react = { world, event in
            guard case .session(let id, .offered) = event, let answer = try? World.description() else { return }
            _ = try? world.perform { core, now in ((), try core.answerOffer(id, with: answer, at: now)) }
        }
        let (_, asking) = try world.calledAndAnswered()
        let answers = world.ask(world.within(asking, "UPDATE", sequence: 2, body: World.sdp(port: 41000)))
        #expect(answers.map { $0.status } == [200])
        #expect(answers.first?.sessionDescription?.media.first?.port == 40000)
        #expect(answers.first?.has(.contact) == true)
        world.react = nil
        world.leave()
    }

    @Test("UPDATE with an offer while ours has no answer: 491 (UPD-320, RFC 3311 §5.2)", arguments: [true, false])
    func ownOffer(byInvite: Bool) throws {
        var world = World()
        if byInvite {
            let id = try world.calling { world, request in world.peer.answer(request, 180, tag: "one") }
            world.place("one", asks: .update, body: World.sdp)
            world.intercept = { world, request in cancelled(&world, request) }
            #expect(world.statuses(of: .update) == [491])
            world.end(id.any)
        } else {
            let (id, asking) = try world.calledAndAnswered(allowing)
            world.peer.manners[.update] = .silent
            try world.offer(.server(id), by: .update)
            #expect(world.status(of: world.within(asking, "UPDATE", sequence: 2, body: World.sdp)) == 491)
            world.peer.manners[.update] = .healthy
            world.run(for: .seconds(1))
        }
        world.leave()
    }

    @Test(
        "UPDATE with an offer while the peer's own has no answer: 500 with Retry-After of 0 to 10 (UPD-321, RFC 3311 §5.2)"
    )
    func peersOffer() throws {
        var world = World()
        let (id, asking) = try world.called()
        try world.ring(id)
        let answer = try #require(world.ask(world.within(asking, "UPDATE", sequence: 2, body: World.sdp)).last)
        #expect(answer.status == 500)
        #expect((0...10).contains(try answer.retryAfter() ?? 99))
        world.leave()
    }

    @Test(
        "UPDATE while one before it has no answer: 500 with Retry-After of 0 to 10 (UPD-322, RFC 3311 §5.2)",
        arguments: ["", World.sdp])
    func second(body: String) throws {
        var world = World()
        let (id, asking) = try world.calledAndAnswered()
        world.ask(world.within(asking, "UPDATE", sequence: 2, body: World.sdp))
        #expect(world.story.last == "offered")
        let answer = try #require(world.ask(world.within(asking, "UPDATE", sequence: 3, body: body)).last)
        #expect(answer.status == 500)
        #expect((0...10).contains(try answer.retryAfter() ?? 99))
        try world.answerOffer(.server(id))
        #expect(world.statuses(of: .update).last == 200)
        world.leave()
    }

    @Test(
        "A refused UPDATE changes nothing; 481, 408 and silence end the dialog (UPD-323, DLG-206, RFC 3311 §5.3, RFC 3261 §12.2.1.2)",
        arguments: [488, 503, 481, 408, nil] as [StatusCode?])
    func refused(status: StatusCode?) throws {
        var world = World()
        let (id, _) = try world.calledAndAnswered(allowing)
        world.peer.manners[.update] = status.map { .status($0) } ?? .silent
        try world.offer(.server(id), by: .update)
        world.run(for: .seconds(40))
        #expect(world.story.contains("failed \(status.map { "\($0)" } ?? "silence")"))
        let ends = status == nil || status == 481 || status == 408
        #expect(world.sent(.bye).count == (ends ? 1 : 0))
        #expect(world.ended[id.any]?.count == (ends ? 1 : nil))
        if !ends {
            // The next one is numbered as if the refused one had never been (RFC 3264 §8).
            world.peer.manners[.update] = .healthy
            try world.offer(.server(id), by: .update)
            world.run(for: .milliseconds(100))
            let versions = world.sent(.update).compactMap { $0.sessionDescription?.origin.version }
            #expect(Set(versions).count == 1)
            #expect(world.story.last == "answered")
        }
        world.leave()
    }

    @Test("UPDATE in an early dialog, either way, is about that dialog alone (UPD-324, RFC 3311 §5)")
    func earlyDialog() throws {
        var world = World()
        let id = try early(&world)
        let invite = try #require(world.invite)
        world.peer.answer(invite, 180, tag: "other")
        world.run(for: .milliseconds(50))
        try world.offer(.client(id))
        world.run(for: .milliseconds(100))
        #expect(try world.sent(.update).map { try $0.to().tag } == ["peer"])
        #expect(world.story.last == "answered")
        world.place("peer", asks: .update, sequence: 1, body: World.sdp(port: 41000))
        #expect(world.story.last == "offered")
        try world.answerOffer(.client(id))
        #expect(world.statuses(of: .update) == [200])
        world.place("other", asks: .update, sequence: 1, body: World.sdp(port: 42000))
        #expect(world.statuses(of: .update) == [200, 491], "there our offer has no answer yet")
        world.peer.answer(invite, 200)
        world.run(for: .milliseconds(100))
        #expect(world.connectedDescription()?.media.first?.port == 41000)
        #expect(world.sent(.bye).isEmpty)
        world.end(id.any)
        world.leave()
    }

    @Test("UPDATE without a body refreshes the target and nothing else (UPD-325, DLG-204, RFC 3311 §5.2)")
    func withoutBody() throws {
        var world = World()
        let (id, asking) = try world.calledAndAnswered()
        let before = world.story
        var update = world.within(asking, "UPDATE", sequence: 2)
        update.fields.append(("Contact", "<sip:moved@127.0.0.1:5090>"))
        let bytes = String(decoding: update.bytes, as: UTF8.self).replacing(
            "Contact: <sip:carol@127.0.0.1:5090>\r\n", with: "")
        world.peer.send(Array(bytes.utf8))
        world.run(for: .milliseconds(100))
        #expect(world.statuses(of: .update) == [200])
        #expect(world.peer.responses.last?.body.isEmpty == true)
        #expect(world.story == before)
        world.end(id.any)
        #expect(try world.sent(.bye).last?.requestURI().sip?.user == "moved")
        world.leave()
    }

    @Test("18. The peer's UPDATE has no answer when we leave: 487 to it, then BYE (W9)")
    func leaving() throws {
        var world = World()
        let (id, asking) = try world.calledAndAnswered()
        world.ask(world.within(asking, "UPDATE", sequence: 2, body: World.sdp))
        let before = world.ladder.count
        world.shutdown()
        world.runToTheEnd()
        #expect(world.ladder.sent(since: before).prefix(2) == ["487 UPDATE", "BYE"])
        #expect(world.outcome(of: id.any) == .local(200))
        world.finish()
    }

    @Test(
        "The application never answers an UPDATE: when its transaction is over another one is taken on (RFC 3311 §5.2)")
    func neverAnswered() throws {
        var world = World()
        let (id, asking) = try world.calledAndAnswered()
        world.ask(world.within(asking, "UPDATE", sequence: 2, body: World.sdp))
        world.run(for: .seconds(40))
        #expect(world.story.suffix(2) == ["offered", "cancelled"])
        world.ask(world.within(asking, "UPDATE", sequence: 3, body: World.sdp))
        try world.answerOffer(.server(id))
        #expect(world.statuses(of: .update).last == 200)
        world.leave()
    }

    @Test("UPDATE outside a dialog: 481 (RFC 3261 §12.2.2)")
    func outside() {
        var world = World()
        #expect(world.status(of: Asking("UPDATE")) == 481)
        #expect(world.status(of: Asking("PRACK")) == 481)
        world.leave()
    }
}
