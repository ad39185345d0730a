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
        world.takeReferrals { _, _ in nil }
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

    @Test("Of two SUBSCRIBE 0 in one dialog the second overtakes the first: the first is sent again (RFC 3261 §12.2.2)")
    func overtaken() throws {
        var world = World()
        let session = SessionID.client(UsageID(serial: try world.call().serial))
        world.takeReferrals { world, subscribe in
            // As if the peer had seen the second one first.
            world.sent(.subscribe).count == 1 ? world.peer.answer(subscribe, 500, after: .milliseconds(20)) : nil
        }
        let usages = [try world.refer(session), try world.refer(session, to: "dave")]
        world.shutdown()
        world.runToTheEnd()
        let numbers = try world.sent(.subscribe).map { try $0.cSeq().number }
        #expect(numbers.count == 3)
        #expect(numbers == numbers.sorted())
        let events = world.sent(.subscribe).map { $0.value(.event) }
        #expect(events[2] == events[0])
        for usage in usages { #expect(world.outcome(of: usage.any) == .local(200)) }
        #expect(world.report?.isClean == true)
        world.finish()
    }

    @Test("BYE that a later request in its dialog has overtaken is sent again (RFC 3261 §12.2.2)")
    func byeOvertaken() throws {
        var world = World()
        let session = SessionID.client(UsageID(serial: try world.call().serial))
        world.takeReferrals { _, _ in nil }
        let usage = try world.refer(session)
        world.intercept = { [before = world.intercept] world, request in
            guard request.method == .bye, world.sent(.bye).count == 1 else { return before?(&world, request) ?? false }
            world.peer.answer(request, 500, after: .milliseconds(20))
            return true
        }
        world.take(world.core.end(session.any, at: world.now))
        world.take(world.core.end(usage.any, at: world.now))
        world.run(for: .seconds(1))
        #expect(world.sent(.bye).count == 2)
        #expect(world.outcome(of: session.any) == .local(200))
        #expect(world.outcome(of: usage.any) == .local(200))
        world.leave()
    }

    @Test("A peer that answers 500 to all is not asked for ever: each usage repeats at most twice")
    func alwaysRefused() throws {
        var world = World()
        let session = SessionID.client(UsageID(serial: try world.call().serial))
        world.takeReferrals { world, subscribe in world.peer.answer(subscribe, 500, after: .milliseconds(20)) }
        let usages = [try world.refer(session), try world.refer(session, to: "dave")]
        world.shutdown()
        world.runToTheEnd()
        #expect((2...6).contains(world.sent(.subscribe).count))
        for usage in usages { #expect(world.outcome(of: usage.any) == .refused(500)) }
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
