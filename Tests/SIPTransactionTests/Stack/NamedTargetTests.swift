import Ladder
import SIPMessage
import SIPTransaction
import SansIO
import Testing

@Suite("What has no transaction, to a next hop that is a name (RFC 3261 §13.2.2.4, RFC 3263 §4)")
struct NamedTargetTests {
    private let name = Target(host: "sip.example.com", port: 5062, transport: nil)

    @Test("The ACK of a 2xx waits for the address, once for all copies of the 2xx (IVC-218, RFC 3261 §13.2.2.4)")
    func resolved() throws {
        var bench = Bench()
        let id = bench.stack.newAcknowledgement()
        bench.acknowledge(.sample(.ack), to: name, as: id)
        bench.acknowledge(.sample(.ack), to: name, as: id)
        #expect(bench.questions.map(\.host) == ["sip.example.com"])
        #expect(bench.sent.isEmpty)
        #expect(!bench.stack.isFlushed)
        bench.take(.resolved(bench.questions[0].id, [.v4(0), Bench.other.ip, Bench.peer.ip]))
        #expect(bench.sent.map(\.remote) == [SocketAddress(Bench.other.ip, port: 5062)])
        #expect(bench.stack.isFlushed)
        #expect(bench.stack.census.isEmpty)
        bench.acknowledge(.sample(.ack), to: name, as: id)
        bench.take(.resolved(bench.questions[1].id, [Bench.other.ip]))
        #expect(bench.sent.map(\.message.bytes) == Array(repeating: bench.sent[0].message.bytes, count: 2))
    }

    @Test("An ACK to a name with a stream goes over a connection")
    func stream() throws {
        var bench = Bench()
        bench.acknowledge(.sample(.ack), to: Target(host: "sip.example.com", port: nil, transport: .tcp))
        bench.take(.resolved(bench.questions[0].id, [Bench.other.ip]))
        let connection = try #require(bench.connections.first)
        bench.connect(connection.id)
        #expect(bench.sent.map(\.flow) == [connection.id])
    }

    @Test("Where the resolver is silent or knows nothing, the ACK goes to where the name was reached last (H-105)")
    func silence() throws {
        var bench = Bench()
        bench.acknowledge(.sample(.ack), to: name)
        bench.pass(5_000)
        #expect(bench.sent.isEmpty)
        #expect(bench.stack.census.isEmpty)
        _ = bench.send(.sample(.options), to: name)
        bench.take(.resolved(bench.questions[1].id, [Bench.peer.ip]))
        bench.answer(0, 200)
        bench.pass(10_000)
        bench.acknowledge(.sample(.ack), to: name)
        bench.pass(5_000)
        bench.acknowledge(.sample(.ack), to: name)
        bench.take(.resolved(bench.questions[3].id, []))
        #expect(
            bench.sent.dropFirst().map(\.remote) == Array(repeating: SocketAddress(Bench.peer.ip, port: 5062), count: 2)
        )
        #expect(bench.stack.census.isEmpty)
    }

    @Test("Of ACKs that wait for an address there are 1,024 at most (hardening §1)")
    func limit() {
        var bench = Bench()
        for _ in 0..<1030 { bench.acknowledge(.sample(.ack), to: name) }
        #expect(bench.questions.count == 1024)
        #expect(bench.stack.census.resolutions == 1024)
        bench.close()
        #expect(bench.stack.census.isEmpty)
    }

    @Test("One copy goes to where the name has answered, and to no other name (85. RFC 3263 §4)")
    func once() throws {
        var bench = Bench()
        _ = bench.send(.sample(.options), to: name)
        bench.take(.resolved(bench.questions[0].id, [Bench.peer.ip]))
        bench.sendOnce(.sample(.bye), to: name)
        #expect(bench.sent.count == 1, "it has not answered")
        bench.answer(0, 200)
        bench.sendOnce(.sample(.bye), to: name)
        #expect(bench.sent.dropFirst().map(\.remote) == [SocketAddress(Bench.peer.ip, port: 5062)])
        bench.sendOnce(.sample(.bye), to: Target(host: "other.example.com", port: 5062, transport: nil))
        #expect(bench.sent.count == 2)
        #expect(bench.questions.count == 1)
    }

    @Test("Of too many names the one learnt first is forgotten")
    func forgotten() {
        var limits = StackLimits()
        limits.reachedAddresses = 2
        var bench = Bench(limits: limits)
        func target(_ index: Int) -> Target { Target(host: "host\(index).example.com", port: 5060, transport: nil) }
        for index in 0..<3 {
            _ = bench.send(.sample(.options, call: "\(index)"), to: target(index))
            bench.take(.resolved(bench.questions[index].id, [Bench.peer.ip]))
            bench.answer(index, 200)
        }
        for index in 0..<3 { bench.sendOnce(.sample(.bye), to: target(index)) }
        #expect(bench.sent.count == 5)
    }
}
