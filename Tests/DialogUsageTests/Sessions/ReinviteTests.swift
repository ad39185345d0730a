import DialogUsage
import Ladder
import SDP
import SIPMessage
import SIPTransaction
import SansIO
import Testing

@Suite("re-INVITE (RFC 3261 §14)")
struct ReinviteTests {
    /// Our re-INVITEs.
    private func reinvites(_ world: World) -> [SIPMessage] {
        world.sent(.invite).filter { (try? $0.to().tag) != .some(nil) }
    }
    private func called(_ world: inout World) throws -> UsageID<ClientInviteSession> {
        try world.calling { world, request in world.peer.answer(request, 200, body: World.sdp) }
    }

    @Test(
        "Same tags and Call-ID, and the whole description with the version one higher (RIV-243, RFC 3261 §14.1, RFC 3264 §8)"
    )
    func reinvite() throws {
        var world = World()
        let id = try called(&world)
        try world.offer(.client(id))
        world.run(for: .milliseconds(100))
        let first = try #require(world.invite)
        let second = try #require(reinvites(world).first)
        #expect(try second.callID() == first.callID())
        #expect(try second.from().tag == first.from().tag)
        #expect(try second.to().tag == "peer")
        #expect(second.has(.contact))
        let (before, after) = (try #require(first.sessionDescription), try #require(second.sessionDescription))
        #expect(after.origin == before.origin.next)
        #expect(after.media == before.media)
        #expect(world.story.last == "answered")
        world.end(id.any)
        world.leave()
    }

    @Test("The called side changes the session: its ACK has no description of its own (RFC 3261 §13.2.2.4)")
    func fromCallee() throws {
        var world = World()
        let (id, _) = try world.calledAndAnswered()
        try world.offer(.server(id))
        world.run(for: .milliseconds(100))
        #expect(world.story.last == "answered")
        #expect(world.sent(.ack).map { $0.body.isEmpty } == [true])
        world.leave()
    }

    @Test("The same description again, with the same version, is taken as a refresh (RIV-251, RFC 3264 §8)")
    func refresh() throws {
        var world = World()
        let (id, asking) = try world.calledAndAnswered()
        for sequence in 2...3 {
            world.ask(world.within(asking, "INVITE", sequence: sequence, body: World.sdp))
            try world.answerOffer(.server(id))
        }
        #expect(world.statuses(of: .invite).filter { $0 == 200 }.count == 3)
        let answers = world.peer.responses.compactMap { $0.status == 200 ? $0.sessionDescription : nil }
        #expect(Set(answers).count == 1, "nothing changed, so neither does our version")
        #expect(world.sent(.bye).isEmpty)
        world.leave()
    }

    @Test("Not sent while another INVITE is under way in the dialog, either way (RIV-244, RFC 3261 §14.1)")
    func oneAtATime() throws {
        var world = World()
        let id = try world.calling { world, request in world.peer.answer(request, 180) }
        #expect(throws: UsageError.self) { try world.offer(.client(id), by: .reinvite) }
        let invite = try #require(world.invite)
        world.peer.answer(invite, 200, body: World.sdp)
        world.run(for: .milliseconds(100))
        world.peer.manners[.invite] = .silent
        try world.offer(.client(id))
        #expect(throws: UsageError.self) { try world.offer(.client(id)) }
        world.run(for: .milliseconds(100))
        #expect(Set(reinvites(world).map { $0.value(.cSeq) }).count == 1)
        world.end(id.any)
        world.run(for: .seconds(40))

        // The peer's, unanswered, and answered without its ACK.
        world.peer.acknowledges = true
        let (called, asking) = try world.calledAndAnswered()
        world.ask(world.within(asking, "INVITE", sequence: 2, body: World.sdp))
        #expect(throws: UsageError.self) { try world.offer(.server(called)) }
        world.peer.acknowledges = false
        try world.answerOffer(.server(called))
        #expect(throws: UsageError.self) { try world.offer(.server(called)) }
        #expect(Set(reinvites(world).map { $0.value(.cSeq) }).count == 1)
        world.leave()
    }

    @Test(
        "491: again after 2.1 to 4 s by the side that chose the Call-ID, else after 0 to 2 s, in steps of 10 ms (RIV-245, RFC 3261 §14.1)",
        arguments: [true, false])
    func glare(isCaller: Bool) throws {
        var waits: Set<Int64> = []
        for round in 0..<6 {
            var world = World()
            world.core = Self.core(seed: UInt64(round), &world)
            let session: SessionID = isCaller ? .client(try called(&world)) : .server(try world.calledAndAnswered().0)
            world.peer.manners[.invite] = .status(491)
            world.intercept = nil
            try world.offer(session)
            world.run(for: .milliseconds(100))
            world.peer.manners[.invite] = .healthy
            world.run(for: .seconds(5))
            let times = world.requests.indices.filter {
                world.requests[$0].method == .invite && (try? world.requests[$0].to().tag) != .some(nil)
            }.map { world.requestTimes[$0] }
            #expect(times.count == 2)
            // The 491 takes 20 ms each way.
            let wait = (times[1] - times[0]).inMilliseconds - 40
            #expect(isCaller ? (2100...4000).contains(wait) : (0...2000).contains(wait))
            #expect(wait % 10 == 0)
            waits.insert(wait)
            #expect(world.story.last == "answered")
            world.leave()
        }
        #expect(waits.count > 1, "by chance")
    }
    private static func core(seed: UInt64, _ world: inout World) -> UsageCore {
        var configuration = UserAgentConfiguration(
            stack: .init(local: .loopback(port: 5060)), notifierPackages: ["presence"], servedMethods: [.message])
        configuration.addresses = .any
        var core = UsageCore(configuration, entropy: Entropy(seed: seed))
        world.account = core.addAccount(
            Account(
                name: "alice", addressOfRecord: NameAddress(SIPURI(user: "alice", host: "example.com", port: nil)),
                outboundProxy: SIPURI(user: nil, host: "127.0.0.1", port: 5090)))
        return core
    }

    @Test(
        "While we wait out a 491 the peer's own re-INVITE is taken, and ours follows with a later version (RFC 3261 §14.1, RFC 3264 §8)"
    )
    func turns() throws {
        var world = World()
        let (id, asking) = try world.calledAndAnswered()
        world.peer.manners[.invite] = .status(491)
        try world.offer(.server(id))
        world.run(for: .milliseconds(60))
        world.peer.manners[.invite] = .healthy
        world.peer.send(world.within(asking, "INVITE", sequence: 2, body: World.sdp(port: 41000)).bytes)
        world.run(for: .milliseconds(25))
        if world.story.last == "offered" { try world.answerOffer(.server(id)) }
        world.run(for: .seconds(3))
        #expect(world.statuses(of: .invite).contains(200))
        #expect(world.story.suffix(2) == ["offered", "answered"])
        world.leave()
    }

    @Test(
        "A refused re-INVITE changes nothing; 481, 408 and silence end the dialog (RIV-246, DLG-206, RFC 3261 §14.1, §12.2.1.2)",
        arguments: [488, 500, 603, 481, 408, nil] as [StatusCode?])
    func refused(status: StatusCode?) throws {
        var world = World()
        let id = try called(&world)
        world.intercept = nil
        world.peer.manners[.invite] = status.map { .status($0) } ?? .silent
        try world.offer(.client(id))
        world.run(for: .seconds(40))
        let ends = status == nil || status == 481 || status == 408
        #expect(world.sent(.bye).count == (ends ? 1 : 0))
        #expect(world.story.contains("failed \(status.map { "\($0)" } ?? "silence")"))
        if !ends {
            world.peer.manners[.invite] = .healthy
            try world.offer(.client(id))
            world.run(for: .milliseconds(100))
            #expect(Set(reinvites(world).compactMap { $0.sessionDescription?.origin.version }).count == 1)
            #expect(world.story.last == "answered")
        }
        world.leave()
    }

    @Test("A re-INVITE while our INVITE or re-INVITE is unanswered: 491 (RIV-247, RFC 3261 §14.2)")
    func requestPending() throws {
        var world = World()
        let id = try world.calling { world, request in world.peer.answer(request, 180, tag: "peer") }
        world.place("peer", asks: .invite, sequence: 1, body: World.sdp)
        #expect(world.statuses(of: .invite) == [491])
        let invite = try #require(world.invite)
        world.peer.answer(invite, 200, body: World.sdp)
        world.run(for: .milliseconds(100))
        world.peer.manners[.invite] = .silent
        try world.offer(.client(id))
        world.place("peer", asks: .invite, sequence: 2, body: World.sdp)
        #expect(world.statuses(of: .invite) == [491, 491])
        #expect(!world.story.contains("offered"))
        world.end(id.any)
        world.run(for: .seconds(40))
        world.leave()
    }

    @Test(
        "A second INVITE before the first is answered: 500 with Retry-After of 0 to 10 (RIV-248, RFC 3261 §14.2)",
        arguments: [true, false])
    func second(isFirstCall: Bool) throws {
        var world = World()
        let (id, asking) = isFirstCall ? try world.called() : try world.calledAndAnswered()
        if isFirstCall {
            try world.ring(id)
        } else {
            world.ask(world.within(asking, "INVITE", sequence: 2, body: World.sdp))
        }
        let answer = try #require(world.ask(world.within(asking, "INVITE", sequence: 3, body: World.sdp)).last)
        #expect(answer.status == 500)
        #expect((0...10).contains(try answer.retryAfter() ?? 99))
        if !isFirstCall { try world.answerOffer(.server(id)) }
        world.run(for: .milliseconds(100))
        world.leave()
    }

    @Test(
        "An unacceptable offer is refused with 488, and the session stays as it was (RIV-249, RFC 3261 §14.2)",
        arguments: [true, false])
    func unacceptable(isReadable: Bool) throws {
        var world = World()
        let (id, asking) = try world.calledAndAnswered()
        let reinvite = world.within(
            asking, "INVITE", sequence: 2, body: isReadable ? World.sdp(port: 41000) : "nonsense")
        world.ask(reinvite)
        if isReadable {
            try world.perform { core, now in ((), try core.rejectOffer(.server(id), status: 488, at: now)) }
            world.run(for: .milliseconds(100))
        }
        #expect(world.statuses(of: .invite).last == 488)
        #expect(world.sent(.bye).isEmpty)
        // As it was: another one is taken on.
        world.ask(world.within(asking, "INVITE", sequence: 3, body: World.sdp))
        try world.answerOffer(.server(id))
        #expect(world.statuses(of: .invite).last == 200)
        world.leave()
    }

    @Test(
        "A re-INVITE without a description gets our offer, the ACK answers (RIV-250, RFC 3261 §14.2, RFC 6337 §5.2.5)")
    func blackHole() throws {
        var world = World()
        let (id, asking) = try world.calledAndAnswered()
        world.peer.acknowledges = false
        world.ask(world.within(asking, "INVITE", sequence: 2))
        #expect(world.story.last == "offered nothing")
        try world.answerOffer(.server(id))
        #expect(world.peer.responses.last?.sessionDescription != nil)
        world.ask(world.within(asking, "ACK", sequence: 2, body: World.sdp(port: 41000)))
        #expect(world.story.last == "answered")
        world.peer.acknowledges = true
        world.leave()
    }

    @Test(
        "The ACK that should answer does not, or has what is no answer: BYE (IVS-239, RFC 3261 §13.2.1, §14.2, RFC 3264 §6)",
        arguments: ["", World.sdp + "m=video 40002 RTP/AVP 31\r\n"])
    func noAnswerInACK(body: String) throws {
        var world = World()
        let (id, asking) = try world.calledAndAnswered()
        world.peer.acknowledges = false
        world.ask(world.within(asking, "INVITE", sequence: 2))
        try world.answerOffer(.server(id))
        world.ask(world.within(asking, "ACK", sequence: 2, body: body))
        #expect(world.sent(.bye).count == 1)
        #expect(!world.story.contains("answered"))
        world.leave()
    }

    @Test("2xx to a re-INVITE without its ACK: repeated, and BYE after 64·T1 (RIV-252, RFC 3261 §14.2, §13.3.1.4)")
    func unacknowledged() throws {
        var world = World()
        let (id, asking) = try world.calledAndAnswered()
        world.peer.acknowledges = false
        world.ask(world.within(asking, "INVITE", sequence: 2, body: World.sdp))
        let before = world.statuses(of: .invite).count
        try world.answerOffer(.server(id))
        world.run(for: .seconds(31))
        #expect(world.statuses(of: .invite).count - before == 10)
        #expect(world.sent(.bye).isEmpty)
        world.run(for: .seconds(2))
        #expect(world.sent(.bye).count == 1)
        world.leave()
    }

    @Test(
        "The Contact of a re-INVITE counts when it succeeds, and not when it fails (RIV-254, DLG-204, RFC 6141 §4)",
        arguments: [true, false])
    func target(succeeds: Bool) throws {
        var world = World()
        let (id, asking) = try world.calledAndAnswered()
        let reinvite = world.within(asking, "INVITE", sequence: 2, body: World.sdp)
        let moved = String(decoding: reinvite.bytes, as: UTF8.self).replacing("<sip:carol@127", with: "<sip:moved@127")
        world.peer.send(Array(moved.utf8))
        world.run(for: .milliseconds(100))
        if succeeds {
            try world.answerOffer(.server(id))
        } else {
            try world.perform { core, now in ((), try core.rejectOffer(.server(id), status: 488, at: now)) }
        }
        world.run(for: .milliseconds(100))
        world.end(id.any)
        #expect(try world.sent(.bye).last?.requestURI().sip?.user == (succeeds ? "moved" : "carol"))
        world.leave()
    }

    @Test("The peer cancels its re-INVITE: 200, 487, and the session stays as it was (CAN-149, RFC 3261 §14.1, §9.2)")
    func cancelledByPeer() throws {
        var world = World()
        let (id, asking) = try world.calledAndAnswered()
        let reinvite = world.within(asking, "INVITE", sequence: 2, body: World.sdp(port: 41000))
        world.ask(reinvite)
        world.ask(
            world.within(asking, "CANCEL", sequence: 2) { $0.branch = reinvite.branch })
        #expect(world.statuses(of: .cancel) == [200])
        #expect(world.statuses(of: .invite).last == 487)
        #expect(world.story.suffix(2) == ["offered", "cancelled"])
        #expect(throws: UsageError.self) { try world.answerOffer(.server(id)) }
        #expect(world.ended.isEmpty)
        world.ask(world.within(asking, "INVITE", sequence: 3, body: World.sdp))
        try world.answerOffer(.server(id))
        #expect(world.statuses(of: .invite).last == 200)
        world.leave()
    }

    @Test(
        "We take our re-INVITE back: CANCEL once it was heard, and the session stays as it was (RFC 3261 §14.1, §9.1)")
    func cancelledByUs() throws {
        var world = World()
        let id = try called(&world)
        world.intercept = { world, request in
            switch request.method {
            case .invite: world.peer.answer(request, 100)
            case .cancel:
                world.peer.answer(request, 200)
                if let reinvite = reinvites(world).last { world.peer.answer(reinvite, 487) }
            default: return false
            }
            return true
        }
        try world.offer(.client(id))
        world.run(for: .milliseconds(100))
        try world.perform { core, now in ((), try core.withdrawOffer(.client(id), at: now)) }
        world.run(for: .milliseconds(100))
        #expect(world.sent(.cancel).count == 1)
        #expect(world.story.last == "failed 487")
        #expect(world.sent(.bye).isEmpty)
        world.end(id.any)
        world.leave()
    }

    @Test(
        "Taken back before anything was heard of it: CANCEL waits for the first provisional response (CAN-140, RFC 3261 §9.1)",
        arguments: [100, 200, 401, 491] as [StatusCode])
    func takenBackUnheard(first: StatusCode) throws {
        var world = World()
        let id = try called(&world)
        world.intercept = { world, request in
            guard request.method == .invite || request.method == .cancel else { return false }
            if request.method == .invite {
                world.peer.answer(request, first, after: .milliseconds(300), body: first == 200 ? World.sdp : "") {
                    if first == 401 { $0.append(.wwwAuthenticate, "Digest realm=\"example.com\", nonce=\"n\"") }
                }
            } else {
                world.peer.answer(request, 200)
                if let reinvite = reinvites(world).last { world.peer.answer(reinvite, 487) }
            }
            return true
        }
        try world.offer(.client(id))
        world.run(for: .milliseconds(100))
        try world.perform { core, now in ((), try core.withdrawOffer(.client(id), at: now)) }
        #expect(throws: UsageError.self) {
            try world.perform { core, now in ((), try core.withdrawOffer(.client(id), at: now)) }
        }
        world.run(for: .milliseconds(100))
        #expect(world.sent(.cancel).isEmpty)
        world.run(for: .seconds(5))
        #expect(world.sent(.cancel).count == (first == 100 ? 1 : 0))
        #expect(Set(reinvites(world).map { $0.value(.cSeq) }).count == 1, "what is not wanted is not repeated")
        let told: [StatusCode: String] = [100: "failed 487", 200: "answered", 401: "failed 401", 491: "failed 491"]
        #expect(world.story.last == told[first])
        world.end(id.any)
        world.leave()
    }

