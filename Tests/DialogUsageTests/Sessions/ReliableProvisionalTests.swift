import DialogUsage
import Ladder
import SDP
import SIPMessage
import SansIO
import Testing

@Suite("Reliable provisional responses, calling (RFC 3262 §4, §5)")
struct ReliableProvisionalCallerTests {
    private func reliable(
        _ world: inout World, _ request: SIPMessage, _ number: Int, _ status: StatusCode = 183,
        after delay: Duration = .zero, body: String = ""
    ) {
        world.peer.answer(request, status, after: delay, body: body) {
            $0.append(.require, "100rel")
            $0.append(.rseq, "\(number)")
            $0.append(.allow, "INVITE, ACK, BYE, CANCEL, PRACK, UPDATE")
        }
    }

    @Test("PRACK in the early dialog: RAck is RSeq, CSeq number and method (PRK-310, RFC 3262 §4, §7.2)")
    func prack() throws {
        var world = World()
        let id = try world.calling { world, request in
            reliable(&world, request, 4711, body: World.sdp)
            world.peer.answer(request, 200, after: .milliseconds(50))
        }
        let prack = try #require(world.sent(.prack).first)
        #expect(prack.value(.rack) == "4711 1 INVITE")
        #expect(try prack.to().tag == "peer")
        #expect(try prack.cSeq().description == "2 PRACK")
        #expect(try prack.requestURI().sip?.user == "peer")
        #expect(prack.body.isEmpty)
        // The answer was in the reliable response; the 2xx need not say it again.
        #expect(world.story == ["183 leg described", "connected described"])
        world.end(id.any)
        world.leave()
    }

    @Test("A repeated one and one out of order are discarded: no PRACK, nobody is told (PRK-311, H-077, RFC 3262 §4)")
    func order() throws {
        var world = World()
        let id = try world.calling { world, request in
            for (number, status) in [(10, 180), (10, 180), (12, 182), (9, 181), (11, 183)] as [(Int, StatusCode)] {
                reliable(&world, request, number, status)
            }
        }
        #expect(world.sent(.prack).map { $0.value(.rack) } == ["10 1 INVITE", "11 1 INVITE"])
        #expect(world.story == ["180 leg", "183 leg"])
        world.intercept = nil
        world.end(id.any, for: .seconds(40))
        world.leave()
    }

    @Test("Offers of two places are answered in the order in which they came (PRK-314, RFC 3262 §5)")
    func twoOffers() throws {
        var world = World()
        let id = try world.calling(offering: false) { world, request in
            world.peer.answer(request, 180, tag: "older")
            for (tag, delay) in [("younger", 10), ("older", 20)] as [(String, Int64)] {
                world.peer.answer(request, 183, after: .milliseconds(delay), tag: tag, body: World.sdp) {
                    $0.append(.require, "100rel")
                    $0.append(.rseq, "1")
                }
            }
        }
        for _ in 0..<2 { try world.answerOffer(.client(id)) }
        #expect(try world.sent(.prack).map { try $0.to().tag } == ["younger", "older"])
        world.intercept = nil
        world.end(id.any, for: .seconds(40))
        world.leave()
    }

    @Test("A reliable description that is no answer to our offer: PRACK, and the call is given up (RFC 3264 §6)")
    func noAnswer() throws {
        var world = World()
        let id = try world.calling { world, request in
            reliable(&world, request, 1, body: World.sdp + "m=video 40002 RTP/AVP 31\r\n")
        }
        #expect(world.sent(.prack).count == 1)
        #expect(world.sent(.cancel).count == 1)
        world.run(for: .seconds(40))
        #expect(world.ended[id.any]?.count == 1)
        world.leave()
    }

    @Test("In an unreliable one it is passed over: the 2xx has the answer (IVC-213, RFC 3264 §6)")
    func noPreview() throws {
        var world = World()
        let id = try world.calling { world, request in
            world.peer.answer(request, 183, body: World.sdp + "m=video 40002 RTP/AVP 31\r\n")
            world.peer.answer(request, 200, after: .milliseconds(50), body: World.sdp)
        }
        #expect(world.story == ["183 leg", "connected described"])
        #expect(world.connectedDescription()?.media.count == 1)
        world.end(id.any)
        world.leave()
    }

