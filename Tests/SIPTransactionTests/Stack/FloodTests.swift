import SIPMessage
import SansIO
import Testing

@testable import SIPTransaction

/// Work is counted, not timed: how often an entry of the tables was looked at. It must follow the number of messages,
/// however many transactions there are.
@Suite("Many transactions at once")
struct FloodTests {
    private static let many = 10_000

    private func visits(sending count: Int) -> Int {
        var bench = Bench()
        for index in 0..<count { _ = bench.send(.sample(.subscribe, call: "\(index)")) }
        for index in 0..<count { bench.answer(index, 200) }
        #expect(bench.answered.count == count)
        #expect(bench.stack.isFlushed)
        bench.pass(5000)
        #expect(bench.ended.count == count)
        #expect(bench.stack.census.isEmpty)
        return bench.stack.clients.visits
    }

    @Test("4,000 calls that are refused at every stage leave nothing behind (H-073)")
    func refusals() {
        let many = 4_000
        var bench = Bench()
        for index in 0..<many {
            let via = "SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK\(index);rport"
            let call = "call-\(index)"
            bench.datagram(request("INVITE", via: via, call: call))
            let isCancelled = index % 4 == 1
            if index % 4 != 0 { bench.respond(180, to: index) }
            if isCancelled { bench.datagram(request("CANCEL", via: via, call: call)) }
            bench.respond(isCancelled ? 487 : index % 4 == 2 ? 603 : 486, to: index)
            // Every fourth peer forgets its ACK.
            if index % 4 != 3 {
                bench.datagram(request("ACK", via: via, call: call, to: "<sip:alice@example.com>;tag=ours"))
            }
        }
        bench.pass(32_000)
        #expect(bench.received.count == many)
        #expect(bench.cancelled.count == many / 4)
        #expect(bench.serverEnded.count == many + many / 4)
        #expect(bench.stack.census.isEmpty)
    }

    @Test("10,000 requests at once cost ten times what 1,000 cost (H-133)")
    func clients() {
        let few = visits(sending: Self.many / 10)
        #expect(visits(sending: Self.many) == few * 10)
        #expect(few < 25 * Self.many / 10)
    }

    @Test("10,000 requests from outside, each answered, cost the same each (H-043, H-133)")
    func servers() {
        func visits(_ count: Int) -> Int {
            var bench = Bench()
            for index in 0..<count {
                bench.datagram(request("MESSAGE", via: "SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK\(index);rport"))
                bench.respond(200, to: index)
            }
            #expect(bench.sent.count == count)
            bench.pass(32_000)
            #expect(bench.stack.census.isEmpty)
            return bench.stack.servers.visits
        }
        let few = visits(Self.many / 10)
        #expect(visits(Self.many) == few * 10)
        #expect(few < 25 * Self.many / 10)
    }

    @Test("A connection that breaks costs what was sent on it, not what there is (TRN-051)")
    func brokenFlow() {
        var bench = Bench()
        for index in 0..<Self.many { _ = bench.send(.sample(.options, call: "\(index)")) }
        let flow = bench.accept()
        for index in 0..<3 { _ = bench.send(.sample(.options, call: "tcp\(index)"), to: Target(Bench.peer, .tcp)) }
        let before = bench.stack.clients.visits
        bench.take(.closed(flow, .broken("reset")))
        #expect(bench.failed.count == 3)
        #expect(bench.stack.clients.visits - before < 3 * 10)
    }

    @Test("Whether all is flushed is known without a look at any transaction")
    func flushed() {
        var bench = Bench()
        for index in 0..<Self.many { _ = bench.send(.sample(.options, call: "\(index)")) }
        let before = bench.stack.clients.visits
        for _ in 0..<100 { #expect(!bench.stack.isFlushed) }
        #expect(bench.stack.clients.visits == before)
        #expect(bench.stack.clients.inFlight == Self.many)
    }

    @Test("10,000 names that do not resolve cost the same each (H-133)")
    func names() {
        func visits(_ count: Int) -> Int {
            var bench = Bench()
            for index in 0..<count {
                _ = bench.send(.sample(.options), to: Target(host: "h\(index).example", port: nil, transport: nil))
            }
            #expect(bench.stack.census.resolutions == count)
            for question in bench.questions { bench.take(.resolved(question.id, [])) }
            #expect(bench.failed.count == count)
            #expect(bench.stack.census.isEmpty)
            return bench.stack.clients.visits
        }
        let few = visits(Self.many / 10)
        #expect(visits(Self.many) == few * 10)
    }

    @Test(
        "A flood of forged responses, ACKs and CANCELs leaves no client state and bounded server state (H-043, H-047)")
    func forged() {
        var bench = Bench()
        let id = bench.send(.sample(.invite))
        let genuine = bench.sent[0].message
        for index in 0..<2000 {
            var draft = ResponseDraft(200, to: genuine, toTag: "x")
            draft.fields.set(.via, "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK\(index)")
            bench.datagram(draft.serialised(), from: Bench.stranger)
            bench.datagram(request("ACK", via: "SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKa\(index)"), from: Bench.stranger)
        }
        #expect(bench.answered.isEmpty)
        #expect(bench.strays.count == 2000)
        #expect(bench.stack.census.clientTransactions == 1)
        #expect(bench.stack.census.serverTransactions == 0)
        bench.answer(0, 200)
        #expect(bench.answered.map(\.id) == [id])
    }

    @Test("After a flood an ordinary request is served as before (hardening checklist)")
    func afterwards() {
        var bench = Bench()
        for index in 0..<3000 {
            bench.datagram(request("INVITE", via: "SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK\(index);rport"))
        }
        for index in bench.received.indices { bench.respond(486, to: index) }
        bench.pass(33_000)
        #expect(bench.stack.census.isEmpty)
        let count = bench.received.count
        bench.datagram(request("INVITE", via: "SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bKlast;rport"))
        #expect(bench.received.count == count + 1)
        bench.respond(200, to: count)
        #expect(bench.lastStatus == 200)
    }
}
