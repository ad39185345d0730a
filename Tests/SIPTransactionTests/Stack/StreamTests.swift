import SIPMessage
import SIPTransaction
import SansIO
import Testing

@Suite("Messages on a stream")
struct StreamTests {
    private let two =
        tcpRequest("OPTIONS", branch: "one", length: "4", body: "\r\n\r\n") + tcpRequest("MESSAGE", branch: "two")

    @Test("Two messages in one read are two (TRN-036, TRN-049, RFC 3261 §18.3)")
    func together() {
        var bench = Bench()
        let flow = bench.accept()
        bench.stream(two, on: flow)
        #expect(bench.received.map(\.message.method) == [.options, .message])
    }

    @Test("Wherever a stream is cut, the messages are the same (TRN-036, H-039)", arguments: [1, 2, 3, 7, 64, 301])
    func pieces(size: Int) {
        var bench = Bench()
        let flow = bench.accept()
        let octets = Array(two.utf8)
        for start in stride(from: 0, to: octets.count, by: size) {
            bench.take(.received(flow, Array(octets[start..<min(start + size, octets.count)])))
        }
        #expect(bench.received.map(\.message.method) == [.options, .message])
        #expect(bench.received[0].message.bodyText == "\r\n\r\n")
        #expect(bench.stack.census.timers == 2)
    }

    @Test("CRLFCRLF is answered with CRLF, and a flood of them once for each read (H-040, RFC 5626 §3.5.1)")
    func keepAlive() {
        var bench = Bench()
        let flow = bench.accept()
        bench.stream("\r\n\r\n", on: flow)
        #expect(bench.keepAlives == [[13, 10]])
        bench.stream("\r\n", on: flow)
        #expect(bench.keepAlives.count == 1)
        bench.stream(String(repeating: "\r\n", count: 100_000), on: flow)
        #expect(bench.keepAlives.count == 2)
        bench.stream(tcpRequest("OPTIONS"), on: flow)
        #expect(bench.received.count == 1)
    }

    @Test(
        "Without a usable Content-Length the request gets 400 and the connection is closed (TRN-037, H-001, H-003)",
        arguments: [nil, "-1", "five", "0\r\nContent-Length: 0"])
    func contentLength(length: String?) {
        var bench = Bench()
        let flow = bench.accept()
        bench.stream(tcpRequest("OPTIONS", length: length) + tcpRequest("MESSAGE", branch: "two"), on: flow)
        #expect(bench.statuses == [400])
        #expect(bench.received.isEmpty)
        #expect(bench.closed == [flow])
        #expect(bench.malformed.count == 1)
        #expect(bench.stack.census.isEmpty)
    }

    @Test("A body over the limit gets 513 and the connection is closed (H-002, hardening §1)")
    func largeBody() {
        var bench = Bench()
        let flow = bench.accept()
        bench.stream(tcpRequest("MESSAGE", length: "1048577"), on: flow)
        #expect(bench.statuses == [513])
        #expect(bench.closed == [flow])
    }

    @Test("What is no SIP closes the connection without an answer")
    func noise() {
        var bench = Bench()
        let flow = bench.accept()
        bench.stream("GET / HTTP/1.1\r\n\r\n", on: flow)
        #expect(bench.sent.isEmpty)
        #expect(bench.closed == [flow])
    }

    @Test("A message that is not whole 15 s after its first octet closes the connection, with 408 to an INVITE (H-038)")
    func incomplete() {
        var bench = Bench()
        let flow = bench.accept()
        bench.stream(tcpRequest("INVITE", length: "10", body: "half"), on: flow)
        bench.pass(14_000)
        bench.stream("x", on: flow)
        bench.pass(999)
        #expect(bench.closed.isEmpty)
        bench.pass(1)
        #expect(bench.statuses == [408])
        #expect(bench.closed == [flow])
        #expect(bench.malformed.count == 1)
        #expect(bench.stack.census.isEmpty)
    }

    @Test("Another request than INVITE gets 400 and never 408 (RFC 4320 §4.2)")
    func incompleteOther() {
        var bench = Bench()
        let flow = bench.accept()
        bench.stream(tcpRequest("MESSAGE", length: "10", body: "half"), on: flow)
        bench.pass(15_000)
        #expect(bench.statuses == [400])
        #expect(bench.closed == [flow])
    }

    @Test(
        "Half a header section, a lone CR or half a response closes the connection without an answer (H-038)",
        arguments: ["INVITE sip:a@b SIP/2.0\r\nVia: x", "\r", "SIP/2.0 200 OK\r\nContent-Length: 5\r\n\r\n"])
    func incompleteHeader(text: String) {
        var bench = Bench()
        let flow = bench.accept()
        bench.stream(text, on: flow)
        bench.pass(15_000)
        #expect(bench.closed == [flow])
        #expect(bench.sent.isEmpty)
        #expect(bench.stack.census.isEmpty)
    }

    @Test("The time runs anew for each message, and not at all between messages (H-038)")
    func timeForEach() {
        var bench = Bench()
        let flow = bench.accept()
        let whole = tcpRequest("OPTIONS")
        bench.stream(String(whole.prefix(50)), on: flow)
        bench.pass(10_000)
        bench.stream(String(whole.dropFirst(50)) + String(tcpRequest("MESSAGE", branch: "two").prefix(50)), on: flow)
        bench.respond(200)
        bench.pass(14_999)
        #expect(bench.closed.isEmpty)
        bench.stream(String(tcpRequest("MESSAGE", branch: "two").dropFirst(50)), on: flow)
        bench.respond(200, to: 1)
        #expect(bench.stack.census.timers == 0)
        bench.pass(60_000)
        #expect(bench.closed.isEmpty)
    }

    @Test("A slow sender's end fails what we sent on its connection, and nothing else (H-038, H-041)")
    func slowSender() {
        var bench = Bench()
        let flow = bench.accept()
        let onFlow = bench.send(.sample(.options, call: "one"), to: Target(Bench.peer, .tcp))
        let elsewhere = bench.send(.sample(.options, call: "two"), to: Target(Bench.other))
        bench.stream("SIP/2.0 ", on: flow)
        bench.pass(15_000)
        #expect(bench.failed.map(\.id) == [onFlow])
        #expect(bench.failed.map(\.failure) == [.closed])
        #expect(bench.stack.request(of: elsewhere) != nil)
    }

    @Test("A connection on which a transaction is pending stays open (TRN-050, RFC 3261 §18)")
    func idle() {
        var bench = Bench()
        let flow = bench.accept()
        bench.stream(tcpRequest("INVITE"), on: flow)
        bench.respond(180)
        bench.pass(600_000)
        bench.respond(200)
        #expect(bench.closed.isEmpty)
        #expect(bench.sent.last?.flow == flow)
    }
}
