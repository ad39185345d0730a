import Ladder
import SIPMessage
import SIPTransaction
import SansIO
import Testing

@Suite("Server transactions (RFC 3261 §17.2, RFC 6026, RFC 4320)")
struct ServerTransactionTests {
    @Test("An INVITE that nobody answers within 200 ms gets 100, once (§17.2.1)")
    func trying() {
        var line = Line()
        line.hear(Line.request("INVITE"))
        line.run(for: .milliseconds(199))
        #expect(line.datagrams.isEmpty)
        line.run(for: .seconds(5))
        #expect(line.times("100 INVITE") == ["0.200"])
    }

    @Test("A repeated INVITE is told to nobody again and gets the last provisional answer again (§17.2.1)")
    func repeatedInvite() throws {
        var line = Line()
        line.hear(Line.request("INVITE"))
        try line.respond(180)
        line.hear(Line.request("INVITE"))
        line.hear(Line.request("INVITE"))
        #expect(line.requests.count == 1)
        #expect(line.times("180 INVITE").count == 3)
    }

    @Test("A refusal is repeated by Timer G up to T2 until Timer H; then it ends unacknowledged (§17.2.1)")
    func refusalUnacknowledged() throws {
        var line = Line()
        line.hear(Line.request("INVITE"))
        try line.respond(486)
        #expect(!line.stack.isFlushed, "the ACK is awaited")
        line.run(for: .seconds(40))
        #expect(
            line.times("486 INVITE") == [
                "0.000", "0.500", "1.500", "3.500", "7.500", "11.500", "15.500", "19.500", "23.500", "27.500", "31.500",
            ])
        #expect(line.serversEnded == [false])
        line.expectEmpty()
    }

    @Test("The ACK of a refusal ends the repetition, is told and is not passed on; more of them are absorbed (Timer I)")
    func refusalAcknowledged() throws {
        var line = Line()
        line.hear(Line.request("INVITE"))
        try line.respond(486)
        line.hear(Line.request("ACK", toTag: "a"))
        #expect(line.stack.isFlushed)
        line.hear(Line.request("ACK", toTag: "a"))
        line.run(for: .seconds(4))
        #expect(line.times("486 INVITE").count == 1)
        #expect(line.acknowledged == 0)
        line.run(for: .seconds(2))
        #expect(line.serversEnded == [true])
        line.expectEmpty()
    }

    @Test(
        "After a 2xx a repeated INVITE is absorbed, and the ACK with the same branch goes up (RFC 6026 §7.1, Timer L)")
    func accepted() throws {
        var line = Line()
        line.hear(Line.request("INVITE"))
        try line.respond(200)
        line.hear(Line.request("INVITE"))
        #expect(line.times("200 INVITE").count == 1, "the usage repeats it, not the transaction")
        try line.respond(200)
        #expect(line.times("200 INVITE").count == 2)
        line.hear(Line.request("ACK", branch: "z9hG4bKp1", toTag: "a"))
        #expect(line.acknowledged == 1)
        line.run(for: .seconds(33))
        #expect(line.serversEnded == [true])
        line.expectEmpty()
    }

    @Test("A stray ACK goes up and is never answered (§17.2.3, H20)")
    func strayAck() {
        var line = Line()
        line.hear(Line.request("ACK", branch: "z9hG4bKother", toTag: "a"))
        #expect(line.acknowledged == 1)
        #expect(line.datagrams.isEmpty)
        line.expectEmpty(after: .zero)
    }

    @Test("A non-INVITE keeps its final answer for repetition until Timer J, and before that says nothing (§17.2.2)")
    func nonInvite() throws {
        var line = Line()
        line.hear(Line.request("OPTIONS"))
        line.hear(Line.request("OPTIONS"))
        #expect(line.datagrams.isEmpty)
        try line.respond(200)
        line.hear(Line.request("OPTIONS"))
        #expect(line.times("200 OPTIONS").count == 2)
        #expect(line.requests.count == 1)
        line.run(for: .seconds(33))
        #expect(line.serversEnded == [true])
        line.hear(Line.request("OPTIONS"))
        #expect(line.requests.count == 2, "by now it is a new one")
    }

    @Test("A non-INVITE that is never answered is forgotten without a 408 (RFC 4320 §4.1)")
    func unanswered() {
        var line = Line()
        line.hear(Line.request("OPTIONS"))
        line.run(for: .seconds(33))
        #expect(line.datagrams.isEmpty)
        line.expectEmpty()
    }

    @Test("CANCEL of a ringing INVITE gets 200 and is told; the INVITE is for its user to answer (§9.2)")
    func cancel() throws {
        var line = Line()
        line.hear(Line.request("INVITE"))
        try line.respond(180)
        line.hear(Line.request("CANCEL"))
        #expect(line.times("200 CANCEL").count == 1)
        #expect(line.outputs.contains { if case .cancelled = $0 { true } else { false } })
        try line.respond(487)
        line.hear(Line.request("ACK", toTag: "a"))
        line.expectEmpty()
    }

    @Test("CANCEL after the final answer gets 200 and has no effect; one that matches nothing gets 481 (§9.2)")
    func lateCancel() throws {
        var line = Line()
        line.hear(Line.request("INVITE"))
        try line.respond(200)
        line.hear(Line.request("CANCEL"))
        #expect(line.times("200 CANCEL").count == 1)
        #expect(!line.outputs.contains { if case .cancelled = $0 { true } else { false } })
        line.hear(Line.request("CANCEL", branch: "z9hG4bKother"))
        #expect(line.times("481 CANCEL").count == 1)
        line.expectEmpty()
    }
}
