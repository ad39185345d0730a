import DialogUsage
import Ladder
import SDP
import SIPMessage
import SIPTransaction
import SansIO
import Testing

@Suite("Requests in dialogs (RFC 3261 §12)")
struct DialogTests {
    @Test(
        "Record-Route: in order where we answer, reversed where we asked; later ones change nothing (DLG-194, DLG-195, RFC 3261 §12.1, §12.2)",
        arguments: [true, false])
    func routeSet(isCaller: Bool) throws {
        var world = World()
        let recorded = "<sip:127.0.0.1:5090;lr;hop=1>, <sip:127.0.0.1:5090;lr;hop=2>"
        let session: SessionID
        if isCaller {
            session = .client(
                try world.calling { world, request in
                    world.peer.answer(request, 200, body: World.sdp) { $0.append(.recordRoute, recorded) }
                })
            world.place("peer", asks: .info) { $0.append(.recordRoute, "<sip:127.0.0.1:5090;lr;hop=9>") }
        } else {
            let (id, asking) = try world.calledAndAnswered { $0.fields.append(("Record-Route", recorded)) }
            session = .server(id)
            world.ask(
                world.within(asking, "INFO", sequence: 2) {
                    $0.fields.append(("Record-Route", "<sip:127.0.0.1:5090;lr;hop=9>"))
                })
        }
        #expect(world.statuses(of: .info) == [200])
        world.end(session.any)
        let hops = try world.sent(.bye).last?.routes().map { $0.uri.sip?.parameters["hop"] }
        #expect(hops == (isCaller ? ["2", "1"] : ["1", "2"]))
        world.leave()
    }

    @Test(
        "A strict router takes the place of the Request-URI; the target comes last in Route (DLG-198, RFC 3261 §12.2.1.1)"
    )
    func strictRouting() throws {
        var world = World()
        let (id, _) = try world.calledAndAnswered {
            $0.fields.append(("Record-Route", "<sip:127.0.0.1:5090>, <sip:192.0.2.9;lr>"))
        }
        world.end(id.any)
        let bye = try #require(world.sent(.bye).last)
        #expect(try bye.requestURI().description == "sip:127.0.0.1:5090")
        #expect(try bye.routes().map { $0.uri.description } == ["sip:192.0.2.9;lr", "sip:carol@127.0.0.1:5090"])
        world.leave()
    }

    @Test("A request in a dialog: both tags, the same Call-ID, CSeq one higher each time (DLG-199, RFC 3261 §12.2.1.1)")
    func request() throws {
        var world = World()
        let (id, asking) = try world.calledAndAnswered()
        for _ in 1...2 {
            try world.perform { core, now in
                ((), try core.sendInfo(.server(id), contentType: "application/dtmf", body: [49], at: now))
            }
            world.run(for: .milliseconds(100))
        }
        world.end(id.any)
        let requests = world.sent(.info) + world.sent(.bye)
        let ours = try #require(try world.peer.responses.last { $0.method == .invite }?.to().tag)
        for request in requests {
            #expect(try request.to().tag == asking.fromTag)
            #expect(try request.from().tag == ours)
            #expect(try request.callID() == asking.call)
        }
        let numbers = try requests.map { try $0.cSeq().number }
        #expect(numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2])
        #expect(numbers[0] < UInt32(Int32.max))
        world.leave()
    }

    @Test(
        "A callee without a tag, as of RFC 2543: its dialog has none, and is found by that (DLG-208, RFC 3261 §12.1, §12.2.2)"
    )
    func calleeWithoutTag() throws {
        var world = World()
        try world.calling { world, request in
            var draft = ResponseDraft(200, to: request)
            draft.fields.append(.contact, "<sip:peer@127.0.0.1:5090>")
            draft.fields.append(.contentType, "application/sdp")
            draft.body = Array(World.sdp.utf8)
            world.peer.send(draft.serialised())
        }
        #expect(world.story == ["connected described"])
        #expect(try world.sent(.ack).map { try $0.to().tag } == [nil])
        world.place("other", asks: .info, sequence: 1)
        #expect(world.statuses(of: .info) == [481])
        world.place("", asks: .bye, sequence: 2)
        #expect(world.statuses(of: .bye) == [200])
        #expect(world.story.last == "closing by peer")
        world.leave()
    }

