import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("REFER of ours (RFC 3515 §2.4, RFC 5589)")
struct ReferTests {
    private static let trying = "SIP/2.0 100 Trying\r\n"
    private static let ok = "SIP/2.0 200 OK\r\n"

    /// A call of ours, connected; the peer says nothing to REFER by itself.
    private func connected() throws -> (World, SessionID) {
        var world = World()
        let id = try world.call()
        return (world, .client(UsageID(serial: id.serial)))
    }

    /// The peer takes REFER, and tells twice what came of it.
    private func acceptRefer(_ world: inout World, first: String, last: String, after delay: Duration) {
        world.intercept = { world, request in
            guard request.method == .refer else { return false }
            let id = try? request.cSeq().number
            world.peer.answer(request, 202)
            world.report(request, first, state: "active;expires=60", id: id, after: .milliseconds(1))
            world.report(request, last, state: "terminated;reason=noresource", id: id, after: delay)
            return true
        }
    }

    @Test("The whole ladder of a blind transfer: REFER, 202, NOTIFYs, and our BYE at the end (RFC 5589 §6.1)")
    func transferor() throws {
        var (world, session) = try connected()
        acceptRefer(&world, first: Self.trying, last: Self.ok, after: .seconds(1))
        let before = world.ladder.count
        let id = try world.refer(session, settling: .seconds(2))
        world.take(world.core.end(session.any, at: world.now))
        world.run(for: .milliseconds(200))
        #expect(world.ladder.sent(since: before) == ["REFER", "200 NOTIFY", "200 NOTIFY", "BYE"])
        let refer = try #require(world.sent(.refer).first)
        #expect(refer.value(.referTo) == "<sip:carol@example.com>")
        #expect(refer.value(.referredBy) == "<sip:alice@example.com>")
        #expect(try refer.to().tag == "peer")
        #expect(refer.has(.contact))
        #expect(!refer.has(.referSub))
        #expect(
            world.heard == [
                .accepted, .progress(SipfragStatus(100)), .concluded(.succeeded(SipfragStatus(200))),
            ])
        #expect(world.outcome(of: id.any) == .endedByPeer(nil))
        #expect(world.core.usages.isEmpty)
        world.leave()
    }

    @Test("A NOTIFY before the 202 is taken; one for a REFER that nobody sent gets 481 (REF-345, RFC 3515 §2.4.4)")
    func earlyNotify() throws {
        var (world, session) = try connected()
        world.intercept = { world, request in
            guard request.method == .refer else { return false }
            let number = (try? request.cSeq().number) ?? 0
            world.report(request, Self.trying, state: "active;expires=60", id: number)
            world.report(request, Self.ok, state: "active;expires=60", id: number + 1, after: .milliseconds(5))
            world.peer.answer(request, 202, after: .milliseconds(50))
            return true
        }
        _ = try world.refer(session)
        #expect(world.answers(to: .notify).map(\.status) == [200, 481])
        #expect(world.heard == [.progress(SipfragStatus(100))])
        world.peer.manners[.subscribe] = .status(481)
        world.leave()
    }

    @Test("A NOTIFY before the 202 outside a dialog makes the dialog (REF-345, RFC 6665 §4.1.2.4)")
    func earlyNotifyOutside() throws {
        var world = World()
        world.intercept = { world, request in
            guard request.method == .refer else { return false }
            world.report(request, Self.trying, state: "active;expires=60", id: nil)
            world.peer.answer(request, 202, after: .milliseconds(50))
            world.report(request, Self.ok, state: "terminated;reason=noresource", id: nil, after: .milliseconds(90))
            return true
        }
        let account = world.account
        let id = try world.perform { core, now in
            try core.refer(account, World.uri("bob"), to: World.uri("carol"), at: now)
        }
        world.run(for: .milliseconds(300))
        #expect(world.answers(to: .notify).map(\.status) == [200, 200])
        #expect(world.sent(.refer).first?.value(.referTo) == "<sip:carol@example.com>")
        #expect(world.heard == [.progress(SipfragStatus(100)), .concluded(.succeeded(SipfragStatus(200)))])
        #expect(world.outcome(of: id.any) == .endedByPeer(nil))
        world.leave()
    }

    @Test(
        "The outcome is what the status line says, however the subscription ends (REF-346, RFC 3515 §2.4.5)",
        arguments: [
            ("SIP/2.0 200 OK\r\n", ClientReferral.Fate.succeeded(SipfragStatus(200))),
            ("SIP/2.0 486 Busy Here\r\n", .failed(SipfragStatus(486))),
            ("SIP/2.0 603 Decline\r\nWarning: 399 h \"x\"\r\n", .failed(SipfragStatus(603))),
            ("SIP/2.0 180 Ringing\r\n", .unknown), ("BYE sip:x SIP/2.0\r\n", .unknown),
        ])
    func fate(body: String, fate: ClientReferral.Fate) throws {
        var (world, session) = try connected()
        acceptRefer(&world, first: body, last: Self.trying, after: .seconds(1))
        _ = try world.refer(session, settling: .seconds(2))
        #expect(world.heard.last == .concluded(fate))
        #expect(world.heard.filter { if case .concluded = $0 { true } else { false } }.count == 1)
        #expect(world.core.usages.map(\.id) == [session.any])
        world.leave()
    }

    @Test("A refused REFER leaves the call, and nobody is subscribed (RFC 3515 §2.4.2)")
    func refused() throws {
        var (world, session) = try connected()
        world.peer.manners[.refer] = .status(603)
        let id = try world.refer(session)
        #expect(world.heard == [.concluded(.refused(.status(603, reason: "Decline")))])
        #expect(world.outcome(of: id.any) == .endedByPeer(603))
        #expect(world.core.usages.map(\.id) == [session.any])
        world.leave()
    }

    @Test("A challenged REFER is sent again, and its NOTIFYs carry the number of the second (RFC 3515 §2.4.6)")
    func challenged() throws {
        var (world, session) = try connected()
        world.intercept = { world, request in
            guard request.method == .refer else { return false }
            guard request.has(.proxyAuthorization) else {
                world.peer.challenge(request)
                return true
            }
            let id = try? request.cSeq().number
            world.peer.answer(request, 202)
            world.report(request, Self.ok, state: "terminated;reason=noresource", id: id, after: .milliseconds(1))
            return true
        }
        _ = try world.refer(session)
        #expect(world.sent(.refer).count == 2)
        #expect(world.answers(to: .notify).map(\.status) == [200])
        #expect(world.heard.last == .concluded(.succeeded(SipfragStatus(200))))
        world.leave()
    }

    @Test(
        "Refer-Sub: false is asked for; granted, nothing is awaited; not granted, NOTIFYs are (RFC 4488 §4)",
        arguments: [true, false])
    func withoutReports(isGranted: Bool) throws {
        var (world, session) = try connected()
        world.intercept = { world, request in
            guard request.method == .refer else { return false }
            world.peer.answer(request, 202) { if isGranted { $0.append(.referSub, "false") } }
            guard !isGranted else { return true }
            let id = try? request.cSeq().number
            world.report(request, Self.ok, state: "terminated;reason=noresource", id: id, after: .seconds(1))
            return true
        }
        _ = try world.refer(session, wantsReports: false, settling: .milliseconds(500))
        #expect(world.sent(.refer).first?.value(.referSub) == "false")
        #expect(world.heard == (isGranted ? [.concluded(.unreported)] : [.accepted]))
        #expect(world.core.usages.count == (isGranted ? 1 : 2))
        world.run(for: .seconds(2))
        #expect(world.core.usages.map(\.id) == [session.any])
        world.leave()
    }

    @Test("Two REFERs in one dialog are told apart by the id of their NOTIFYs (RFC 3515 §2.4.6)")
    func two() throws {
        var (world, session) = try connected()
        world.intercept = { world, request in
            guard request.method == .refer else { return false }
            world.peer.answer(request, 202)
            return true
        }
        let first = try world.refer(session)
        let second = try world.refer(session, to: "dave")
        let refers = world.sent(.refer)
        try #require(refers.count == 2)
        world.report(
            refers[1], "SIP/2.0 404 Not Found\r\n", state: "terminated;reason=noresource",
            id: try refers[1].cSeq().number)
        world.run(for: .milliseconds(100))
        #expect(world.outcome(of: second.any) == .endedByPeer(nil))
        #expect(world.outcome(of: first.any) == nil)
        // The NOTIFYs for the first one may have none.
        world.report(refers[0], Self.ok, state: "terminated;reason=noresource", id: nil)
        world.run(for: .milliseconds(100))
        #expect(world.outcome(of: first.any) == .endedByPeer(nil))
        #expect(
            world.heard == [
                .accepted, .accepted, .concluded(.failed(SipfragStatus(404))),
                .concluded(.succeeded(SipfragStatus(200))),
            ])
        world.leave()
    }

    @Test(
        "Attended transfer: Refer-To is the other peer's Contact with an escaped Replaces (REF-355, RFC 3891 §4, RFC 5589 §7.3)"
    )
    func attended() throws {
        var (world, session) = try connected()
        let other = SessionID.client(UsageID(serial: try world.call().serial))
        world.peer.manners[.refer] = .status(202)
        _ = try world.perform { core, now in try core.refer(session, toTakeOver: other, at: now) }
        world.run(for: .milliseconds(100))
        let refer = try #require(world.sent(.refer).first)
        let consultation = try #require(world.sent(.invite).last)
        let (call, tag) = (try consultation.callID(), try #require(try consultation.from().tag))
        let value = try #require(refer.value(.referTo))
        #expect(value == "<sip:peer@127.0.0.1:5090?Replaces=\(call)%3Bto-tag%3Dpeer%3Bfrom-tag%3D\(tag)>")
        #expect(try refer.callID() != call)
        #expect(try refer.referTarget().replaces == Replaces(callID: call, toTag: "peer", fromTag: tag))
        world.peer.manners[.subscribe] = .status(481)
        world.leave()
    }

    @Test("What is no other connected call is nothing to transfer to; nothing is sent and nothing left over (G5)")
    func refusedHere() throws {
        var (world, session) = try connected()
        #expect(throws: UsageError.self) { try world.core.refer(session, toTakeOver: session, at: world.now) }
        let gone = SessionID.client(UsageID(serial: 99))
        #expect(throws: UsageError.self) { try world.core.refer(gone, to: World.uri("x"), at: world.now) }
        world.shutdown()
        let census = world.core.census
        #expect(throws: UsageError.shuttingDown) { try world.core.refer(session, to: World.uri("x"), at: world.now) }
        #expect(world.core.census == census)
        #expect(world.sent(.refer).isEmpty)
        world.runToTheEnd()
        world.finish()
    }

    @Test("The subscription outlives the BYE of its call, and is told to the end (RFC 5057 §3)")
    func survivesBye() throws {
        var (world, session) = try connected()
        acceptRefer(&world, first: Self.trying, last: Self.ok, after: .seconds(2))
        let id = try world.refer(session)
        world.take(world.core.end(session.any, at: world.now))
        world.run(for: .milliseconds(200))
        #expect(world.core.usages.map(\.id) == [id.any])
        world.run(for: .seconds(3))
        #expect(world.answers(to: .notify).map(\.status) == [200, 200])
        #expect(world.heard.last == .concluded(.succeeded(SipfragStatus(200))))
        #expect(world.core.usages.isEmpty)
        world.leave()
    }

    @Test(
        "Ended, the subscription is unsubscribed with its id; it is not renewed once the outcome is known (RFC 3515 §2.4.6)"
    )
    func unsubscribed() throws {
        var (world, session) = try connected()
        world.intercept = { world, request in
            let number = try? request.cSeq().number
            switch request.method {
            case .refer:
                world.peer.answer(request, 202)
                world.report(request, Self.ok, state: "active;expires=60", id: number, after: .milliseconds(1))
            case .subscribe:
                world.peer.answer(request, 200) { $0.append(.expires, "0") }
                let id = (try? request.event()).flatMap { $0 }?.id.flatMap { UInt32($0) }
                world.report(request, Self.ok, state: "terminated;reason=noresource", id: id, after: .milliseconds(1))
            default: return false
            }
            return true
        }
        let id = try world.refer(session, settling: .seconds(70))
        let refer = try #require(world.sent(.refer).first)
        let subscribe = try #require(world.sent(.subscribe).first)
        #expect(world.sent(.subscribe).count == 1)
        #expect(subscribe.value(.expires) == "0")
        #expect(subscribe.value(.event) == "refer;id=\(try refer.cSeq().number)")
        #expect(world.outcome(of: id.any) == .local(200))
        world.leave()
    }
}
