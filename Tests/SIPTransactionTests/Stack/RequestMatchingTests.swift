import SIPMessage
import SansIO
import Testing

@testable import SIPTransaction

@Suite("Which transaction a request belongs to (RFC 3261 §17.2.3)")
struct RequestMatchingTests {
    @Test("A repeated INVITE is absorbed, and the last provisional repeated (STX-085, STX-087, RFC 3261 §17.2.1)")
    func repeatedInvite() {
        var bench = Bench()
        bench.datagram(request("INVITE"))
        bench.datagram(request("INVITE"))
        #expect(bench.received.count == 1)
        #expect(bench.statuses == [100])
        bench.respond(180)
        bench.respond(183)
        bench.datagram(request("INVITE"))
        #expect(bench.statuses == [100, 180, 183, 183])
        #expect(bench.sent[2].message == bench.sent[3].message)
        #expect(bench.received.count == 1)
    }

    @Test("A repeated request is absorbed and the last answer repeated (STX-093, RFC 3261 §17.2.2)")
    func repeated() {
        var bench = Bench()
        bench.datagram(request("OPTIONS"))
        bench.datagram(request("OPTIONS"))
        #expect(bench.received.count == 1)
        #expect(bench.sent.isEmpty)
        bench.respond(200)
        bench.datagram(request("OPTIONS"))
        #expect(bench.statuses == [200, 200])
        #expect(bench.sent[0].message == bench.sent[1].message)
        #expect(bench.received.count == 1)
    }

    @Test("The same branch from another sent-by is another transaction (STX-094, RFC 3261 §17.2.3)")
    func sentBy() {
        var bench = Bench()
        bench.datagram(request("OPTIONS"))
        bench.datagram(request("OPTIONS", via: "SIP/2.0/UDP 192.0.2.2:5062;branch=z9hG4bKone;rport"))
        bench.datagram(request("OPTIONS", via: "SIP/2.0/UDP host.example.com:5060;branch=z9hG4bKone;rport"))
        #expect(bench.received.count == 3)
        bench.datagram(request("OPTIONS", via: "SIP/2.0/UDP HOST.example.com:5060;branch=z9hG4bKone;rport"))
        #expect(bench.received.count == 3)
    }

    @Test("The same branch with another method is another transaction (RFC 3261 §17.2.3)")
    func method() {
        var bench = Bench()
        bench.datagram(request("OPTIONS"))
        bench.datagram(request("MESSAGE"))
        #expect(bench.received.map(\.message.method) == [.options, .message])
    }

    @Test("Without the cookie the fields of RFC 2543 decide (STX-095, RFC 3261 §17.2.3)")
    func withoutCookie() {
        let via = "SIP/2.0/UDP 192.0.2.2:5060;branch=1"
        var bench = Bench()
        bench.datagram(request("INVITE", via: via))
        bench.datagram(request("INVITE", via: via))
        #expect(bench.received.count == 1)
        bench.datagram(request("INVITE", via: via, call: "call-2"))
        bench.datagram(request("INVITE", via: via, from: "<sip:bob@example.com>;tag=c"))
        bench.datagram(request("INVITE", via: via, cSeq: "2 INVITE"))
        bench.datagram(request("INVITE", via: via, uri: "sip:other@192.0.2.1"))
        bench.datagram(request("INVITE", via: "SIP/2.0/UDP 192.0.2.2:5060"))
        bench.datagram(request("INVITE", via: via, to: "<sip:alice@example.com>;tag=x"))
        #expect(bench.received.count == 7)
        bench.respond(486, to: 0)
        let count = bench.sent.count
        bench.datagram(request("ACK", via: via, to: "<sip:alice@example.com>;tag=ours", cSeq: "1 ACK"))
        #expect(bench.refusalsAcknowledged == [bench.received[0].id])
        #expect(bench.sent.count == count)
        bench.datagram(request("CANCEL", via: via, call: "call-2"))
        #expect(bench.cancelled == [bench.received[1].id])
    }
}
