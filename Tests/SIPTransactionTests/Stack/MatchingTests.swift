import SIPMessage
import SansIO
import Testing

@testable import SIPTransaction

@Suite("Which transaction a message belongs to")
struct MatchingTests {
    // MARK: Responses (§17.1.3)

    @Test("A response matches by the branch of its topmost Via (RFC 3261 §17.1.3)")
    func byBranch() {
        var bench = Bench()
        let first = bench.send(.sample(.options, call: "one"))
        let second = bench.send(.sample(.options, call: "two"))
        bench.answer(1, 200)
        bench.answer(0, 404)
        #expect(bench.answered.map(\.id) == [second, first])
        #expect(bench.answered.map { $0.message.status?.value } == [200, 404])
    }

    @Test("The right branch with another CSeq method matches nothing (CTX-077, RFC 3261 §17.1.3)")
    func byMethod() {
        var bench = Bench()
        _ = bench.send(.sample(.options))
        bench.answer(0, 200) { $0.fields.set(.cSeq, "7 BYE") }
        #expect(bench.answered.isEmpty)
        #expect(bench.strays.count == 1)
    }

    @Test(
        "200 to CANCEL and 487 to INVITE find their own, in either order (CTX-078, RFC 3261 §9.1)",
        arguments: [false, true])
    func cancelAndInvite(cancelFirst: Bool) throws {
        var bench = Bench()
        let invite = bench.send(.sample(.invite))
        bench.answer(0, 180)
        let sent = bench.cancel(invite)
        let cancel = try #require(sent)
        let order = cancelFirst ? [1, 0] : [0, 1]
        for index in order { bench.answer(index, index == 0 ? 487 : 200) }
        let expected = cancelFirst ? [invite, cancel, invite] : [invite, invite, cancel]
        #expect(bench.answered.map(\.id) == expected)
        #expect(bench.strays.isEmpty)
    }

    @Test("A branch is a token and may come back in capitals (RFC 3261 §7.3.1)")
    func branchCase() throws {
        var bench = Bench()
        let id = bench.send()
        let branch = try #require(try bench.sent[0].message.topVia().branch)
        bench.answer(0, 200) { draft in
            let via = draft.fields.first(.via) ?? ""
            draft.fields.set(.via, via.replacing(branch, with: branch.uppercased()))
        }
        #expect(bench.answered.map(\.id) == [id])
    }

    @Test("A response with two Via values is discarded (VIA-062, RFC 3261 §8.1.3.3)")
    func twoVias() {
        var bench = Bench()
        _ = bench.send()
        bench.answer(0, 200) { $0.fields.append(.via, "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKnine") }
        #expect(bench.answered.isEmpty)
        #expect(bench.strays.isEmpty)
    }

    @Test("A response that matches nothing is stray (TRN-041, CTX-073, RFC 6026 §8.9)")
    func stray() {
        var bench = Bench()
        let id = bench.send(.sample(.invite))
        bench.answer(0, 200)
        bench.pass(32_000)
        #expect(bench.ended == [id])
        bench.answer(0, 200, tag: "fork")
        #expect(bench.answered.count == 1)
        #expect(bench.strays.count == 1)
        #expect(bench.stack.census.isEmpty)
    }

    @Test("Two forks' 2xx both go up within Timer M (CTX-072, RFC 6026 §7.2)")
    func forks() throws {
        var bench = Bench()
        let id = bench.send(.sample(.invite))
        bench.answer(0, 200, tag: "left")
        bench.pass(31_000)
        bench.answer(0, 200, tag: "right")
        #expect(bench.answered.map(\.id) == [id, id])
        #expect(try bench.answered.map { try $0.message.to().tag } == ["left", "right"])
        #expect(bench.sent.count == 1)
    }

    @Test("An abandoned transaction's answer is stray, and nothing is left of it")
    func abandoned() {
        var bench = Bench()
        let id = bench.send()
        bench.stack.abandon(id)
        #expect(bench.stack.census.isEmpty)
        bench.answer(0, 200)
        #expect(bench.answered.isEmpty)
        #expect(bench.strays.count == 1)
    }

    // MARK: Requests (§17.2.3)

    @Test("A repeated request is absorbed and the last answer repeated (STX-085, STX-087, STX-093, RFC 3261 §17.2)")
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

    // MARK: ACK

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

    // MARK: CANCEL

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
