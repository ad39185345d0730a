import Ladder
import SIPMessage
import SIPTransaction
import SansIO
import Testing

@Suite("Transports (RFC 3261 §18, shutdown.md R7)")
struct TransportTests {
    private func stand(_ line: inout Line, _ index: Int = 0) throws -> FlowID {
        try #require(line.connects.indices.contains(index))
        let (flow, remote) = line.connects[index]
        line.take(
            line.stack.handle(
                .connected(flow, FlowEnds(transport: .tcp, local: Line.own, remote: remote)), at: line.now))
        return flow
    }

    @Test("A request of more than 1300 octets goes over TCP, and Via says so (§18.1.1)")
    func large() throws {
        var line = Line()
        line.send(.message, padding: 1300)
        #expect(line.datagrams.isEmpty)
        let flow = try stand(&line)
        let message = try SIPMessage(parsing: try #require(line.written.last).bytes)
        #expect(try message.topVia().transport == "TCP")
        line.take(line.stack.handle(.drained(flow), at: line.now))
        line.hear(line.answer(message, 200), on: flow)
        #expect(line.answers == [200])
        line.expectEmpty()
    }

    @Test("Where nobody takes TCP for size, it goes over UDP after all (§18.1.1)")
    func fallBack() throws {
        var line = Line()
        line.send(.message, padding: 1300)
        let flow = try #require(line.connects.first?.flow)
        line.take(line.stack.handle(.closed(flow, .refused), at: line.now))
        let message = try line.message(0)
        #expect(try message.topVia().transport == "UDP")
        line.hear(line.answer(message, 200))
        #expect(line.answers == [200])
        #expect(line.failures.isEmpty)
        line.expectEmpty()
    }

    @Test("A connection is used again, in both directions (§18)")
    func reuse() throws {
        var line = Line()
        line.send(.options, to: Line.target(.tcp))
        let flow = try stand(&line)
        line.send(.options, to: Line.target(.tcp))
        #expect(line.connects.count == 1)
        #expect(line.written.count == 2)
        line.hear(Line.request("INFO"), on: flow)
        try line.respond(200)
        #expect(line.written.last?.flow == flow)
        #expect(line.connects.count == 1)
    }

    @Test("On a stream nothing is repeated, and a final answer ends the transaction at once (§17.1.2.2, Timer K = 0)")
    func reliable() throws {
        var line = Line()
        line.send(.options, to: Line.target(.tcp))
        let flow = try stand(&line)
        line.run(for: .seconds(20))
        #expect(line.written.count == 1)
        line.hear(line.answer(try SIPMessage(parsing: line.written[0].bytes), 200), on: flow)
        #expect(line.ended == 1)
        line.take(line.stack.handle(.drained(flow), at: line.now))
        line.expectEmpty(after: .zero)
    }

    @Test("43. A reset fails every request that waits on the connection at once, and no other")
    func reset() throws {
        var line = Line()
        line.send(.register, to: Line.target(.tcp))
        line.send(.options, to: Line.target(.tcp))
        line.send(.options)
        let flow = try stand(&line)
        line.take(line.stack.handle(.closed(flow, .broken("reset")), at: line.now))
        #expect(line.failures == [.unreachable, .unreachable])
        #expect(line.stack.census.clientTransactions == 1)
        line.expectEmpty()
    }

    @Test("A connection that never comes to be is given up by Timer F")
    func neverConnected() {
        var line = Line()
        line.send(.options, to: Line.target(.tcp))
        line.run(for: .seconds(31))
        #expect(line.failures.isEmpty)
        line.run(for: .seconds(2))
        #expect(line.failures == [.timedOut])
    }

    @Test("45. An ICMP error fails the transaction that its payload names, at once, and no other (R7)")
    func icmp() throws {
        var line = Line()
        line.send(.register)
        line.send(.options)
        let payload = Array(try #require(line.datagrams.first).bytes.prefix(160))
        line.take(
            line.stack.handle(.unreachable(remote: SocketAddress(.loopback4, port: 9), payload: payload), at: line.now))
        #expect(line.failures.isEmpty, "another address")
        line.take(line.stack.handle(.unreachable(remote: Line.peer, payload: [1, 2, 3]), at: line.now))
        line.take(line.stack.handle(.unreachable(remote: Line.peer, payload: payload), at: line.now))
        #expect(line.failures == [.unreachable])
        #expect(line.stack.census.clientTransactions == 1)
        line.expectEmpty()
    }

    @Test("The addresses of a name are tried in turn, each with a branch of its own (RFC 3263 §4.3)")
    func addresses() throws {
        var line = Line()
        line.send(.options, to: Line.target(host: "proxy.example.com"))
        let question = try #require(line.questions.first)
        #expect(question.host == "proxy.example.com")
        let (first, second) = (IPAddress.v4(0xC000_0201), IPAddress.v4(0xC000_0202))
        line.take(line.stack.handle(.resolved(question.id, [first, second]), at: line.now))
        #expect(line.datagrams.map(\.remote.ip) == [first])
        let payload = try #require(line.datagrams.first).bytes
        line.take(
            line.stack.handle(.unreachable(remote: SocketAddress(first, port: 5090), payload: payload), at: line.now))
        #expect(line.datagrams.map(\.remote.ip) == [first, second])
        #expect(try line.message(0).topVia().branch != line.message(1).topVia().branch)
        #expect(line.failures.isEmpty)
        line.expectEmpty()
    }

    @Test("A name without addresses fails at once; one that is never answered fails by Timer F")
    func noAddress() throws {
        var line = Line()
        line.send(.options, to: Line.target(host: "nowhere.example.com"))
        line.take(line.stack.handle(.resolved(try #require(line.questions.first).id, []), at: line.now))
        #expect(line.failures == [.noAddress])
        line.send(.options, to: Line.target(host: "silent.example.com"))
        line.run(for: .seconds(33))
        #expect(line.failures == [.noAddress, .timedOut])
        line.expectEmpty(after: .zero)
    }

    @Test("Messages are cut from a stream however they arrive; pings are answered (§18.3, RFC 5626 §4.4.1)")
    func framing() {
        var line = Line()
        let flow = FlowID(serial: 1)
        let ends = FlowEnds(transport: .tcp, local: Line.own, remote: Line.peer)
        line.take(line.stack.handle(.accepted(flow, ends), at: line.now))
        let both = Line.request("OPTIONS", branch: "z9hG4bK1") + Line.request("INFO", branch: "z9hG4bK2")
        line.hear(both, on: flow)
        #expect(line.requests.map(\.message.method) == [.options, .info])
        for byte in Line.request("MESSAGE", branch: "z9hG4bK3").utf8 { line.hear([byte], on: flow) }
        #expect(line.requests.count == 3)
        line.hear("\r\n\r\n", on: flow)
        #expect(line.written.last?.bytes == [13, 10])
        line.hear(Line.request("OPTIONS", branch: "z9hG4bK4", length: false), on: flow)
        #expect(line.closed == [flow], "without Content-Length the stream has no order any more")
    }

    @Test(
        "A message that stays incomplete for 15 s from its first octet closes its connection, however it drips (H-040)")
    func slow() {
        var line = Line()
        let flow = FlowID(serial: 1)
        let ends = FlowEnds(transport: .tcp, local: Line.own, remote: Line.peer)
        line.take(line.stack.handle(.accepted(flow, ends), at: line.now))
        line.hear(Line.request("OPTIONS"), on: flow)
        line.run(for: .seconds(100))
        #expect(line.closed.isEmpty, "a quiet connection is no slow one")
        for byte in Array("OPTIONS sip:a".utf8) {
            line.hear([byte], on: flow)
            line.run(for: .seconds(1))
        }
        #expect(line.closed.isEmpty)
        line.run(for: .seconds(3))
        #expect(line.closed == [flow])
        #expect(line.malformed == 1)
    }

    @Test("A response finds a new connection when the one of the request is gone (§18.2.2)")
    func responseReconnects() throws {
        var line = Line()
        let flow = FlowID(serial: 1)
        let ends = FlowEnds(transport: .tcp, local: Line.own, remote: SocketAddress(.loopback4, port: 40_000))
        line.take(line.stack.handle(.accepted(flow, ends), at: line.now))
        line.hear(Line.request("OPTIONS", via: "127.0.0.1:5090"), on: flow)
        line.take(line.stack.handle(.closed(flow, .closedByPeer), at: line.now))
        try line.respond(200)
        #expect(line.connects.first?.remote == Line.peer)
        #expect(!line.stack.isFlushed)
        let new = try stand(&line)
        #expect(line.written.last?.flow == new)
        line.take(line.stack.handle(.drained(new), at: line.now))
        #expect(line.stack.isFlushed)
    }
}
