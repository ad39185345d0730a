import DialogUsage
import Ladder
import SDP
import SIPMessage
import SansIO
import Testing

@Suite("Calling: offer, answer and ACK (RFC 3261 §13.2)")
struct CallerTests {
    @Test("INVITE says who, what and how: Contact, Allow, Supported, Accept (IVC-212, RFC 3261 §13.2.1)")
    func invite() throws {
        var world = World()
        try world.call()
        let invite = try #require(world.invite)
        #expect(invite.value(.contact)?.contains("alice@127.0.0.1") == true)
        #expect(Set(invite.tokens(.allow)).isSuperset(of: ["INVITE", "ACK", "CANCEL", "BYE", "PRACK", "UPDATE"]))
        #expect(invite.tokens(.supported).contains("100rel"))
        #expect(invite.tokens(.accept).contains("application/sdp"))
        #expect(!invite.has(.require))
        world.leave()
    }

    @Test(
        "The answer comes in a reliable response, and may be shown before in an unreliable one (IVC-213, IVC-223, RFC 3261 §13.2.1)",
        arguments: [180, 181, 182, 183] as [StatusCode])
    func earlyMedia(status: StatusCode) throws {
        var world = World()
        let id = try world.calling(for: .milliseconds(200)) { world, request in
            world.peer.answer(request, status, body: World.sdp)
            world.peer.answer(request, 200, after: .milliseconds(50), body: World.sdp)
        }
        #expect(world.story == ["\(status) leg described", "connected described"])
        #expect(world.sent(.ack).first?.body.isEmpty == true)
        #expect(world.sent(.bye).isEmpty)
        world.end(id.any)
        world.leave()
    }

    @Test(
        "The ACK goes to a Contact or a Record-Route that is a name, and so does BYE (IVC-217, RFC 3261 §13.2.2.4)",
        arguments: [FieldName.contact, .recordRoute])
    func namedNextHop(field: FieldName) throws {
        var world = World()
        world.names["edge.example.org"] = World.peerAddress.ip
        let id = try world.calling(for: .seconds(40)) { world, request in
            world.peer.answer(request, 200, body: World.sdp) { fields in
                let user = field == .contact ? "bob@" : ""
                fields.set(field, "<sip:\(user)edge.example.org:5090;lr>")
            }
        }
        #expect(world.sent(.ack).count == 1)
        world.end(id.any)
        #expect(world.sent(.bye).count == 1)
        world.leave()
    }

    @Test(
        "The first description in a dialog is the answer, a later one there is ignored; a fork has its own (IVC-214, H-068, RFC 3261 §13.2.1, RFC 6337 §3.1.1)",
        arguments: ["one", "two"])
    func firstAnswerCounts(winner: String) throws {
        var world = World()
        let id = try world.calling { world, request in
            world.peer.answer(request, 183, tag: "one", body: World.sdp(port: 41000))
            world.peer.answer(request, 183, after: .milliseconds(10), tag: "one", body: World.sdp(port: 42000))
            world.peer.answer(request, 200, after: .milliseconds(50), tag: winner, body: World.sdp(port: 43000))
        }
        let port = winner == "one" ? 41000 : 43000
        #expect(world.connectedDescription()?.media.first?.port == UInt16(port))
        world.end(id.any)
        world.leave()
    }

