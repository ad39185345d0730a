import Ladder
import SIPMessage
import SIPTransaction
import SansIO
import Testing

@Suite("Limits and floods (hardening list, section 1)")
struct LimitTests {
    @Test("Above 1,024 unanswered requests further ones get 503 with Retry-After, and room returns with each answer")
    func unanswered() throws {
        var line = Line()
        for index in 0..<1025 { line.hear(Line.request("OPTIONS", branch: "z9hG4bK\(index)")) }
        #expect(line.requests.count == 1024)
        #expect(line.times("503 OPTIONS").count == 1)
        #expect(try line.lastMessage.value(.retryAfter) == "5")
        try line.respond(200)
        line.hear(Line.request("OPTIONS", branch: "z9hG4bKmore"))
        #expect(line.requests.count == 1025)
        line.expectEmpty()
    }

    @Test("Answered ones that are kept count too, up to their own limit")
    func kept() throws {
        var line = Line { $0.serverTransactions = 3 }
        for index in 0..<4 {
            line.hear(Line.request("OPTIONS", branch: "z9hG4bK\(index)"))
            if index < 3 { try line.respond(200) }
        }
        #expect(line.times("200 OPTIONS").count == 3)
        #expect(line.times("503 OPTIONS").count == 1)
        line.expectEmpty()
    }

    @Test("Above 64 connections a new one is closed at once, and room returns when one goes")
    func connections() {
        var line = Line()
        for serial in 0..<65 {
            let ends = FlowEnds(
                transport: .tcp, local: Line.own, remote: SocketAddress(.loopback4, port: UInt16(30_000 + serial)))
            line.take(line.stack.handle(.accepted(FlowID(serial: UInt64(2 * serial + 1)), ends), at: line.now))
        }
        #expect(line.closed == [FlowID(serial: 129)])
        #expect(line.stack.census.flows == 64)
        line.take(line.stack.handle(.closed(FlowID(serial: 1), .closedByPeer), at: line.now))
        let ends = FlowEnds(transport: .tcp, local: Line.own, remote: SocketAddress(.loopback4, port: 31_000))
        line.take(line.stack.handle(.accepted(FlowID(serial: 131), ends), at: line.now))
        #expect(line.stack.census.flows == 64)
    }

    @Test("A stream whose header section never ends is closed (64 KiB), and nothing of it is kept")
    func endlessHeader() {
        var line = Line()
        let flow = FlowID(serial: 1)
        let ends = FlowEnds(transport: .tcp, local: Line.own, remote: Line.peer)
        line.take(line.stack.handle(.accepted(flow, ends), at: line.now))
        line.hear("OPTIONS sip:a@b SIP/2.0\r\nX: ", on: flow)
        for _ in 0..<70 where line.closed.isEmpty { line.hear([UInt8](repeating: 120, count: 1024), on: flow) }
        #expect(line.closed == [flow])
        #expect(line.stack.census.flows == 0)
        #expect(line.stack.nextDeadline == nil)
    }

    @Test("close drops everything at once: nothing is left to wait for")
    func close() throws {
        var line = Line()
        line.send(.invite)
        line.send(.options, to: Line.target(.tcp))
        line.send(.options, to: Line.target(host: "example.com"))
        line.hear(Line.request("INVITE"))
        line.take(line.stack.close(at: line.now))
        #expect(line.closed.count == 1)
        #expect(line.stack.census == StackCensus())
        #expect(line.stack.nextDeadline == nil)
        #expect(line.stack.isFlushed)
    }
}