    @Test(
        "A re-INVITE that only rings is given up 64·T1 after the session, whether it rang before or after the BYE (CTX-084, RFC 3261 §9.1)",
        arguments: [0, 300] as [Int64])
    func ringsForEver(after delay: Int64) throws {
        var world = World()
        let id = try called(&world)
        world.intercept = { world, request in
            guard request.method == .invite else { return false }
            world.peer.answer(request, 100, after: .milliseconds(delay))
            return true
        }
        try world.offer(.client(id))
        world.run(for: .milliseconds(100))
        world.end(id.any, for: .seconds(40))
        #expect(world.ended[id.any] == [.local(200)])
        #expect(world.core.census.clientTransactions == 0)
        let start = world.now
        world.shutdown()
        world.runToTheEnd()
        #expect(world.now == start, "nothing is waited for")
        world.finish()
    }

    @Test(
        "A repeated 2xx gets the ACK of its own INVITE, also when there is a newer one (IVC-218, RFC 3261 §13.2.2.4)")
    func acknowledgementOfTheOlder() throws {
        var world = World()
        let id = try called(&world)
        try world.offer(.client(id))
        world.run(for: .milliseconds(100))
        for invite in world.sent(.invite) { world.peer.answer(invite, 200, body: World.sdp) }
        world.run(for: .milliseconds(100))
        let acks = world.sent(.ack)
        #expect(acks.map { $0.value(.cSeq) } == ["1 ACK", "2 ACK", "1 ACK", "2 ACK"])
        #expect(acks[0].bytes == acks[2].bytes)
        #expect(acks[1].bytes == acks[3].bytes)
        world.end(id.any)
        world.leave()
    }
}
