import DialogUsage
import Ladder
import SDP
import SIPMessage
import SansIO
import Testing

@Suite("Being called (RFC 3261 §13.3)")
struct CalleeTests {
    private func provisionals(_ world: World) -> [SIPMessage] {
        world.peer.responses.filter { $0.method == .invite && $0.status?.isProvisional == true && $0.status != 100 }
    }

    @Test(
        "180 with To tag and Contact; 100 before it while the user makes up his mind (IVS-227, DLG-196, RFC 3261 §13.3.1.1, §12.1.1)"
    )
    func ringing() throws {
        var world = World()
        let (id, _) = try world.called(World.sdp) {
            $0.fields.append(("Record-Route", "<sip:127.0.0.1:5090;lr;hop=a%3Bb>, <sip:192.0.2.9;lr;x=y>"))
        }
        world.run(for: .milliseconds(400))
        #expect(world.statuses(of: .invite) == [100])
        try world.ring(id)
        let ringing = try #require(provisionals(world).last)
        #expect(try ringing.to().tag != nil)
        #expect(ringing.value(.contact)?.contains("alice@127.0.0.1:5060") == true)
        try world.answer(id)
        world.run(for: .milliseconds(100))
        let answer = try #require(world.peer.responses.last { $0.status == 200 })
        #expect(
            answer.values(.recordRoute).joined(separator: ", ")
                == "<sip:127.0.0.1:5090;lr;hop=a%3Bb>, <sip:192.0.2.9;lr;x=y>")
        #expect(answer.has(.contact))
        world.shutdown(giveUp: .seconds(1))
        world.runToTheEnd()
        world.finish()
    }

    @Test("It rings long: a provisional response every minute (IVS-228, RFC 3261 §13.3.1.1)")
    func everyMinute() throws {
        var world = World()
        let (id, _) = try world.called()
        let began = world.now
        try world.ring(id)
        var times: [Duration] = []
        var count = 1
        world.run(for: .seconds(190)) { world in
            if provisionals(world).count > count {
                count += 1
                times.append(world.now - began)
            }
            return false
        }
        #expect(times == [60, 120, 180].map { .seconds($0) + .milliseconds(20) })
        world.leave()
    }

    @Test("Expires of the INVITE is over: 487 (IVS-229, RFC 3261 §13.3.1)")
    func expires() throws {
        var world = World()
        let (id, _) = try world.called(World.sdp) { $0.fields.append(("Expires", "30")) }
        try world.ring(id)
        world.run(for: .seconds(29))
        #expect(world.ended.isEmpty)
        world.run(for: .seconds(2))
        #expect(world.statuses(of: .invite).last == 487)
        #expect(world.ended[id.any] == [.endedByPeer(487)])
        #expect(world.story.last == "closing cancelled")
        world.leave()
    }

    @Test(
        "2xx: Contact, and repeated at T1 doubling to T2 until the ACK, on every transport (IVS-230, DLG-196, RFC 3261 §13.3.1.4)"
    )
    func repeats() throws {
        var world = World()
        world.peer.acknowledges = false
        let (id, asking) = try world.called()
        let began = world.now
        try world.answer(id)
        var times: [Duration] = []
        world.run(for: .seconds(9)) { world in
            let count = world.statuses(of: .invite).filter { $0 == 200 }.count
            if count > times.count { times.append(world.now - began) }
            return false
        }
        #expect(times == [0, 500, 1500, 3500, 7500].map { .milliseconds($0 + 20) })
        #expect(world.peer.responses.last?.value(.contact)?.contains("alice@127.0.0.1:5060") == true)
        world.ask(world.within(asking, "ACK", sequence: 1))
        world.run(for: .seconds(30))
        #expect(world.statuses(of: .invite).filter { $0 == 200 }.count == 5)
        #expect(world.story.last == "connected described")
        world.leave()
    }

    @Test(
        "2xx: the answer where the INVITE offered, our offer where it did not, answered in the ACK (IVS-232, RFC 3261 §13.3.1.4)"
    )
    func lateOffer() throws {
        var world = World()
        world.peer.acknowledges = false
        let (id, asking) = try world.called("")
        #expect(world.story == ["incoming"])
        try world.answer(id)
        world.run(for: .milliseconds(100))
        #expect(world.peer.responses.last?.sessionDescription?.media.first?.port == 40000)
        world.ask(world.within(asking, "ACK", sequence: 1, body: World.sdp(port: 41000)))
        #expect(world.story.last == "connected described")
        #expect(world.connectedDescription()?.media.first?.port == 41000)
        world.peer.acknowledges = true
        let (_, second) = try world.calledAndAnswered {
            $0.call = "second"; $0.branch = "z9hG4bKsecond"
        }
        #expect(world.peer.responses.last { (try? $0.callID()) == second.call }?.sessionDescription != nil)
        world.leave()
    }

    @Test(
        "ACK without the answer that was due, or with one that is none: BYE (IVS-239, H-068, RFC 3261 §13.2.1)",
        arguments: ["", World.sdp + "m=video 40002 RTP/AVP 96\r\n"])
    func faultyACK(body: String) throws {
        var world = World()
        world.peer.acknowledges = false
        let (id, asking) = try world.called("")
        try world.answer(id)
        world.run(for: .milliseconds(100))
        world.ask(world.within(asking, "ACK", sequence: 1, body: body))
        #expect(world.sent(.bye).count == 1)
        #expect(world.ended[id.any]?.count == 1)
        #expect(!world.story.contains("connected described"))
        world.leave()
    }

    @Test(
        "Refused as chosen, once: 486, 480, 600, 603 (IVS-233, RFC 3261 §13.3.1.3)",
        arguments: [486, 480, 600, 603] as [StatusCode])
    func refused(status: StatusCode) throws {
        var world = World()
        let (id, _) = try world.called()
        try world.ring(id)
        try world.perform { core, now in ((), try core.reject(id, status: status, at: now)) }
        #expect(throws: UsageError.self) { try world.core.reject(id, status: 480, at: world.now) }
        #expect(throws: UsageError.self) { try world.answer(id) }
        world.run(for: .seconds(1))
        #expect(world.statuses(of: .invite) == [180, Int(status.value)])
        #expect(world.ended[id.any] == [.local(status)])
        world.leave()
    }

    @Test("An offer that cannot be taken: 488 with a Warning (IVS-234, RFC 3261 §13.3.1.3)", arguments: [true, false])
    func unacceptable(isReadable: Bool) throws {
        var world = World()
        if isReadable {
            let (id, _) = try world.called()
            try world.perform { core, now in ((), try core.reject(id, status: 488, at: now)) }
            world.run(for: .milliseconds(100))
        } else {
            world.ask(Asking("INVITE", body: "v=0\r\nnonsense\r\n"))
        }
        let answer = try #require(world.peer.responses.last)
        #expect(answer.status == 488)
        let code = try #require(answer.value(.warning)?.prefix(3))
        #expect(["304", "399"].contains(String(code)))
        world.leave()
    }

    @Test(
        "Content-Disposition: what must be understood and is not gets 415, what may be passed over is (IVS-235, RFC 3261 §20.11)",
        arguments: [
            ("session", 180), ("render", 415), ("early-session", 415), ("unheard-of;handling=required", 415),
            ("render;handling=optional", 180), ("early-session;handling=optional", 180),
            ("unheard-of; handling=optional", 180),
        ])
    func disposition(value: String, expected: Int) throws {
        var world = World()
        let before = world.incoming.count
        world.ask(Asking("INVITE", body: World.sdp) { $0.fields.append(("Content-Disposition", value)) })
        guard expected == 180 else {
            #expect(world.statuses(of: .invite).last == expected)
            #expect(world.incoming.count == before)
            return world.leave()
        }
        var offer: Bool?
        for case .session(_, .incoming(let call)) in world.events { offer = call.offer != nil }
        #expect(offer == (value == "session"))
        world.leave()
    }

    @Test("The one session description among several parts is used (IVS-236, RFC 3261 §7.4.1, RFC 5621 §4.2)")
    func multipart() throws {
        var world = World()
        let body =
            "--cut\r\nContent-Type: text/plain\r\nContent-Disposition: render;handling=optional\r\n\r\nhello\r\n--cut\r\nContent-Type: application/sdp\r\n\r\n\(World.sdp(port: 41000))\r\n--cut--\r\n"
        let (id, _) = try world.called(body) { $0.type = "multipart/mixed;boundary=cut" }
        var port: UInt16?
        for case .session(_, .incoming(let call)) in world.events { port = call.offer?.media.first?.port }
        #expect(port == 41000)
        try world.answer(id)
        world.run(for: .milliseconds(100))
        #expect(world.story.last == "connected described")
        world.leave()
    }

    @Test(
        "INVITE without From tag, as of RFC 2543: a call like any other, whose dialog has no remote tag (IVS-237, DLG-208, RFC 3261 §12.1.1, RFC 4475 §3.4.1)"
    )
    func noFromTag() throws {
        var world = World()
        world.peer.acknowledges = false
        var asking = Asking("INVITE", body: World.sdp)
        func untagged(_ asking: Asking) -> [UInt8] {
            Array(String(decoding: asking.bytes, as: UTF8.self).replacing(";tag=carol\r\n", with: "\r\n").utf8)
        }
        world.peer.send(untagged(asking))
        world.run(for: .milliseconds(100))
        let id = try #require(world.incoming.last)
        try world.answer(id)
        world.run(for: .milliseconds(100))
        world.peer.send(untagged(world.within(asking, "ACK", sequence: 1)))
        world.run(for: .milliseconds(100))
        #expect(world.story.last == "connected described")
        world.peer.send(untagged(world.within(asking, "BYE", sequence: 2)))
        world.run(for: .milliseconds(100))
        #expect(world.statuses(of: .bye) == [200])
        asking.fields = []
        world.leave()
    }

    @Test("INVITE without Contact: 400 (IVS-238, RFC 3261 §12.1.1)")
    func noContact() throws {
        var world = World()
        let text = String(decoding: Asking("INVITE", body: World.sdp).bytes, as: UTF8.self)
        world.peer.send(Array(text.replacing("Contact: <sip:carol@127.0.0.1:5090>\r\n", with: "").utf8))
        world.run(for: .milliseconds(100))
        #expect(world.statuses(of: .invite) == [400])
        #expect(world.incoming.isEmpty)
        world.leave()
    }

    @Test("A second INVITE of the same caller under another Call-ID is a call of its own (IVS-240, RFC 3261 §13.3)")
    func callWaiting() throws {
        var world = World()
        let (first, asking) = try world.calledAndAnswered()
        let (second, _) = try world.called(World.sdp) {
            $0.call = "second"
            $0.branch = "z9hG4bKsecond"
        }
        #expect(first != second)
        try world.perform { core, now in ((), try core.reject(second, status: 486, at: now)) }
        world.run(for: .milliseconds(100))
        #expect(world.ended[second.any] == [.local(486)])
        #expect(world.ended[first.any] == nil)
        world.ask(world.within(asking, "BYE", sequence: 2))
        #expect(world.ended[first.any] == [.endedByPeer(nil)])
        world.leave()
    }

    @Test("Redirected: 302 with a Contact (IVS-242, RFC 3261 §13.3.1.2)")
    func redirected() throws {
        var world = World()
        let (id, _) = try world.called()
        var fields = FieldList()
        fields.append(.contact, "<sip:alice@192.0.2.7>")
        try world.perform { core, now in ((), try core.reject(id, status: 302, fields: fields, at: now)) }
        world.run(for: .milliseconds(100))
        let answer = try #require(world.peer.responses.last)
        #expect(answer.status == 302)
        #expect(answer.value(.contact) == "<sip:alice@192.0.2.7>")
        #expect(world.ended[id.any]?.count == 1)
        world.leave()
    }

    @Test("An answer shown in an unreliable 183 is repeated in the 2xx (RFC 6337 §3.1.1)")
    func preview() throws {
        var world = World()
        let (id, _) = try world.called()
        let shown = try World.description()
        try world.perform { core, now in ((), try core.ring(id, status: 183, describing: shown, at: now)) }
        var other = shown
        other.media = []
        let another = other
        try world.perform { core, now in ((), try core.answer(id, with: another, at: now)) }
        world.run(for: .milliseconds(100))
        #expect(world.peer.responses.last { $0.status == 200 }?.sessionDescription == shown)
        world.leave()
    }

    @Test("Beyond the limit of all calls together the next one is refused, and the others stay (H-043)")
    func tooManyCalls() throws {
        var world = World { $0.limits.usagesPerKind = 2 }
        for name in ["one", "two"] {
            _ = try world.calledAndAnswered {
                $0.call = name; $0.branch = "z9hG4bK\(name)"
            }
        }
        let third = Asking("INVITE", body: World.sdp) {
            $0.call = "three"; $0.branch = "z9hG4bKthree"
        }
        #expect(world.status(of: third) == 486)
        #expect(world.core.usages.count == 2)
        world.leave()
    }
}
