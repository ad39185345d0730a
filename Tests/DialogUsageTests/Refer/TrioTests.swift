import DialogUsage
import SIPMessage
import SansIO
import Testing

@Suite("Transfers among three (RFC 5589)")
struct TrioTests {
    private static let alice = 0
    private static let bob = 1
    private static let carol = 2

    @Test("Blind: alice refers bob to carol, and leaves when carol has answered (RFC 5589 §6.1)")
    func blind() throws {
        var trio = try Trio()
        let call = try trio.call(Self.alice, Self.bob)
        trio.lines = []
        _ = try trio.perform(Self.alice) { core, now in try core.refer(call, to: Trio.uri(Self.carol), at: now) }
        trio.run(for: .milliseconds(300))
        #expect(trio.phones[Self.alice].referrals.last == .concluded(.succeeded(SipfragStatus(200))))
        trio.perform(Self.alice) { core, now in ((), core.end(call.any, at: now)) }
        trio.run(for: .milliseconds(300))
        #expect(
            trio.lines == [
                "alice > bob REFER", "bob > alice NOTIFY 100", "bob > carol INVITE", "bob > carol ACK",
                "bob > alice NOTIFY 200", "alice > bob BYE",
            ])
        #expect(trio.phones.map(\.core.usages.count) == [0, 1, 1])
        trio.finish()
    }

    @Test("Attended: alice has bob take her place with carol, whose side of the old call ends it (RFC 5589 §7.3)")
    func attended() throws {
        var trio = try Trio()
        let call = try trio.call(Self.alice, Self.bob)
        let consultation = try trio.call(Self.alice, Self.carol)
        trio.lines = []
        _ = try trio.perform(Self.alice) { core, now in try core.refer(call, toTakeOver: consultation, at: now) }
        trio.run(for: .milliseconds(300))
        #expect(trio.phones[Self.alice].referrals.last == .concluded(.succeeded(SipfragStatus(200))))
        #expect(trio.phones[Self.alice].ended[consultation.any] == [.endedByPeer(nil)])
        trio.perform(Self.alice) { core, now in ((), core.end(call.any, at: now)) }
        trio.run(for: .milliseconds(300))
        #expect(
            trio.lines == [
                "alice > bob REFER", "bob > alice NOTIFY 100", "bob > carol INVITE Replaces", "carol > alice BYE",
                "bob > carol ACK", "bob > alice NOTIFY 200", "alice > bob BYE",
            ])
        #expect(trio.phones.map(\.core.usages.count) == [0, 1, 1])
        trio.finish()
    }

    @Test(
        "Attended, but carol has hung up meanwhile: bob is refused, alice told, her call to bob as it was (RFC 5589 §7.5)"
    )
    func tooLate() throws {
        var trio = try Trio()
        let call = try trio.call(Self.alice, Self.bob)
        let consultation = try trio.call(Self.alice, Self.carol)
        let theirs = try #require(trio.phones[Self.carol].sessions.last)
        _ = try trio.perform(Self.alice) { core, now in try core.refer(call, toTakeOver: consultation, at: now) }
        trio.perform(Self.carol) { core, now in ((), core.end(theirs.any, at: now)) }
        trio.run(for: .milliseconds(500))
        #expect(
            trio.phones[Self.alice].referrals.last
                == .concluded(.failed(SipfragStatus(603, reason: StatusCode(603).defaultReason))))
        #expect(trio.phones.map(\.core.usages.count) == [1, 1, 0])
        trio.finish()
    }

    @Test("bob leaves while carol does not answer him: alice is told 487, and carol is not left ringing (W17)")
    func transfereeLeaves() throws {
        var trio = try Trio()
        let call = try trio.call(Self.alice, Self.bob)
        trio.away = [Self.carol]
        _ = try trio.perform(Self.alice) { core, now in try core.refer(call, to: Trio.uri(Self.carol), at: now) }
        trio.run(for: .milliseconds(300))
        trio.perform(Self.bob) { core, now in ((), core.shutdown(giveUp: .seconds(5), at: now)) }
        trio.run(for: .milliseconds(500))
        guard case .concluded(let fate)? = trio.phones[Self.alice].referrals.last else {
            Issue.record("alice was told nothing: \(trio.phones[Self.alice].referrals)")
            return
        }
        #expect(fate == .failed(SipfragStatus(487)))
        #expect(trio.phones[Self.carol].core.usages.isEmpty)
        trio.finish()
    }
}
