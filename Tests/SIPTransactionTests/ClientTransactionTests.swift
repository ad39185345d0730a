import Ladder
import SIPMessage
import SIPTransaction
import SansIO
import Testing

@Suite("Client transactions (RFC 3261 §17.1, RFC 6026)")
struct ClientTransactionTests {
    @Test("Timer A doubles from T1, Timer B gives up after 64·T1 (§17.1.1.2)")
    func inviteSilence() {
        var line = Line()
        line.send(.invite)
        #expect(!line.stack.isFlushed)
        line.run(for: .seconds(40))
        #expect(
            line.times("INVITE") == ["0.000", "0.500", "1.500", "3.500", "7.500", "15.500", "31.500"])
        #expect(line.failures == [.timedOut])
        line.expectEmpty()
    }

    @Test("A provisional answer ends the repetition of INVITE, and nothing gives up for the caller (§17.1.1.2)")
    func inviteProceeding() throws {
        var line = Line()
        line.send(.invite)
        line.hear(line.answer(try line.message(0), 180))
        line.run(for: .seconds(600))
        #expect(line.times("INVITE").count == 1)
        #expect(line.answers == [180])
        #expect(line.failures.isEmpty)
        line.hear(line.answer(try line.message(0), 486))
        line.expectEmpty()
    }

    @Test("A refusal is acknowledged with the same branch, each time it comes, until Timer D (§17.1.1.2, §17.1.1.3)")
    func inviteRefused() throws {
        var line = Line()
        line.send(.invite)
        let invite = try line.message(0)
        for _ in 0..<3 { line.hear(line.answer(invite, 486)) }
        #expect(line.answers == [486], "told once")
        #expect(line.times("ACK").count == 3)
        let ack = try line.lastMessage
        #expect(try ack.topVia().branch == invite.topVia().branch)
        #expect(ack.value(.cSeq) == "7 ACK")
        #expect(ack.value(.to)?.contains("tag=b") == true)
        line.run(for: .seconds(31))
        #expect(line.ended == 0)
        line.run(for: .seconds(2))
        #expect(line.ended == 1)
        line.expectEmpty()
    }

    @Test("Every 2xx goes up for 64·T1 and the stack acknowledges none of them (RFC 6026 §7.2, Timer M)")
    func inviteAccepted() throws {
        var line = Line()
        line.send(.invite)
        let invite = try line.message(0)
        line.hear(line.answer(invite, 200))
        line.hear(line.answer(invite, 200))
        line.hear(line.answer(invite, 200, tag: "fork"))
        #expect(line.answers == [200, 200, 200])
        #expect(line.times("ACK").isEmpty)
        #expect(line.stack.isFlushed, "nothing of ours is on its way")
        line.run(for: .seconds(33))
        line.hear(line.answer(invite, 200))
        #expect(line.answers.count == 3)
        #expect(line.strays == 1)
        line.expectEmpty()
    }

    @Test("Timer E doubles up to T2, Timer F gives up after 64·T1 (§17.1.2.2)")
    func nonInviteSilence() {
        var line = Line()
        line.send(.register)
        line.run(for: .seconds(40))
        #expect(
            line.times("REGISTER") == [
                "0.000", "0.500", "1.500", "3.500", "7.500", "11.500", "15.500", "19.500", "23.500", "27.500", "31.500",
            ])
        #expect(line.failures == [.timedOut])
        line.expectEmpty()
    }

    @Test("After a provisional answer a non-INVITE is repeated every T2, and Timer F still runs (§17.1.2.2)")
    func nonInviteProceeding() throws {
        var line = Line()
        line.send(.options)
        line.hear(line.answer(try line.message(0), 100))
        line.run(for: .seconds(40))
        #expect(line.times("OPTIONS").prefix(4) == ["0.000", "0.500", "4.500", "8.500"])
        #expect(line.failures == [.timedOut])
        line.expectEmpty()
    }

    @Test("Repeated final answers are absorbed until Timer K, then they are stray (§17.1.2.2)")
    func nonInviteCompleted() throws {
        var line = Line()
        line.send(.options)
        let request = try line.message(0)
        line.hear(line.answer(request, 200))
        line.hear(line.answer(request, 200))
        #expect(line.answers == [200])
        #expect(line.strays == 0)
        line.run(for: .seconds(6))
        line.hear(line.answer(request, 200))
        #expect(line.strays == 1)
        line.expectEmpty()
    }

    @Test("CANCEL has the branch, Request-URI and number of its INVITE and a machine of its own (§9.1)")
    func cancel() throws {
        var line = Line()
        let id = line.send(.invite)
        let invite = try line.message(0)
        line.hear(line.answer(invite, 180))
        let cancelled = line.stack.cancel(id, at: line.now)
        line.take(try #require(cancelled).1)
        let cancel = try line.lastMessage
        #expect(cancel.method == .cancel)
        #expect(try cancel.topVia().branch == invite.topVia().branch)
        #expect(cancel.requestURIText == invite.requestURIText)
        #expect(cancel.value(.cSeq) == "7 CANCEL")
        line.hear(line.answer(cancel, 200))
        line.hear(line.answer(invite, 487))
        #expect(line.answers == [180, 200, 487])
        line.expectEmpty()
    }

    @Test("There is nothing to cancel once the INVITE has its final answer (§9.1)")
    func lateCancel() throws {
        var line = Line()
        let id = line.send(.invite)
        line.hear(line.answer(try line.message(0), 200))
        let cancelled = line.stack.cancel(id, at: line.now)
        #expect(cancelled == nil)
        line.expectEmpty()
    }

    @Test("A request that was abandoned is forgotten with its timers; its answer is stray")
    func abandoned() throws {
        var line = Line()
        let id = line.send(.register)
        line.stack.abandon(id)
        #expect(line.stack.isFlushed)
        line.hear(line.answer(try line.message(0), 200))
        #expect(line.strays == 1)
        line.expectEmpty(after: .zero)
    }
}
