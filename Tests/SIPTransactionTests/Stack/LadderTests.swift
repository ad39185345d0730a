import SIPMessage
import SIPTransaction
import SansIO
import Testing

@Suite("Transactions over virtual time")
struct LadderTests {
    @Test("A silent peer hears an INVITE seven times in 32 s (CTX-065, CTX-080, RFC 3261 §17.1.1.2)")
    func silence() {
        var bench = Bench()
        let id = bench.send(.sample(.invite))
        bench.pass(60_000)
        #expect(bench.times == [0, 500, 1500, 3500, 7500, 15_500, 31_500].map(at))
        #expect(bench.sent.allSatisfy { $0.message == bench.sent[0].message })
        #expect(bench.traces.map(\.retransmission) == Array(0..<7))
        #expect(bench.failed.map(\.at) == [at(32_000)])
        #expect(bench.failed.map(\.failure) == [.timedOut])
        #expect(bench.ended == [id])
        #expect(bench.stack.census.isEmpty)
    }

    @Test("A provisional answer stops the repetition for ever, and each one goes up (CTX-067, RFC 3261 §17.1.1.2)")
    func ringing() {
        var bench = Bench()
        let id = bench.send(.sample(.invite))
        bench.pass(500)
        bench.answer(0, 100)
        for _ in 0..<3 {
            bench.pass(60_000)
            bench.answer(0, 183)
        }
        #expect(bench.sent.count == 2)
        #expect(bench.answered.map { $0.message.status?.value } == [100, 183, 183, 183])
        bench.pass(600_000)
        #expect(bench.sent.count == 2)
        #expect(bench.failed.isEmpty)
        bench.answer(0, 200)
        #expect(bench.answered.last?.id == id)
    }

    @Test("Over TCP a refusal is acknowledged at once, on the same connection (CTX-068, CTX-081, RFC 3261 §17.1.1.2)")
    func refusalOnStream() {
        var bench = Bench()
        let id = bench.send(.sample(.invite), to: Target(Bench.peer, .tcp))
        bench.connect(bench.connections[0].id)
        bench.answer(0, 486)
        #expect(bench.sent.map(\.message.method) == [.invite, .ack])
        #expect(bench.sent.map(\.flow) == [bench.connections[0].id, bench.connections[0].id])
        #expect(bench.times == [.zero, .zero])
        #expect(bench.answered.map(\.id) == [id])
        #expect(bench.ended == [id])
        #expect(bench.connections.count == 1)
    }