    @Test(
        "Without an offer in the INVITE the 2xx offers and the ACK answers, when the application has: RFC 3725 flow I (IVC-215, RFC 3261 §13.2.1)"
    )
    func lateOffer() throws {
        var world = World()
        let id = try world.calling(offering: false) { world, request in
            world.peer.answer(request, 180)
            world.peer.answer(request, 200, after: .milliseconds(20), body: World.sdp(port: 41000))
            world.peer.answer(request, 200, after: .milliseconds(520), body: World.sdp(port: 41000))
        }
        #expect(world.invite?.body.isEmpty == true)
        #expect(world.story == ["180 leg", "offered"])
        #expect(world.sent(.ack).isEmpty, "the ACK waits for the answer")
        try world.answerOffer(.client(id))
        #expect(world.story.last == "connected described")
        #expect(world.connectedDescription()?.media.first?.port == 41000)
        world.run(for: .seconds(1))
        let acks = world.sent(.ack)
        #expect(acks.count == 2, "one for each 2xx that came after the answer")
        for ack in acks { #expect(ack.sessionDescription?.media.first?.port == 40000) }
        world.end(id.any)
        world.leave()
    }

    @Test(
        "Nobody answers the offer of the 2xx: ACK with every stream refused, then BYE, after 64·T1 at the latest (RFC 3261 §13.2.2.4)"
    )
    func unansweredOffer() throws {
        var world = World()
        let id = try world.calling(offering: false) { world, request in
            world.peer.answer(request, 200, body: World.sdp)
        }
        world.run(for: .seconds(40))
        #expect(world.sent(.ack).first?.sessionDescription?.media.first?.port == 0)
        #expect(world.sent(.bye).count == 1)
        #expect(world.story == ["offered", "closing failed"])
        #expect(world.ended[id.any]?.count == 1)
        world.leave()
    }

    @Test("30. INVITE without offer, the 2xx offers and nobody has answered: ACK with port 0, then BYE (W6)")
    func leaveDuringOffer() throws {
        var world = World()
        let id = try world.calling(offering: false) { world, request in
            world.peer.answer(request, 200, body: World.sdp)
        }
        world.shutdown()
        world.runToTheEnd()
        #expect(world.requests.map(\.method).suffix(2) == [.ack, .bye])
        #expect(world.sent(.ack).first?.sessionDescription?.media.first?.port == 0)
        #expect(world.outcome(of: id.any) == .local(200))
        world.finish()
    }

    @Test("2xx without an answer to our offer: ACK, then BYE (IVC-220, RFC 3261 §13.2.2.4)")
    func noAnswer() throws {
        var world = World()
        let id = try world.calling { world, request in world.peer.answer(request, 200) }
        #expect(world.requests.map(\.method) == [.invite, .ack, .bye])
        #expect(world.story == ["closing failed"])
        #expect(world.ended[id.any]?.count == 1)
        world.leave()
    }

    @Test(
        "2xx whose description is no answer to ours, or cannot be read: ACK, then BYE (IVC-221, RFC 3261 §13.2.2.4)",
        arguments: [World.sdp + "m=video 40002 RTP/AVP 96\r\n", "v=0\r\nthis is none\r\n"])
    func unacceptableAnswer(body: String) throws {
        var world = World()
        let id = try world.calling { world, request in world.peer.answer(request, 200, body: body) }
        #expect(world.requests.map(\.method) == [.invite, .ack, .bye])
        #expect(!world.story.contains("connected described"))
        #expect(world.ended[id.any]?.count == 1)
        world.leave()
    }

    @Test("Expires of the INVITE is over: CANCEL (IVC-216, RFC 3261 §13.2.1)", arguments: [true, false])
    func expires(rings: Bool) throws {
        var world = World()
        let id = try world.calling(expires: .seconds(20)) { world, request in
            world.peer.answer(request, 180, after: rings ? .zero : .seconds(25))
        }
        let began = world.now
        world.intercept = { world, request in
            guard request.method == .cancel else { return request.method == .invite }
            world.peer.answer(request, 200)
            if let invite = world.invite { world.peer.answer(invite, 487) }
            return true
        }
        #expect(world.invite?.value(.expires) == "20")
        world.run(for: .seconds(30))
        let index = try #require(world.requests.firstIndex { $0.method == .cancel })
        let after = world.requestTimes[index] - began + .milliseconds(100)
        #expect(rings ? after == .seconds(20) : after > .seconds(25), "not before a provisional response")
        #expect(world.ended[id.any] == [.local(487)])
        world.leave()
    }

    @Test(
        "ACK to a 2xx: remote target, route set, the number and the credentials of the INVITE (IVC-217, DLG-200, DLG-197, RFC 3261 §13.2.2.4, §22.1)"
    )
    func acknowledgement() throws {
        var world = World()
        let id = try world.calling { world, request in
            guard request.value(.proxyAuthorization) != nil else { return world.peer.challenge(request) }
            world.peer.answer(request, 200, body: World.sdp) {
                $0.append(.recordRoute, "<sip:127.0.0.1:5090;lr;hop=near>, <sip:192.0.2.9;lr;hop=far>")
            }
        }
        let invite = try #require(world.requests.last { $0.method == .invite })
        let ack = try #require(world.sent(.ack).last)
        #expect(try ack.requestURI().description == "sip:peer@127.0.0.1:5090")
        #expect(try ack.routes().map { $0.uri.sip?.parameters["hop"] } == ["far", "near"])
        #expect(try ack.cSeq().description == "2 ACK")
        #expect(ack.value(.proxyAuthorization) == invite.value(.proxyAuthorization))
        #expect(ack.value(.proxyAuthorization) != nil)
        #expect(try ack.callID() == invite.callID())
        #expect(try ack.from().tag == invite.from().tag)
        #expect(try ack.to().tag == "peer")
        _ = id
        world.shutdown(giveUp: .seconds(1))
        world.runToTheEnd()
        world.finish()
    }

    @Test("Each repeated 2xx gets the same ACK for 64·T1, and nobody is told (IVC-218, RFC 3261 §13.2.2.4)")
    func repeatedAccept() throws {
        var world = World()
        let id = try world.calling { world, request in
            for delay in [0, 500, 1500, 3500, 31000] {
                world.peer.answer(request, 200, after: .milliseconds(Int64(delay)), body: World.sdp)
            }
        }
        world.run(for: .seconds(40))
        let acks = world.sent(.ack)
        #expect(acks.count == 5)
        #expect(Set(acks.map { $0.value(.cSeq) }).count == 1)
        #expect(Set(acks.map { $0.value(.to) }).count == 1)
        #expect(Set(acks.map { $0.bytes }).count == 1, "byte for byte")
        #expect(world.story == ["connected described"])
        world.end(id.any)
        world.leave()
    }

    @Test(
        "The connection closes with our ACK on it: the repeated 2xx brings it again on a new one (IVC-226, RFC 3261 §13.2.2.4)"
    )
    func acknowledgementOverTCP() throws {
        var world = World(over: .tcp)
        try world.call()
        #expect(world.sent(.ack).count == 1)
        let invite = try #require(world.invite)
        world.resetConnection()
        world.run(for: .milliseconds(100))
        world.peer.answer(invite, 200, body: World.sdp)
        // The peer opens no connection of its own: its 2xx comes over that which our next request opens.
        try world.message()
        world.run(for: .milliseconds(200))
        #expect(world.sent(.ack).count == 2)
        world.leave()
    }
}
