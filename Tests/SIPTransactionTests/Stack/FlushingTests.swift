import SIPMessage
import SansIO
import Testing

@testable import SIPTransaction

@Suite("Flushing and closing (shutdown.md, section 2)")
struct FlushingTests {
    @Test("The stack is flushed when nothing of ours is on its way")
    func flushed() {
        var bench = Bench()
        #expect(bench.stack.isFlushed)
        _ = bench.send()
        #expect(!bench.stack.isFlushed)
        bench.answer(0, 200)
        #expect(bench.stack.isFlushed)
        bench.datagram(request("INVITE"))
        bench.respond(486)
        #expect(!bench.stack.isFlushed)
        bench.datagram(request("ACK", to: "<sip:alice@example.com>;tag=ours", cSeq: "1 ACK"))
        #expect(bench.stack.isFlushed)
        let flow = bench.accept()
        bench.stream(tcpRequest("OPTIONS", branch: "two"), on: flow)
        bench.respond(200, to: 1)
        #expect(!bench.stack.isFlushed)
        bench.take(.drained(flow))
        #expect(bench.stack.isFlushed)
        bench.sendOnce(.sample(.options), to: Target(Bench.other, .tcp))
        #expect(!bench.stack.isFlushed)
        bench.take(.closed(bench.connections[0].id, .refused))
        #expect(bench.stack.isFlushed)
    }

    @Test("Closing drops everything and closes the connections in order")
    func close() {
        var bench = Bench()
        let accepted = bench.accept()
        _ = bench.send(.sample(.invite))
        _ = bench.send(.sample(.options), to: Target(Bench.other, .tcp))
        bench.datagram(request("INVITE"))
        bench.close()
        #expect(bench.closed == [accepted, bench.connections[0].id])
        #expect(bench.stack.census.isEmpty)
        #expect(bench.stack.isFlushed)
        #expect(bench.stack.nextDeadline == nil)
    }
}
