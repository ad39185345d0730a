import SIPMessage
import SansIO
import Testing

@testable import SIPTransaction

@Suite("Bad news from the network")
struct UnreachableTests {
    @Test("ICMP fails the transaction that it names, at once, and no other (TRN-046, H-049)")
    func icmp() {
        var bench = Bench()
        let first = bench.send(.sample(.options, call: "one"))
        let second = bench.send(.sample(.options, call: "two"))
        let payload = bench.sent[1].message.bytes
        bench.take(.unreachable(remote: Bench.other, payload: payload))
        #expect(bench.failed.isEmpty)
        bench.take(.unreachable(remote: Bench.peer, payload: Array(payload.prefix(200))))
        #expect(bench.failed.map(\.id) == [second])
        #expect(bench.failed.map(\.failure) == [.unreachable])
        #expect(bench.stack.request(of: first) != nil)
    }

    @Test("ICMP for a CANCEL fails the CANCEL and not the INVITE, whose branch it shares (RFC 3261 §9.1)")
    func icmpForCancel() throws {
        var bench = Bench()
        let invite = bench.send(.sample(.invite))
        bench.answer(0, 180)
        let sent = bench.cancel(invite)
        let cancel = try #require(sent)
        bench.take(.unreachable(remote: Bench.peer, payload: bench.sent[1].message.bytes))
        #expect(bench.failed.map(\.id) == [cancel])
        #expect(bench.stack.request(of: invite) != nil)
    }

    @Test(
        "An ICMP payload that names nothing of ours does nothing (H-049)",
        arguments: [
            "", "branch=", "OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1", "branch=z9hG4bK\u{0}",
        ])
    func icmpNoise(payload: String) {
        var bench = Bench()
        _ = bench.send()
        bench.take(.unreachable(remote: Bench.peer, payload: Array(payload.utf8)))
        #expect(bench.failed.isEmpty)
    }
}
