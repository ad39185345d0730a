import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("Shutdown: transfers (shutdown.md, section 11)")
struct ReferralShutdownTests {
    @Test(
        "55. The subscription of a REFER in a call: BYE first, then SUBSCRIBE 0 in the dialog that is left (W22, RFC 5057 §3)"
    )
    func subscriber() throws {
        var world = World()
        let session = SessionID.client(UsageID(serial: try world.call().serial))
        world.intercept = { world, request in
            let number = try? request.cSeq().number
            switch request.method {
            case .refer:
                world.peer.answer(request, 202)
                world.report(
                    request, "SIP/2.0 100 Trying\r\n", state: "active;expires=60", id: number, after: .milliseconds(1))
            case .subscribe:
                world.peer.answer(request, 200) { $0.append(.expires, "0") }
                let id = (try? request.event()).flatMap { $0 }?.id.flatMap { UInt32($0) }
                world.report(
                    request, "SIP/2.0 100 Trying\r\n", state: "terminated;reason=noresource", id: id,
                    after: .milliseconds(1))
            default: return false
            }
            return true
        }
        let id = try world.refer(session)
        let before = world.ladder.count
        world.shutdown()
        world.runToTheEnd()
        #expect(world.ladder.sent(since: before) == ["BYE", "SUBSCRIBE expires=0", "200 NOTIFY"])
        let (bye, subscribe) = (try #require(world.sent(.bye).first), try #require(world.sent(.subscribe).first))
        let refer = try #require(world.sent(.refer).first)
        #expect(try subscribe.callID() == bye.callID())
        #expect(try subscribe.cSeq().number > bye.cSeq().number)
        #expect(subscribe.value(.event) == "refer;id=\(try refer.cSeq().number)")
        #expect(world.outcome(of: id.any) == .local(200))
        #expect(world.outcome(of: session.any) == .local(200))
        #expect(world.report?.isClean == true)
        world.finish()
    }

    /// A call in which we were asked to call dave, who rings and does not answer.
    private func attempting() throws -> (World, call: String, caller: UsageID<ClientInviteSession>) {
        var world = World()
        world.ringUntilCancelled()
        let (_, call) = try world.answeredCall()
        world.referred(in: call)
        let caller = try world.accept(world.asked[0].id)
        return (world, call, caller)
    }

    @Test("60. Notifier of a REFER whose INVITE is pending: last sipfrag 487, then CANCEL (W17)")
    func notifier() throws {
        var (world, call, caller) = try attempting()
        let before = world.ladder.count
        world.shutdown()
        world.runToTheEnd()
        #expect(world.ladder.sent(since: before) == ["BYE", "NOTIFY terminated", "CANCEL", "ACK"])
        let notify = try #require(world.sent(.notify).last)
        #expect(notify.bodyText == "SIP/2.0 487 Request Terminated\r\n")
        #expect(notify.value(.subscriptionState) == "terminated;reason=noresource")
        #expect(try notify.callID() == call)
        #expect(world.outcome(of: caller.any) == .local(487))
        #expect(world.report?.isClean == true)
        world.finish()
    }

    @Test("W17. Forced, best effort: one NOTIFY with 487 and one CANCEL")
    func bestEffort() throws {
        var (world, _, _) = try attempting()
        let before = world.ladder.count
        world.take(world.core.forceShutdown(bestEffort: true, at: world.now))
        world.run(for: .milliseconds(100))
        #expect(world.ladder.sent(since: before) == ["BYE", "NOTIFY terminated", "CANCEL"])
        #expect(world.sent(.notify).last?.bodyText == "SIP/2.0 487 Request Terminated\r\n")
        #expect(world.sent(.notify).last?.value(.subscriptionState) == "terminated;reason=noresource")
        world.finish()
    }

    @Test("W15. A REFER that waits for its answer: 603 in the dialog of a call, which 480 would end; 480 outside (G2)")
    func unanswered() throws {
        var world = World()
        let (_, call) = try world.answeredCall()
        world.referred(in: call)
        world.peer.outside(.refer)
        world.run(for: .milliseconds(50))
        #expect(world.asked.count == 2)
        world.shutdown()
        world.runToTheEnd()
        world.run(for: .milliseconds(100))
        #expect(Set(world.answers(to: .refer).map(\.status)) == [603, 480])
        #expect(world.sent(.notify).isEmpty)
        world.finish()
    }

    @Test("W17. Undecided: the last NOTIFY says 603, for nobody will follow it")
    func undecided() throws {
        var world = World()
        let (_, call) = try world.answeredCall()
        world.referred(in: call, settling: .seconds(3))
        world.shutdown()
        world.runToTheEnd()
        #expect(world.sent(.notify).last?.bodyText == "SIP/2.0 603 Decline\r\n")
        #expect(world.sent(.notify).last?.value(.subscriptionState) == "terminated;reason=noresource")
        world.finish()
    }
}
