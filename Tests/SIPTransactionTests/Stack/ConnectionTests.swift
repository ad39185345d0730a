import SIPMessage
import SansIO
import Testing

@testable import SIPTransaction

@Suite("Connections")
struct ConnectionTests {
    @Test("Requests to the same place share a connection, and no request is repeated on it (TRN-051, CTX-066)")
    func shared() {
        var bench = Bench()
        _ = bench.send(.sample(.options, call: "one"), to: Target(Bench.peer, .tcp))
        _ = bench.send(.sample(.options, call: "two"), to: Target(Bench.peer, .tcp))
        #expect(bench.connections.count == 1)
        bench.connect(bench.connections[0].id)
        _ = bench.send(.sample(.options, call: "three"), to: Target(Bench.peer, .tcp))
        #expect(bench.connections.count == 1)
        #expect(bench.sent.compactMap { try? $0.message.callID() } == ["one", "two", "three"])
        bench.pass(31_999)
        #expect(bench.sent.count == 3)
    }

    @Test("A connection that the peer opened serves our requests to its address")
    func reused() {
        var bench = Bench()
        let flow = bench.accept()
        _ = bench.send(.sample(.options), to: Target(Bench.peer, .tcp))
        #expect(bench.connections.isEmpty)
        #expect(bench.sent.map(\.flow) == [flow])
    }

    @Test(
        "A connection that breaks fails at once what waits on it, and nothing else (TRN-051, CTX-079, RFC 3261 §18.4)",
        arguments: [FlowFailure.broken("reset"), .closedByPeer])
    func broken(failure: FlowFailure) {
        var bench = Bench()
        let first = bench.send(.sample(.options, call: "one"), to: Target(Bench.peer, .tcp))
        let second = bench.send(.sample(.invite, call: "two"), to: Target(Bench.peer, .tcp))
        let elsewhere = bench.send(.sample(.options, call: "three"), to: Target(Bench.other, .tcp))
        let datagram = bench.send(.sample(.options, call: "four"))
        bench.connect(bench.connections[0].id)
        bench.connect(bench.connections[1].id)
        bench.pass(100)
        bench.take(.closed(bench.connections[0].id, failure))
        #expect(bench.failed.map(\.id) == [first, second])
        #expect(bench.failed.allSatisfy { $0.at == at(100) })
        #expect(bench.failed.allSatisfy { $0.failure == (failure == .closedByPeer ? .closed : .unreachable) })
        #expect(bench.stack.request(of: elsewhere) != nil)
        #expect(bench.stack.request(of: datagram) != nil)
        #expect(bench.stack.census.flows == 1)
    }

    @Test("An accepted INVITE outlives its connection (RFC 6026 §7.2)")
    func acceptedOutlives() {
        var bench = Bench()
        let id = bench.send(.sample(.invite), to: Target(Bench.peer, .tcp))
        bench.connect(bench.connections[0].id)
        bench.answer(0, 200)
        bench.take(.closed(bench.connections[0].id, .closedByPeer))
        #expect(bench.failed.isEmpty)
        bench.pass(32_000)
        #expect(bench.ended == [id])
    }

    @Test("A request over TCP is answered on its connection (TRN-042, RFC 3261 §18.2.2)")
    func answeredOnFlow() {
        var bench = Bench()
        let flow = bench.accept(from: Bench.stranger)
        bench.stream(tcpRequest("OPTIONS"), on: flow)
        bench.respond(200)
        #expect(bench.sent.map(\.flow) == [flow])
        #expect(bench.stack.census.serverTransactions == 0)
    }

    @Test(
        "If that connection is lost, on a new one to the source address and the sent-by port (TRN-043, RFC 3261 §18.2.2)"
    )
    func answeredOnNewFlow() {
        var bench = Bench()
        answerAfterLoss(&bench, sentBy: "192.0.2.2:5062")
        #expect(bench.connections.map(\.remote) == [SocketAddress(Bench.stranger.ip, port: 5062)])
        #expect(!bench.stack.isFlushed)
        bench.connect(bench.connections[0].id)
        #expect(bench.statuses == [200])
    }

    /// A request over TCP whose connection is gone when it is answered.
    private func answerAfterLoss(_ bench: inout Bench, sentBy: String) {
        let flow = bench.accept(from: Bench.stranger)
        bench.stream(request("OPTIONS", via: "SIP/2.0/TCP \(sentBy);branch=z9hG4bKone;rport"), on: flow)
        bench.take(.closed(flow, .closedByPeer))
        bench.respond(200)
    }

    @Test("If nobody takes that one, on one to what sent-by names (TRN-043, RFC 3261 §18.2.2, RFC 3263 §5)")
    func answeredAtSentBy() {
        var bench = Bench()
        answerAfterLoss(&bench, sentBy: "sip.example.com:5062")
        bench.take(.closed(bench.connections[0].id, .refused))
        #expect(bench.questions.map(\.host) == ["sip.example.com"])
        #expect(!bench.stack.isFlushed)
        bench.take(.resolved(bench.questions[0].id, [Bench.stranger.ip, .v4(0xE000_0001), .loopback4, Bench.other.ip]))
        #expect(bench.connections.map(\.remote.port) == [5062, 5062])
        #expect(bench.connections[1].remote.ip == Bench.other.ip)
        bench.connect(bench.connections[1].id)
        #expect(bench.statuses == [200])
        #expect(bench.sent[0].remote.ip == Bench.other.ip)
        bench.take(.closed(bench.connections[1].id, .closedByPeer))
        #expect(bench.stack.census.isEmpty)
    }

    @Test(
        "An answer that finds nobody there either is given up (TRN-043, H-050, H-051)",
        arguments: [
            "198.51.100.1", "192.0.2.1:5060", "127.0.0.1:5062", "255.255.255.255", "192.0.2.3:5062", "sip.example.com",
        ])
    func givenUp(sentBy: String) {
        var bench = Bench()
        answerAfterLoss(&bench, sentBy: sentBy)
        bench.take(.closed(bench.connections[0].id, .refused))
        if sentBy.hasPrefix("192.0.2.3") { bench.take(.closed(bench.connections[1].id, .refused)) }
        bench.pass(5000)
        #expect(bench.statuses.isEmpty)
        #expect(bench.connections.count == (sentBy.hasPrefix("192.0.2.3") ? 2 : 1))
        #expect(bench.stack.census.isEmpty)
        #expect(bench.stack.isFlushed)
    }

    @Test("A transport error leaves an INVITE server transaction where it is (STX-098, RFC 6026 §7.1)")
    func serverSurvives() {
        var bench = Bench()
        bench.datagram(request("INVITE"))
        bench.respond(486)
        bench.take(.unreachable(remote: Bench.peer, payload: bench.sent[0].message.bytes))
        bench.datagram(request("INVITE"))
        #expect(bench.received.count == 1)
        #expect(bench.statuses == [486, 486])
    }

    @Test("A connection remembers no request that has ended or gone another way")
    func forgotten() {
        var bench = Bench()
        let flow = bench.accept()
        let answered = bench.send(.sample(.options, call: "one"), to: Target(Bench.peer, .tcp))
        let abandoned = bench.send(.sample(.options, call: "two"), to: Target(Bench.peer, .tcp))
        #expect(bench.stack.flows[flow]?.clients == [answered, abandoned])
        bench.answer(0, 200)
        bench.stack.abandon(abandoned)
        #expect(bench.stack.flows[flow]?.clients == [])
    }
}