    @Test("100rel in the Require of a 100 is ignored (PRK-313, RFC 3262 §4)")
    func trying() throws {
        var world = World()
        let id = try world.calling { world, request in
            reliable(&world, request, 1, 100)
            world.peer.answer(request, 200, after: .milliseconds(50), body: World.sdp)
        }
        #expect(world.sent(.prack).isEmpty)
        #expect(world.story == ["trying", "connected described"])
        world.end(id.any)
        world.leave()
    }

    @Test("An offer in a reliable provisional response is answered in the PRACK (PRK-314, IVC-215, RFC 3262 §5)")
    func offerInProvisional() throws {
        var world = World()
        let id = try world.calling(offering: false) { world, request in
            reliable(&world, request, 1, body: World.sdp(port: 41000))
        }
        #expect(world.sent(.prack).isEmpty, "it waits for the application")
        #expect(world.story == ["183 leg", "offered"])
        try world.answerOffer(.client(id))
        #expect(world.sent(.prack).first?.sessionDescription?.media.first?.port == 40000)
        let invite = try #require(world.invite)
        world.peer.answer(invite, 200)
        world.run(for: .milliseconds(100))
        #expect(world.connectedDescription()?.media.first?.port == 41000)
        #expect(world.sent(.ack).first?.body.isEmpty == true)
        world.end(id.any)
        world.leave()
    }

    @Test(
        "Leaving while an offer in a reliable 183 has no answer: the PRACK refuses every stream, and CANCEL (W3, RFC 3262 §5)"
    )
    func leaveDuringOffer() throws {
        var world = World()
        let id = try world.calling(offering: false) { world, request in
            reliable(&world, request, 1, body: World.sdp)
        }
        world.intercept = { world, request in
            guard request.method == .cancel else { return false }
            world.peer.answer(request, 200)
            if let invite = world.invite { world.peer.answer(invite, 487) }
            return true
        }
        world.shutdown()
        world.runToTheEnd()
        #expect(world.sent(.prack).first?.sessionDescription?.media.first?.port == 0)
        #expect(world.sent(.cancel).count == 1)
        #expect(world.outcome(of: id.any) == .local(487))
        world.finish()
    }

    @Test("481 to a PRACK ends that early dialog; where it is the only one, the call (DLG-206, RFC 3261 §12.2.1.2)")
    func prackRefused() throws {
        var world = World()
        world.peer.manners[.prack] = .status(481)
        let id = try world.calling { world, request in
            world.peer.answer(request, 180, tag: "other")
            reliable(&world, request, 1)
        }
        #expect(world.story == ["180 leg", "183 leg", "leg ended"])
        #expect(world.sent(.cancel).isEmpty)
        world.end(id.any)
        world.run(for: .seconds(40))
        world.leave()
    }

    @Test("Switched off: nothing is announced, and 100rel is not obeyed (RFC 3262 §3)")
    func off() throws {
        var world = World { $0.reliableProvisionals = .off }
        let id = try world.calling { world, request in
            reliable(&world, request, 1)
            world.peer.answer(request, 200, after: .milliseconds(50), body: World.sdp)
        }
        #expect(world.invite?.tokens(.supported).contains("100rel") == false)
        #expect(world.sent(.prack).isEmpty)
        world.end(id.any)
        world.leave()
    }

    @Test("Required: the INVITE says so (RFC 3262 §3)")
    func required() throws {
        var world = World { $0.reliableProvisionals = .require }
        try world.call()
        #expect(world.invite?.value(.require) == "100rel")
        world.leave()
    }
}

@Suite("Reliable provisional responses, called (RFC 3262 §3, §5)")
struct ReliableProvisionalCalleeTests {
    private func supporting(_ asking: inout Asking) { asking.fields.append(("Supported", "100rel")) }
    private func requiring(_ asking: inout Asking) { asking.fields.append(("Require", "100rel")) }
    private func rack(_ world: World, method: String = "INVITE") -> String {
        "\(world.peer.responses.last { $0.has(.rseq) }?.value(.rseq) ?? "0") 1 \(method)"
    }
    private func provisionals(_ world: World) -> [SIPMessage] {
        world.peer.responses.filter { $0.method == .invite && $0.status?.isProvisional == true && $0.status != 100 }
    }

