import SIPMessage
import SansIO
import Testing

@testable import SIPTransaction

@Suite("ACK and CANCEL")
struct AckMatchingTests {
    @Test("ACK to a refusal is absorbed and stops its repetition (STX-090, RFC 3261 §17.2.1)")
    func refusalAcknowledged() {
        var bench = Bench()
        bench.datagram(request("INVITE"))
        bench.respond(486)
        bench.pass(500)
        #expect(bench.statuses == [486, 486])
        bench.datagram(request("ACK", to: "<sip:alice@example.com>;tag=ours", cSeq: "1 ACK"))
        bench.datagram(request("ACK", to: "<sip:alice@example.com>;tag=ours", cSeq: "1 ACK"))
        #expect(bench.refusalsAcknowledged.count == 1)
        #expect(bench.acknowledged.isEmpty)
        bench.pass(5000)
        #expect(bench.statuses == [486, 486])
        #expect(bench.serverEnded.map(\.acknowledged) == [true])
        #expect(bench.stack.census.isEmpty)
    }

    @Test(
        "ACK to a 2xx goes up, with a branch of its own or the INVITE's (STX-091, RFC 6026 §7.1)",
        arguments: ["one", "two"])
    func acceptanceAcknowledged(branch: String) {
        var bench = Bench()
        bench.datagram(request("INVITE"))
        bench.respond(200)
        let via = "SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK\(branch);rport"
        bench.datagram(request("ACK", via: via, to: "<sip:alice@example.com>;tag=ours", cSeq: "1 ACK"))
        #expect(bench.acknowledged.count == 1)
        #expect(bench.statuses == [200])
    }

    @Test("An ACK that matches nothing is never answered (STX-092, RFC 3261 §17.2.3)")
    func strayAck() {
        var bench = Bench()
        bench.datagram(request("ACK", to: "<sip:alice@example.com>;tag=x"))
        #expect(bench.sent.isEmpty)
        #expect(bench.received.isEmpty)
        #expect(bench.acknowledged.count == 1)
        #expect(bench.stack.census.isEmpty)
    }

    @Test("A malformed ACK is dropped and reported, never answered (RFC 3261 §8.2)")
    func malformedAck() {
        var bench = Bench()
        bench.datagram(request("ACK", cSeq: "1 INVITE"))
        #expect(bench.sent.isEmpty)
        #expect(bench.acknowledged.isEmpty)
        #expect(bench.malformed.count == 1)
    }

    @Test(
        "CANCEL of a pending INVITE gets 200 with the tag of its answers, the INVITE stays (CAN-146, STX-100, RFC 3261 §9.2)"
    )
    func cancel() throws {
        var bench = Bench()
        bench.datagram(request("INVITE"))
        bench.respond(180)
        bench.datagram(request("CANCEL"))
        #expect(bench.statuses == [180, 200])
        #expect(try bench.sent[1].message.to().tag == "ours")
        #expect(bench.cancelled == [bench.received[0].id])
        bench.respond(487)
        #expect(bench.statuses == [180, 200, 487])
        bench.datagram(request("CANCEL"))
        #expect(bench.statuses == [180, 200, 487, 200])
        #expect(bench.cancelled.count == 1)
    }

    @Test("CANCEL that matches nothing gets 481 (CAN-145, RFC 3261 §9.2)")
    func strayCancel() {
        var bench = Bench()
        bench.datagram(request("CANCEL"))
        #expect(bench.statuses == [481])
        #expect(bench.received.isEmpty)
    }

    @Test("CANCEL after the final answer gets 200 and does nothing (CAN-147, RFC 3261 §9.2)", arguments: [200, 486])
    func lateCancel(status: Int) throws {
        var bench = Bench()
        bench.datagram(request("INVITE"))
        bench.respond(try #require(StatusCode(exactly: status)))
        bench.datagram(request("CANCEL"))
        #expect(bench.lastStatus == 200)
        #expect(bench.cancelled.isEmpty)
    }

    @Test("CANCEL of another request gets 200 and does nothing (CAN-150, RFC 3261 §9.2, RFC 6665 §4.6)")
    func cancelOfSubscribe() {
        var bench = Bench()
        bench.datagram(request("SUBSCRIBE"))
        bench.datagram(request("CANCEL"))
        #expect(bench.statuses == [200])
        #expect(bench.cancelled.isEmpty)
    }

    @Test("CANCEL that knows the branch and the sent-by but comes from elsewhere has no effect (H-063)")
    func forgedCancel() {
        var bench = Bench()
        bench.datagram(request("INVITE"))
        bench.respond(180)
        bench.datagram(request("CANCEL"), from: Bench.stranger)
        #expect(bench.statuses == [180, 481])
        #expect(bench.cancelled.isEmpty)
        bench.respond(200)
        #expect(bench.lastStatus == 200)
    }

    @Test("CANCEL from another port of the same host matches (RFC 3261 §9.2)")
    func cancelFromOtherPort() {
        var bench = Bench()
        bench.datagram(request("INVITE"))
        bench.respond(180)
        bench.datagram(request("CANCEL"), from: SocketAddress(Bench.peer.ip, port: 33_333))
        #expect(bench.statuses == [180, 200])
        #expect(bench.cancelled.count == 1)
    }

    @Test("CANCEL from another sent-by does not match (CAN-148, RFC 3261 §17.2.3)")
    func foreignCancel() {
        var bench = Bench()
        bench.datagram(request("INVITE"))
        bench.datagram(
            request("CANCEL", via: "SIP/2.0/UDP 198.51.100.1:40000;branch=z9hG4bKone;rport"), from: Bench.stranger)
        #expect(bench.statuses == [481])
        #expect(bench.cancelled.isEmpty)
    }
}
