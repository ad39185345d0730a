import DialogUsage
import SDP
import SIPMessage
import SansIO
import SoftphoneCore
import Testing

@Suite("Leaving (shutdown.md, batch.md section 4)")
struct LeavingTests {
    private func registered() throws -> Desk {
        var desk = try Desk()
        try desk.type("register")
        try desk.answer(.register, 200, [.contact: "<sip:alice@192.0.2.100:5070>;expires=600"])
        return desk
    }

    @Test("A shutdown with nothing alive is over at once, and says so last")
    func nothingAlive() throws {
        var desk = try Desk()
        let request = try desk.type("shutdown")
        desk.run(for: .milliseconds(10))
        #expect(desk.report?.isClean == true)
        #expect(desk.success(request) != nil)
        #expect(desk.isFinished)
        #expect(desk.saidAfterFinish == 0)
        #expect(desk.happenings.last?.name == "shutdown.done")
    }

    @Test("The plan is said group by group and as a whole, and ends nothing (O2)")
    func plan() throws {
        var desk = try registered()
        let request = try desk.type("shutdown --plan giveup 3s")
        let forecast = try #require(desk.success(request)?.forecast)
        #expect(desk.success(request)?.text == "1 usage to end, 3s at most")
        #expect(forecast.groups.map(\.group) == [.clientRegistrations])
        let said = desk.happenings.filter { $0.name == "shutdown.plan" }
        #expect(said.map { $0["kind"]?.description } == ["ClientRegistration"])
        #expect(said.map { $0["longest_ms"]?.description } == ["3000"])
        #expect(desk.requests(.register).count == 1)
        try desk.type("shutdown force")
        desk.run(for: .milliseconds(10))
        #expect(desk.isFinished)
    }

    @Test("Calls end before the registration; each usage has one row, and every command one answer (O1, E1)")
    func order() throws {
        var desk = try registered()
        let call = try desk.type("call bob as c1")
        try desk.answer(.invite, 180)
        try desk.answer(.invite, 200, try answer(to: desk.requests(.invite).last))
        let hold = try desk.type("hold c1")
        try desk.type("shutdown graceful giveup 5s")
        #expect(desk.requests(.bye).count == 1)
        #expect(desk.requests(.register).count == 1)
        let late = try desk.type("call carol")
        #expect(desk.failure(late)?.kind == .shuttingDown)
        try desk.answer(.bye, 200)
        desk.run(for: .milliseconds(100))
        #expect(desk.requests(.register).count == 2)
        try desk.answer(.register, 200)
        desk.run(for: .seconds(40))
        #expect(desk.isFinished)
        #expect(desk.endings.map(\.kind) == [.clientInviteSession, .clientRegistration])
        #expect(desk.endings.map(\.phase) == [3, 7])
        #expect(desk.endings.first?.name == "c1")
        #expect(desk.success(call) != nil)
        #expect(desk.failure(hold) != nil)
        #expect(desk.answeredTwice.isEmpty)
        #expect(desk.isAudioSettled)
        #expect(desk.saidAfterFinish == 0)
    }

    @Test("A silent server holds it up to the give-up time and not longer; the report is not clean (S1)")
    func silentServer() throws {
        var desk = try registered()
        try desk.type("shutdown graceful giveup 4s")
        desk.run(for: .milliseconds(3_990))
        #expect(!desk.isFinished)
        desk.run(for: .milliseconds(20))
        #expect(desk.isFinished)
        #expect(desk.report?.isClean == false)
        #expect(desk.report?.deadlineHit == true)
        #expect(desk.names(of: "shutdown.gaveup").count == 1)
    }

    @Test("or-refuse lists what is alive and changes nothing; soft state does not count with 'calls'")
    func orRefuse() throws {
        var desk = try registered()
        let refused = try desk.type("shutdown if-idle or-refuse")
        #expect(desk.failure(refused)?.kind == .notNow)
        #expect(desk.failure(refused)?.text.contains("ClientRegistration") == true)
        #expect(desk.requests(.register).count == 1)
        let taken = try desk.type("shutdown if-idle calls or-refuse")
        #expect(desk.failure(taken) == nil)
        #expect(desk.requests(.register).count == 2)
    }

    @Test("if-idle is armed until the last usage ends by itself, and can be taken back (S7)")
    func ifIdle() throws {
        var desk = try registered()
        let request = try desk.type("shutdown if-idle giveup 1m")
        #expect(desk.softphone.model.isArmed)
        let stay = try desk.type("shutdown cancel")
        #expect(desk.success(stay) != nil)
        #expect(desk.failure(request)?.kind == .notNow)
        #expect(!desk.softphone.model.isArmed)
        let call = try desk.type("call bob")
        #expect(desk.failure(call) == nil)
    }

    @Test(
        "A shutdown that is taken back leaves a call that was hung up before it ending, and gives back all others (S7)")
    func takenBack() throws {
        var desk = try Desk()
        try desk.call("c2", to: "carol")
        try desk.send(.invite, to: "alice", [.contentType: "application/sdp"], body: description().serialised())
        try desk.type("answer as c1")
        try desk.follow(.ack)
        try desk.type("hangup c1")
        #expect(desk.requests(.bye).count == 1)
        try desk.type("shutdown graceful")
        #expect(desk.value("call.c2.state") == .text("ending"))
        let stay = try desk.type("shutdown cancel")
        #expect(desk.success(stay) != nil)
        #expect(desk.value("call.c1.state") == .text("ending"))
        #expect(desk.value("call.c2.state") == .text("connected"))
        try desk.leave()
    }

    @Test("Force sends nothing, closes every port, answers every command and ends at once (S1)")
    func force() throws {
        var desk = try registered()
        desk.isAudioPrompt = true
        let call = try desk.type("call bob")
        desk.isAudioPrompt = false
        let second = try desk.type("call carol")
        let count = desk.sent.count
        let force = try desk.type("shutdown force")
        #expect(desk.sent.count == count)
        #expect(desk.isFinished)
        #expect(desk.failure(call) != nil)
        #expect(desk.failure(second)?.kind == .shuttingDown)
        #expect(desk.success(force) != nil)
        #expect(desk.isAudioSettled)
        #expect(desk.answeredTwice.isEmpty)
        #expect(desk.report?.abandoned.count == 2)
    }

    @Test("An adjustment without a shutdown is refused (S7)")
    func adjustment() throws {
        var desk = try Desk()
        let request = try desk.type("shutdown extend 5s")
        #expect(desk.failure(request)?.kind == .notNow)
    }
}