    @Test("Require: 100rel makes every provisional response reliable (PRK-303, PRK-305, PRK-308, RFC 3262 §3)")
    func required() throws {
        var world = World()
        let (id, asking) = try world.called(World.sdp, requiring)
        try world.ring(id)
        let first = try #require(provisionals(world).last)
        #expect(first.value(.require) == "100rel")
        let number = try #require(try first.rseq())
        #expect((1...UInt32(Int32.max)).contains(number))
        #expect(world.acknowledges(asking, rack(world), sequence: 2).map { $0.status } == [200])
        try world.ring(id, 182)
        #expect(try provisionals(world).last?.rseq() == number + 1)
        #expect(world.acknowledges(asking, rack(world), sequence: 3).map { $0.status } == [200])
        let count = provisionals(world).count
        world.run(for: .seconds(40))
        #expect(provisionals(world).count == count, "an acknowledged one is not repeated")
        try world.answer(id)
        world.run(for: .milliseconds(100))
        #expect(world.statuses(of: .invite).last == 200)
        #expect(!world.peer.responses.contains { $0.status == 100 && $0.has(.rseq) }, "never a 100")
        world.leave()
    }

    @Test("Require: 100rel where it is switched off: 420 with Unsupported (PRK-303, RFC 3262 §3)")
    func off() throws {
        var world = World { $0.reliableProvisionals = .off }
        let responses = world.ask(Asking("INVITE", body: World.sdp, requiring))
        #expect(responses.last?.status == 420)
        #expect(responses.last?.value(.unsupported) == "100rel")
        world.leave()
    }

    @Test(
        "A peer without 100rel gets none reliably; where we insist, 421 (PRK-304, RFC 3262 §3)",
        arguments: [false, true])
    func unsupported(insists: Bool) throws {
        var world = World { $0.reliableProvisionals = insists ? .require : .supported }
        let asking = Asking("INVITE", body: World.sdp)
        let answers = world.ask(asking)
        if insists {
            #expect(answers.last?.status == 421)
            #expect(answers.last?.value(.require) == "100rel")
        } else {
            let id = try #require(world.incoming.last)
            try world.ring(id, 183, describing: true)
            let early = try #require(provisionals(world).last)
            #expect(!early.has(.rseq) && !early.has(.require))
            #expect(early.sessionDescription != nil)
            world.run(for: .seconds(10))
            #expect(provisionals(world).count == 1, "sent once")
        }
        world.leave()
    }

    @Test("No PRACK: repeated at T1, doubling, for 64·T1, then the INVITE is refused with 5xx (PRK-306, RFC 3262 §3)")
    func unacknowledged() throws {
        var world = World()
        let (id, _) = try world.called(World.sdp, supporting)
        let began = world.now
        try world.ring(id, 183, describing: true)
        var heard: [Duration] = []
        var seen = provisionals(world).count
        world.run(for: .seconds(40)) { world in
            let count = provisionals(world).count
            if count > seen {
                heard.append(world.now - began)
                seen = count
            }
            return false
        }
        let latency = Duration.milliseconds(20)
        #expect(heard == [500, 1500, 3500, 7500, 15500, 31500].map { .milliseconds($0) + latency })
        #expect(world.statuses(of: .invite).last == 504)
        #expect(world.ended[id.any]?.count == 1)
        world.leave()
    }

    @Test("The second is held until the first is acknowledged (PRK-307, RFC 3262 §3)")
    func held() throws {
        var world = World()
        let (id, asking) = try world.called(World.sdp, requiring)
        try world.ring(id)
        try world.ring(id, 182)
        try world.ring(id, 183)
        #expect(Set(provisionals(world).map { $0.status }) == [180])
        #expect(world.acknowledges(asking, rack(world), sequence: 2).contains { $0.status == 182 })
        #expect(!world.statuses(of: .invite).contains(183))
        #expect(world.acknowledges(asking, rack(world), sequence: 3).contains { $0.status == 183 })
        let numbers = try provisionals(world).compactMap { try $0.rseq() }
        #expect(Set(numbers).count == 3 && numbers == numbers.sorted())
        world.leave()
    }

