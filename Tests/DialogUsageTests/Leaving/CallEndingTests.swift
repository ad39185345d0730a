import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("Shutdown: calls in every state (shutdown.md, section 11, 21 and 32 to 35)")
struct CallEndingTests {
    /// The states of a call from outside in which an end can find it.
    enum Moment: CaseIterable {
        case incoming, ringing, unacknowledged, established, theirOffer, ourOffer, glare, refusing, terminating
    }

    private func call(at moment: Moment, _ world: inout World) throws -> UsageID<ServerInviteSession> {
        switch moment {
        case .incoming:
            world.peer.outside(.invite, body: World.sdp)
            world.run(for: .milliseconds(50))
            return try #require(world.incoming.last)
        case .ringing, .refusing:
            let id = try world.calledUp(answering: false)
            guard moment == .refusing else { return id }
            world.peer.acknowledges = false
            try world.perform { core, now in ((), try core.reject(id, status: 486, at: now)) }
            return id
        case .unacknowledged:
            world.peer.acknowledges = false
            return try world.calledUp(answering: true)
        case .established: return try world.calledUp(answering: true)
        case .terminating:
            let id = try world.calledUp(answering: true)
            world.peer.manners[.bye] = .silent
            world.take(world.core.end(id.any, at: world.now))
            return id
        case .theirOffer:
            let id = try world.calledUp(answering: true)
            world.peer.inCall(try #require(world.peer.inviteDialogs.keys.max()), .invite, body: World.sdp)
            world.run(for: .milliseconds(60))
            return id
        case .ourOffer, .glare:
            let id = try world.calledUp(answering: true)
            world.peer.manners[.invite] = moment == .glare ? .status(491) : .silent
            let offer = try World.description()
            try world.perform { core, now in ((), try core.offer(.server(id), offer, at: now)) }
            world.run(for: .milliseconds(100))
            return id
        }
    }

    @Test(
        "21. end() twice and once more, in every state of a call from outside: one BYE or one refusal, one end",
        arguments: Moment.allCases)
    func endTwice(moment: Moment) throws {
        var world = World()
        let id = try call(at: moment, &world)
        world.take(world.core.end(id.any, at: world.now))
        world.take(world.core.end(id.any, at: world.now))
        world.run(for: .seconds(1))
        world.take(world.core.end(id.any, at: world.now))
        world.run(for: .seconds(100))
        #expect(world.ended[id.any]?.count == 1)
        let byes = Set(try world.requests.filter { $0.method == .bye }.map { try $0.cSeq().number })
        let refusals = Set(
            world.peer.responses.filter { $0.method == .invite && ($0.status?.value ?? 0) >= 300 }.compactMap(\.status))
        switch moment {
        case .incoming, .ringing: #expect(byes.isEmpty && refusals == [480])
        case .refusing: #expect(byes.isEmpty && refusals == [486])
        case .theirOffer: #expect(byes.count == 1 && refusals == [487])
        case .unacknowledged, .established, .terminating, .ourOffer, .glare:
            #expect(byes.count == 1 && refusals.isEmpty)
        }
        world.leave()
    }

    @Test("32. Our re-INVITE waits out a 491: that is forgotten, BYE leaves at once (R2)")
    func glareForgotten() throws {
        var world = World()
        let id = try call(at: .glare, &world)
        let before = world.ladder.count
        world.shutdown()
        #expect(world.ladder.sent(since: before) == ["BYE"])
        world.runToTheEnd()
        #expect(world.ladder.sent(since: before) == ["BYE"])
        #expect(world.outcome(of: id.any) == .local(200))
        world.finish()
    }

    @Test(
        "33. INVITE challenged with 401 after the end: ACK, and no second INVITE (R4)",
        arguments: [401, 407] as [StatusCode])
    func challengedAfterEnd(status: StatusCode) throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .invite else { return false }
            world.peer.answer(request, status, after: .milliseconds(300)) {
                $0.append(
                    status == 401 ? .wwwAuthenticate : .proxyAuthenticate,
                    "Digest realm=\"example.com\", nonce=\"n\", algorithm=MD5, qop=\"auth\"")
            }
            return true
        }
        let id = try world.call()
        world.shutdown()
        world.runToTheEnd()
        #expect(world.requests.filter { $0.method == .invite }.count == 1)
        #expect(world.ladder.sent() == ["INVITE", "ACK"])
        #expect(world.outcome(of: id) == .neverEstablished)
        world.finish()
    }

    @Test("34. 302 after the end: ACK, and nobody else is called (R5)")
    func redirectedAfterEnd() throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .invite else { return false }
            world.peer.answer(request, 302, after: .milliseconds(300)) {
                $0.set(.contact, "<sip:elsewhere@127.0.0.1:5090>")
            }
            return true
        }
        let id = try world.call()
        world.shutdown()
        world.runToTheEnd()
        #expect(world.ladder.sent() == ["INVITE", "ACK"])
        #expect(world.outcome(of: id) == .local(302))
        world.finish()
    }

    @Test(
        "In a call that is ending, everything but BYE and the like gets 481 (G3)",
        arguments: [Method.info, .options, .message, .invite])
    func requestsWhileEnding(method: Method) throws {
        var world = World()
        _ = try world.calledUp(answering: true)
        let call = try #require(world.peer.inviteDialogs.keys.max())
        world.peer.manners[.bye] = .silent
        world.shutdown(giveUp: .seconds(2))
        world.peer.inCall(call, method)
        world.run(for: .milliseconds(100))
        #expect(world.peer.responses.last { $0.method == method }?.status == 481)
        world.runToTheEnd()
        world.finish()
    }
}
