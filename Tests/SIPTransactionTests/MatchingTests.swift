import Ladder
import SIPMessage
import SIPTransaction
import SansIO
import Testing

@Suite("Which message belongs where (RFC 3261 §17.1.3, §17.2.3, §18.1.2, §18.2, RFC 3581)")
struct MatchingTests {
    @Test("A response belongs by branch and CSeq method; any other is stray (§17.1.3)")
    func byBranchAndMethod() throws {
        var line = Line()
        line.send(.options)
        let request = try line.message(0)
        let answer = String(decoding: line.answer(request, 200), as: UTF8.self)
        line.hear(answer.replacing("7 OPTIONS", with: "7 INFO"))
        let branch = try #require(try request.topVia().branch)
        line.hear(answer.replacing(branch, with: "z9hG4bKnobody"))
        #expect(line.strays == 2)
        #expect(line.answers.isEmpty)
        line.hear(answer)
        #expect(line.answers == [200])
    }

    @Test("A response whose topmost Via is not ours, or not alone, is dropped (§8.1.3.3, §18.1.2)")
    func foreignVia() throws {
        var line = Line()
        line.send(.options)
        let answer = String(decoding: line.answer(try line.message(0), 200), as: UTF8.self)
        line.hear(answer.replacing("UDP 127.0.0.1:5060", with: "UDP 192.0.2.9:5060"))
        line.hear(answer.replacing("UDP 127.0.0.1:5060", with: "UDP 127.0.0.1:5061"))
        line.hear(answer.replacing("From:", with: "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx\r\nFrom:"))
        #expect(line.strays == 3)
        #expect(line.answers.isEmpty)
    }

    @Test("The same branch from another sent-by is another transaction (§17.2.3)")
    func sentBy() {
        var line = Line()
        line.hear(Line.request("OPTIONS", via: "127.0.0.1:5090;rport"))
        line.hear(Line.request("OPTIONS", via: "127.0.0.1:5091;rport"))
        line.hear(Line.request("OPTIONS", via: "localhost:5090;rport"))
        #expect(line.requests.count == 3)
        line.hear(Line.request("OPTIONS", via: "LOCALHOST:5090;rport"))
        #expect(line.requests.count == 3, "names compare without case")
    }

    @Test("Without the magic cookie a request matches as RFC 2543 did, and its ACK finds it (§17.2.3)")
    func oldPeer() throws {
        var line = Line()
        line.hear(Line.request("INVITE", branch: "1"))
        line.hear(Line.request("INVITE", branch: "1"))
        #expect(line.requests.count == 1)
        line.hear(Line.request("INVITE", branch: "1", cSeq: 2))
        #expect(line.requests.count == 2)
        try line.respond(486)
        line.hear(Line.request("ACK", branch: "1", cSeq: 2))
        #expect(line.outputs.contains { if case .refusalAcknowledged = $0 { true } else { false } })
    }

    @Test("With rport the answer goes where the request came from, and says so (RFC 3581 §4)")
    func rport() throws {
        var line = Line()
        line.hear(
            Line.request("OPTIONS", via: "10.1.2.3:5090;rport"), from: SocketAddress(.v4(0xC000_0207), port: 4711))
        try line.respond(200)
        let answer = try line.lastMessage
        #expect(line.datagrams.last?.remote == SocketAddress(.v4(0xC000_0207), port: 4711))
        #expect(try answer.topVia().rport.value == 4711)
        #expect(try answer.topVia().received == "192.0.2.7")
    }

    @Test("Without rport it goes to the address it came from and the port of Via, 5060 if it names none (§18.2.2)")
    func noRport() throws {
        var line = Line()
        let source = SocketAddress(.v4(0xC000_0207), port: 4711)
        line.hear(Line.request("OPTIONS", branch: "z9hG4bK1", via: "10.1.2.3:6000"), from: source)
        try line.respond(200)
        #expect(line.datagrams.last?.remote == SocketAddress(source.ip, port: 6000))
        #expect(try line.lastMessage.topVia().received == "192.0.2.7")
        line.hear(Line.request("OPTIONS", branch: "z9hG4bK2", via: "192.0.2.7"), from: source)
        try line.respond(200)
        #expect(line.datagrams.last?.remote == SocketAddress(source.ip, port: 5060))
        #expect(try line.lastMessage.topVia().received == nil, "sent-by tells the truth")
    }

    @Test("A received or rport that the sender filled in himself does not stay (§18.2.1)")
    func spoofed() throws {
        var line = Line()
        let source = SocketAddress(.v4(0xC000_0207), port: 4711)
        line.hear(Line.request("OPTIONS", via: "10.1.2.3:6000;received=203.0.113.1;rport=9"), from: source)
        try line.respond(200)
        #expect(line.datagrams.last?.remote == source)
        #expect(try line.lastMessage.topVia().received == "192.0.2.7")
        #expect(try line.lastMessage.topVia().rport.value == 4711)
    }

    @Test("All Via values come back in their order, a comma list too; only the first is stamped (§8.2.6.2)")
    func viaOrder() throws {
        var line = Line()
        line.hear(
            Line.request(
                "OPTIONS", via: "127.0.0.1:5090;rport;branch=z9hG4bKa, SIP/2.0/UDP 192.0.2.1;x=\"a,b\"",
                more: "Via: SIP/2.0/TCP 192.0.2.2;branch=z9hG4bKc\r\n"))
        try line.respond(200)
        let vias = try line.lastMessage.vias()
        #expect(vias.map(\.host) == ["127.0.0.1", "192.0.2.1", "192.0.2.2"])
        #expect(vias.map(\.rport.value) == [5090, nil, nil])
        #expect(vias[1].parameters["x"] == "a,b")
    }

    @Test("A request without Via is told to the log and answered by nobody (§8.1.1.7)")
    func noVia() {
        var line = Line()
        line.hear(
            "OPTIONS sip:a@b SIP/2.0\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\n\r\n"
        )
        #expect(line.malformed == 1)
        #expect(line.datagrams.isEmpty)
    }

    @Test("A malformed request with a Via is answered with the status that fits, outside any transaction (H-011)")
    func malformed() {
        var line = Line()
        line.hear(Line.request("OPTIONS").replacing("CSeq: 1 OPTIONS", with: "CSeq: one OPTIONS"))
        line.hear(
            Line.request("OPTIONS").replacing(
                "OPTIONS sip:alice@127.0.0.1:5060 SIP/2.0", with: "OPTIONS sip:a@b SIP/7.0"))
        #expect(line.malformed == 2)
        #expect(line.requests.isEmpty)
        #expect(
            line.datagrams.map { String(decoding: $0.bytes.prefix(12), as: UTF8.self) } == [
                "SIP/2.0 400 ", "SIP/2.0 505 ",
            ])
        line.expectEmpty(after: .zero)
    }

    @Test("Empty datagrams, keep-alives and STUN are no messages (RFC 5626 §4.4.1, H-041)")
    func noise() {
        var line = Line()
        line.hear([])
        line.hear("\r\n\r\n")
        line.hear([0, 0, 0, 0])
        line.hear([0, 1, 0, 8, 0x21, 0x12, 0xA4, 0x42])
        #expect(line.outputs.isEmpty)
        #expect(line.datagrams.isEmpty)
    }
}