    @Test("A PRACK that names no response of ours gets 481, one that cannot be read 400 (PRK-309, RFC 3262 §3)")
    func mismatch() throws {
        var world = World()
        let (id, asking) = try world.called(World.sdp, requiring)
        try world.ring(id)
        let number = try #require(try provisionals(world).last?.rseq())
        let wrong = ["\(number + 1) 1 INVITE", "\(number) 2 INVITE"]
        for (index, rack) in wrong.enumerated() {
            #expect(world.acknowledges(asking, rack, sequence: 2 + index).first { $0.method == .prack }?.status == 481)
        }
        #expect(world.acknowledges(asking, "nonsense", sequence: 5).first { $0.method == .prack }?.status == 400)
        #expect(
            world.acknowledges(asking, "\(number) 1 INVITE", sequence: 6).first { $0.method == .prack }?.status == 200)
        #expect(
            world.acknowledges(asking, "\(number) 1 INVITE", sequence: 7).first { $0.method == .prack }?.status == 481)
        world.leave()
    }

    @Test("An offer in the PRACK is answered in its 2xx (PRK-315, RFC 3262 §5)")
    func offerInPrack() throws {
        var world = World()
        let (id, asking) = try world.called(World.sdp, supporting)
        try world.ring(id, 183, describing: true)
        let silent = world.acknowledges(asking, rack(world), sequence: 2, body: World.sdp(port: 41000))
        #expect(silent.filter { $0.method == .prack }.isEmpty, "it waits for the application")
        #expect(world.story.last == "offered")
        try world.answerOffer(.server(id))
        let answer = try #require(world.peer.responses.last { $0.method == .prack })
        #expect(answer.status == 200)
        #expect(answer.sessionDescription != nil)
        try world.answer(id)
        world.run(for: .milliseconds(100))
        #expect(world.peer.responses.last { $0.method == .invite }?.body.isEmpty == true, "said already")
        #expect(world.connectedDescription()?.media.first?.port == 41000)
        world.leave()
    }

    @Test(
        "An offerless INVITE is offered to in the reliable response; the PRACK answers, or is refused (PRK-314, RFC 3262 §5)",
        arguments: [true, false])
    func offerInProvisional(answers: Bool) throws {
        var world = World()
        let (id, asking) = try world.called("", supporting)
        try world.ring(id)
        #expect(provisionals(world).last?.has(.rseq) == false, "a reliable one would have to offer")
        try world.ring(id, 183, describing: true)
        #expect(provisionals(world).last?.sessionDescription != nil)
        let body = answers ? World.sdp(port: 41000) : ""
        let status = world.acknowledges(asking, rack(world), sequence: 2, body: body).first { $0.method == .prack }?
            .status
        #expect(status == (answers ? 200 : 400))
        if answers {
            #expect(world.story.last == "answered")
            try world.answer(id)
            world.run(for: .milliseconds(100))
            #expect(world.connectedDescription()?.media.first?.port == 41000)
        } else {
            #expect(world.statuses(of: .invite).last == 500)
        }
        world.leave()
    }

    @Test("A PRACK whose description is no answer to our offer: 488, and so for the call (PRK-314, RFC 3264 §6)")
    func noAnswerInPrack() throws {
        var world = World()
        let (id, asking) = try world.called("", supporting)
        try world.ring(id, 183, describing: true)
        let body = World.sdp + "m=video 40002 RTP/AVP 31\r\n"
        let answers = world.acknowledges(asking, rack(world), sequence: 2, body: body)
        #expect(answers.first { $0.method == .prack }?.status == 488)
        #expect(world.statuses(of: .invite).last == 488)
        #expect(!world.story.contains("answered"))
        world.leave()
    }

    @Test("The 2xx is held while a reliable response with a description has no PRACK (PRK-316, RFC 3262 §5)")
    func acceptanceHeld() throws {
        var world = World()
        let (id, asking) = try world.called(World.sdp, supporting)
        try world.ring(id, 183, describing: true)
        try world.answer(id)
        world.run(for: .seconds(2))
        #expect(!world.statuses(of: .invite).contains(200))
        let answer = try World.description()
        #expect(throws: UsageError.self) { try world.core.answer(id, with: answer, at: world.now) }
        let answers = world.acknowledges(asking, rack(world), sequence: 2)
        #expect(answers.map { $0.method } == [.prack, .invite])
        #expect(answers.last?.status == 200)
        #expect(answers.last?.body.isEmpty == true)
        #expect(world.story.last == "connected described")
        world.leave()
    }

    @Test("A reliable response without a description does not hold the 2xx back (RFC 3262 §3)")
    func acceptanceNotHeld() throws {
        var world = World()
        let (id, asking) = try world.called(World.sdp, requiring)
        try world.ring(id)
        let late = rack(world)
        try world.answer(id)
        world.run(for: .milliseconds(100))
        #expect(world.statuses(of: .invite).last == 200)
        #expect(world.peer.responses.last { $0.method == .invite }?.sessionDescription != nil)
        #expect(world.acknowledges(asking, late, sequence: 2).first { $0.method == .prack }?.status == 200)
        world.leave()
    }

    @Test("A refusal waits for no PRACK, and a later PRACK is still answered (PRK-317, RFC 3262 §3)")
    func refusal() throws {
        var world = World()
        world.peer.acknowledges = false
        let (id, asking) = try world.called(World.sdp, supporting)
        try world.ring(id, 183, describing: true)
        let late = rack(world)
        try world.perform { core, now in ((), try core.reject(id, status: 486, at: now)) }
        world.run(for: .milliseconds(100))
        #expect(world.statuses(of: .invite).last == 486)
        #expect(world.acknowledges(asking, late, sequence: 2).first { $0.method == .prack }?.status == 200)
        let count = provisionals(world).count
        world.run(for: .seconds(5))
        #expect(provisionals(world).count == count, "the provisional response is not repeated any more")
        world.run(for: .seconds(40))
        world.leave()
    }

    @Test("11. A reliable 183 has no PRACK when we leave: 480 at once, and the late PRACK is answered (W11)")
    func leaving() throws {
        var world = World()
        world.peer.acknowledges = false
        let (id, asking) = try world.called(World.sdp, supporting)
        try world.ring(id, 183, describing: true)
        let late = rack(world)
        world.shutdown()
        world.run(for: .milliseconds(100))
        #expect(world.statuses(of: .invite).last == 480)
        #expect(world.acknowledges(asking, late, sequence: 2).first { $0.method == .prack }?.status == 200)
        world.runToTheEnd()
        #expect(world.ended[id.any]?.count == 1)
        world.finish()
    }

    @Test(
        "What the peer asked before the call is answered has its answer before the refusal: 200 to PRACK, 487 to UPDATE (W11)",
        arguments: ["PRACK", "UPDATE"])
    func pendingAtTheEnd(method: String) throws {
        var world = World()
        let (id, asking) = try world.called(World.sdp, supporting)
        try world.ring(id, 183, describing: true)
        let isPrack = method == "PRACK"
        _ = world.acknowledges(asking, rack(world), sequence: 2, body: isPrack ? World.sdp : "")
        if !isPrack { world.ask(world.within(asking, "UPDATE", sequence: 3, body: World.sdp)) }
        #expect(world.story.last == "offered")
        let before = world.ladder.count
        world.shutdown()
        world.runToTheEnd()
        #expect(world.ladder.sent(since: before) == [isPrack ? "200 PRACK" : "487 UPDATE", "480 INVITE"])
        if isPrack {
            let answer = world.peer.responses.last { $0.method == .prack }
            #expect(answer?.sessionDescription?.media.first?.port == 0)
        }
        #expect(world.outcome(of: id.any) == .local(480))
        world.finish()
    }

    @Test("CANCEL while the 2xx is held: 487, and the session ends once (CAN-146, RFC 3261 §9.2)")
    func cancelled() throws {
        var world = World()
        let (id, asking) = try world.called(World.sdp, supporting)
        try world.ring(id, 183, describing: true)
        try world.answer(id)
        world.run(for: .milliseconds(100))
        world.ask(Asking("CANCEL") { $0.branch = asking.branch })
        #expect(world.statuses(of: .cancel) == [200])
        #expect(world.statuses(of: .invite).last == 487)
        #expect(world.ended[id.any] == [.endedByPeer(487)])
        world.leave()
    }
}