    @Test("A silent peer hears another request eleven times in 32 s (CTX-074, CTX-080, RFC 3261 §17.1.2.2)")
    func silenceToOptions() {
        var bench = Bench()
        _ = bench.send(.sample(.options))
        bench.pass(60_000)
        #expect(
            bench.times == [0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500].map(at))
        #expect(bench.failed.map(\.at) == [at(32_000)])
        #expect(bench.failed.map(\.failure) == [.timedOut])
        #expect(bench.stack.census.isEmpty)
    }

    @Test("A provisional goes up and Timer F goes on (CTX-075, RFC 3261 §17.1.2.2)")
    func tryingToOptions() {
        var bench = Bench()
        _ = bench.send(.sample(.options))
        bench.answer(0, 100)
        bench.answer(0, 100)
        #expect(bench.answered.map { $0.message.status?.value } == [100, 100])
        bench.pass(60_000)
        #expect(bench.failed.map(\.at) == [at(32_000)])
    }

    @Test("Of a final answer to another request only the first copy goes up (CTX-076, RFC 3261 §17.1.2.2)")
    func repeatedFinal() {
        var bench = Bench()
        let id = bench.send(.sample(.options))
        for _ in 0..<3 { bench.answer(0, 200) }
        bench.pass(4999)
        bench.answer(0, 200)
        #expect(bench.answered.map(\.id) == [id])
        #expect(bench.strays.isEmpty)
        bench.pass(1)
        #expect(bench.ended == [id])
        #expect(bench.stack.census.isEmpty)
    }

    @Test("A refusal is acknowledged each time it comes and passed up once (CTX-068, CTX-069, RFC 6026 §8.4)")
    func refusal() {
        var bench = Bench()
        let id = bench.send(.sample(.invite))
        bench.answer(0, 100)
        bench.answer(0, 180)
        for _ in 0..<3 {
            bench.answer(0, 486)
            bench.pass(4000)
        }
        #expect(bench.answered.map { $0.message.status?.value } == [100, 180, 486])
        #expect(bench.sent.map(\.message.method) == [.invite, .ack, .ack, .ack])
        #expect(bench.sent[1].message == bench.sent[3].message)
        bench.pass(20_000)
        #expect(bench.ended == [id])
        #expect(bench.stack.census.isEmpty)
    }

    @Test("A final answer after CANCEL ends the INVITE as any other (CTX-083, RFC 3261 §9.1)")
    func cancelled() {
        var bench = Bench()
        let invite = bench.send(.sample(.invite))
        bench.answer(0, 180)
        _ = bench.cancel(invite)
        bench.answer(1, 200)
        bench.answer(0, 487)
        #expect(bench.sent.map(\.message.method) == [.invite, .cancel, .ack])
        bench.pass(32_000)
        #expect(bench.stack.census.isEmpty)
    }

    @Test("100 Trying goes out by itself after 200 ms, without a To tag (STX-086, RFC 3261 §8.2.6.1)")
    func trying() throws {
        var bench = Bench()
        bench.datagram(request("INVITE", more: "Timestamp: 54\r\n"))
        bench.pass(199)
        #expect(bench.sent.isEmpty)
        bench.pass(1)
        #expect(bench.statuses == [100])
        #expect(try bench.sent[0].message.to().tag == nil)
        #expect(bench.sent[0].message.value(.timestamp) == "54")
        bench.respond(180)
        bench.datagram(request("INVITE"))
        #expect(bench.statuses == [100, 180, 180])
    }

    @Test("Another request hears 100 only after 3.5 s, and is forgotten without a 408 (STX-096, STX-097, RFC 4320 §4)")
    func lateTrying() {
        var bench = Bench()
        bench.datagram(request("MESSAGE"))
        bench.respond(100)
        bench.respond(180)
        bench.pass(3499)
        #expect(bench.sent.isEmpty)
        bench.pass(1)
        #expect(bench.statuses == [100])
        bench.datagram(request("MESSAGE"))
        #expect(bench.statuses == [100, 100])
        bench.respond(408)
        bench.pass(32_000)
        #expect(bench.statuses == [100, 100])
        #expect(bench.serverEnded.count == 1)
        #expect(bench.stack.census.isEmpty)
    }

    @Test("Our refusal is repeated until Timer H, and that is told (STX-088, RFC 3261 §17.2.1)")
    func unacknowledged() {
        var bench = Bench()
        bench.datagram(request("INVITE"))
        bench.respond(486)
        bench.pass(40_000)
        #expect(bench.statuses == Array(repeating: 486, count: 11))
        #expect(bench.serverEnded.map(\.acknowledged) == [false])
        #expect(bench.stack.census.isEmpty)
    }

    @Test("A 2xx is repeated by the user alone, and the INVITE absorbed for 64·T1 (STX-089, STX-099, RFC 6026 §7.1)")
    func accepted() {
        var bench = Bench()
        bench.datagram(request("INVITE"))
        bench.respond(200)
        bench.pass(10_000)
        #expect(bench.statuses == [200])
        bench.respond(200)
        bench.respond(180)
        bench.datagram(request("INVITE"))
        #expect(bench.statuses == [200, 200])
        #expect(bench.received.count == 1)
        bench.pass(22_000)
        #expect(bench.serverEnded.map(\.acknowledged) == [true])
        #expect(bench.stack.census.isEmpty)
    }

    @Test("A thousand transactions that end by time-out leave nothing behind (CTX-084, RFC 3261 §17)")
    func thousand() {
        var bench = Bench()
        for index in 0..<1000 { _ = bench.send(.sample(index % 2 == 0 ? .invite : .options, call: "\(index)")) }
        #expect(bench.stack.census.clientTransactions == 1000)
        #expect(bench.stack.census.timers == 1000)
        bench.pass(32_000)
        #expect(bench.failed.count == 1000)
        #expect(bench.ended.count == 1000)
        #expect(bench.stack.census.isEmpty)
        #expect(bench.stack.isFlushed)
    }
}
