import SIPMessage
import SansIO
import Testing

@testable import SIPTransaction

@Suite("UDP or TCP (RFC 3261 §18.1.1)")
struct TransportTests {
    @Test("A request above 1300 octets goes over TCP, and its Via says so (TRN-038, RFC 3261 §18.1.1)")
    func large() throws {
        var bench = Bench()
        let contact = ContactTemplate(user: "alice", uriParameters: Parameters(), fieldParameters: Parameters())
        let id = bench.send(.sample(.message, body: 1400), contact: contact)
        #expect(bench.sent.isEmpty)
        #expect(bench.connections.map(\.remote) == [Bench.peer])
        bench.connect(bench.connections[0].id)
        #expect(bench.sent.map(\.flow) == [bench.connections[0].id])
        #expect(try bench.sent[0].message.topVia().transport == "TCP")
        #expect(bench.sent[0].message.value(.contact)?.contains("transport=tcp") == true)
        bench.answer(0, 200)
        #expect(bench.answered.map(\.id) == [id])
        #expect(bench.ended == [id])
    }

    @Test("1300 octets go over UDP, one more over TCP (RFC 3261 §18.1.1)")
    func border() {
        var bench = Bench()
        let empty = bench.send(.sample(.message, body: 100))
        bench.stack.abandon(empty)
        let room = 1300 - bench.sent[0].message.bytes.count + 100 - 1
        _ = bench.send(.sample(.message, body: room))
        #expect(bench.sent[1].message.bytes.count == 1300)
        #expect(bench.connections.isEmpty)
        _ = bench.send(.sample(.message, body: room + 1))
        #expect(bench.connections.count == 1)
    }

    @Test("Where TCP is refused a large request goes over UDP after all, with a new branch (TRN-038, RFC 3261 §18.1.1)")
    func fallBack() throws {
        var bench = Bench()
        let id = bench.send(.sample(.publish, body: 1400))
        bench.take(.closed(bench.connections[0].id, .refused))
        try #require(bench.sent.map(\.flow) == [nil])
        #expect(try bench.sent[0].message.topVia().transport == "UDP")
        #expect(bench.failed.isEmpty)
        bench.answer(0, 200)
        #expect(bench.answered.map(\.id) == [id])
    }

    @Test("But no MESSAGE of that size does: it fails (MSG-396, RFC 3428 §8)")
    func noLargeMessage() {
        var bench = Bench()
        let id = bench.send(.sample(.message, body: 1400))
        bench.take(.closed(bench.connections[0].id, .refused))
        #expect(bench.sent.isEmpty)
        #expect(bench.failed.map(\.id) == [id])
        #expect(bench.failed.map(\.failure) == [.unreachable])
        #expect(bench.stack.census.isEmpty)
    }

    @Test("Where TCP was asked for there is no way back to UDP")
    func noFallBack() {
        var bench = Bench()
        let id = bench.send(.sample(.options), to: Target(Bench.peer, .tcp))
        bench.take(.closed(bench.connections[0].id, .refused))
        #expect(bench.failed.map(\.id) == [id])
        #expect(bench.failed.map(\.failure) == [.unreachable])
        #expect(bench.sent.isEmpty)
        #expect(bench.stack.census.isEmpty)
    }

    @Test(
        "The answer to a request sent over TCP may come on a connection that the peer opens (TRN-039, VIA-060, RFC 3581 §3)"
    )
    func answerOnNewConnection() {
        var bench = Bench()
        let id = bench.send(.sample(.options), to: Target(Bench.peer, .tcp))
        bench.connect(bench.connections[0].id)
        let flow = bench.accept(from: SocketAddress(Bench.peer.ip, port: 50_000))
        let answer = ResponseDraft(200, to: bench.sent[0].message, toTag: "t").serialised()
        bench.take(.received(flow, answer))
        #expect(bench.answered.map(\.id) == [id])
    }
}