    @Test("A sips target is spoken to over TLS alone (DLG-211, RFC 3261 §12.1, §26.2.2)")
    func secureTarget() throws {
        var world = World()
        let id = try world.calling { world, request in
            var draft = ResponseDraft(200, to: request, toTag: "peer")
            draft.fields.append(.contact, "<sips:peer@127.0.0.1:5061>")
            draft.fields.append(.contentType, "application/sdp")
            draft.body = Array(World.sdp.utf8)
            world.peer.send(draft.serialised())
        }
        world.end(id.any)
        var transports: [Method: Set<TransportProtocol>] = [:]
        for case .traced(let trace, _) in world.events where trace.direction == .sent {
            guard let message = try? SIPMessage(parsing: trace.bytes), message.isRequest else { continue }
            transports[message.method, default: []].insert(trace.transport)
        }
        #expect(transports == [.invite: [.udp], .ack: [.tls], .bye: [.tls]])
        world.shutdown(giveUp: .seconds(1))
        world.runToTheEnd()
        world.finish()
    }

    @Test("A lower CSeq: 500; a jump: taken; the first one may be any (DLG-201, DLG-202, DLG-203, RFC 3261 §12.2.2)")
    func order() throws {
        var world = World()
        let (_, asking) = try world.calledAndAnswered { $0.sequence = 100 }
        #expect(world.status(of: world.within(asking, "INFO", sequence: 101)) == 200)
        #expect(world.status(of: world.within(asking, "INFO", sequence: 900)) == 200)
        #expect(world.status(of: world.within(asking, "INFO", sequence: 899)) == 500)
        #expect(world.status(of: world.within(asking, "INFO", sequence: 901)) == 200)
        let id = try world.calling { world, request in world.peer.answer(request, 200, body: World.sdp) }
        world.place("peer", asks: .info, sequence: 2_000_000_000)
        #expect(world.statuses(of: .info).last == 200)
        world.place("peer", asks: .info, sequence: 5)
        #expect(world.statuses(of: .info).last == 500)
        world.end(id.any)
        world.leave()
    }

    @Test("The Contact of a request that refreshes nothing changes no target (DLG-205, RFC 3261 §12.2.2)")
    func noRefresh() throws {
        var world = World()
        let (id, asking) = try world.calledAndAnswered()
        let info = String(decoding: world.within(asking, "INFO", sequence: 2).bytes, as: UTF8.self)
        world.peer.send(Array(info.replacing("<sip:carol@127", with: "<sip:moved@127").utf8))
        world.run(for: .milliseconds(100))
        #expect(world.statuses(of: .info) == [200])
        world.end(id.any)
        #expect(try world.sent(.bye).last?.requestURI().sip?.user == "carol")
        world.leave()
    }

    @Test("Call-ID and both tags find the dialog, and nothing else does (DLG-207, RFC 3261 §12)")
    func matching() throws {
        var world = World()
        let (_, asking) = try world.calledAndAnswered()
        let ours = world.within(asking, "INFO", sequence: 2).to
        #expect(world.status(of: world.within(asking, "INFO", sequence: 2) { $0.call = "other" }) == 481)
        #expect(world.status(of: world.within(asking, "INFO", sequence: 3) { $0.fromTag = "other" }) == 481)
        #expect(
            world.status(of: world.within(asking, "INFO", sequence: 4) { $0.to = "<sip:alice@example.com>;tag=other" })
                == 481)
        let other = world.within(asking, "INFO", sequence: 5) { request in
            request.to = ours.replacing("alice@example.com", with: "somebody@elsewhere.example")
        }
        #expect(world.status(of: other) == 200)
        world.leave()
    }

    @Test(
        "481 or 408 to INFO ends the dialog, other statuses only the request (DLG-206, RFC 3261 §12.2.1.2)",
        arguments: [481, 408, 415, 500, 503] as [StatusCode])
    func refused(status: StatusCode) throws {
        var world = World()
        let (id, _) = try world.calledAndAnswered()
        world.peer.manners[.info] = .status(status)
        try world.perform { core, now in
            ((), try core.sendInfo(.server(id), contentType: "application/dtmf", body: [49], at: now))
        }
        world.run(for: .seconds(1))
        let ends = status == 481 || status == 408
        #expect(world.ended[id.any]?.count == (ends ? 1 : nil))
        #expect(world.sent(.bye).count == (ends ? 1 : 0))
        world.leave()
    }
}
