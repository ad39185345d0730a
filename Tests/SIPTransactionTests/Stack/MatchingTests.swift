import SIPMessage
import SansIO
import Testing

@testable import SIPTransaction

@Suite("Which transaction a response belongs to (RFC 3261 §17.1.3)")
struct MatchingTests {
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

    @Test("Two forks' 2xx both go up within Timer M, and no ACK is sent here (CTX-071, CTX-072, RFC 6026 §7.2)")
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
}
