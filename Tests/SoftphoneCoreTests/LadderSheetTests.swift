import DialogUsage
import SIPMessage
import SansIO
import Testing

@testable import SIPTransaction
@testable import SoftphoneCore

@Suite("What a ladder shows")
struct LadderSheetTests {
    /// A registration that was challenged, and a subscription that stands.
    private func desk() throws -> Desk {
        var desk = try Desk()
        try desk.type("register")
        try desk.answer(
            .register, 401, [.wwwAuthenticate: "Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256, qop=\"auth\""])
        try desk.answer(.register, 200, [.contact: "<sip:alice@192.0.2.100:5070>;expires=600"])
        try desk.type("subscribe presence bob as s1 expires 600")
        try desk.answer(.subscribe, 200, [.expires: "600", .contact: "<sip:bob@192.0.2.1>"])
        try desk.send(
            .notify, inDialogOf: .subscribe, [.event: "presence", .subscriptionState: "active;expires=600"])
        return desk
    }

    @Test("A challenge names its algorithm, and it and its answer are one round of authentication")
    func rounds() throws {
        let model = try desk().softphone.model
        let id = try #require(model.usages.first { $0.id.kind == .clientRegistration }?.id)
        let entries = model.ladder(of: id)
        #expect(entries.map(\.summary) == ["REGISTER", "401 Unauthorized [SHA-256]", "REGISTER (auth)", "200 OK"])
        #expect(entries.map(\.round) == [nil, 1, 1, nil])
        #expect(!entries[2].text.contains("response=\"") && entries[2].text.contains("‹redacted›"))
    }

    @Test("Dialog and dialog set hold what has the same tags and Call-ID; the whole client holds everything")
    func scopes() throws {
        var desk = try desk()
        let id = try #require(desk.softphone.model.usages.first { $0.id.kind == .clientSubscription }?.id)
        func summaries(_ scope: LadderSheet.Scope) -> [String] {
            desk.softphone.model.ladderSheet(scope, of: id).entries.map(\.summary)
        }
        let own = ["SUBSCRIBE", "200 OK", "NOTIFY (active)", "200 OK"]
        #expect(summaries(.usage) == own)
        #expect(summaries(.dialog) == own && summaries(.dialogSet) == own)
        #expect(summaries(.client).count == 8)
        // A request of nobody's: answered by the core at once.
        try desk.send(.options, to: "alice")
        #expect(summaries(.client).suffix(2) == ["OPTIONS", "200 OK"])
        #expect(summaries(.dialogSet) == own)
    }

    @Test("A copy that comes when its usage has ended and is not remembered any more makes no ladder again")
    func lateCopy() throws {
        var desk = try Desk()
        try desk.send(.message, to: "alice", [.contentType: "text/plain"], body: Array("first".utf8))
        let first = try #require(desk.lastFromOutside)
        let most = SoftphoneConfiguration.Limits().endedLadders
        for _ in 0..<most {
            try desk.send(.message, to: "alice", [.contentType: "text/plain"], body: Array("more".utf8))
        }
        #expect(desk.softphone.model.ladders.count == most)
        let strays = desk.softphone.model.strays.rungs.count
        desk.deliver(first.serialised())
        #expect(desk.sent.last?.value(.callID) == first.fields.first(.callID))
        #expect(desk.softphone.model.ladders.count == most)
        #expect(desk.softphone.model.strays.rungs.count > strays)
        try desk.leave()
    }

    @Test("Of all ladders together the oldest message goes first, and only when there are too many (H-121)")
    func oldestFirst() {
        var limits = SoftphoneConfiguration.Limits()
        limits.ladderMessages = Ladder.longest + 10
        var book = LadderBook(limits: limits)
        func note(_ serial: UInt32, times: Int) {
            for index in 0..<times {
                let text = "\(serial) \(index)"
                let trace = Trace(.received, Array(text.utf8), remote: Desk.server, transport: .udp)
                book.note(trace, of: AnyUsageID(kind: .clientSubscription, serial: serial), at: .zero)
            }
        }
        func count(_ serial: UInt32) -> Int { book.count(of: AnyUsageID(kind: .clientSubscription, serial: serial)) }
        note(1, times: 2)
        // One that talks much pays for itself.
        note(2, times: 3 * Ladder.longest)
        #expect(count(1) == 2 && count(2) == Ladder.longest)
        note(3, times: 9)
        #expect(count(1) == 1 && count(2) == Ladder.longest && count(3) == 9)
        note(4, times: 1)
        #expect(count(1) == 0 && count(2) == Ladder.longest)
        // An emptied one of a usage that has ended goes.
        book.ended(AnyUsageID(kind: .clientSubscription, serial: 4))
        note(5, times: Ladder.longest)
        note(6, times: 10)
        #expect(count(2) == 0 && count(3) == 0 && count(4) == 0)
        #expect(book.ladders.keys.map(\.serial).sorted() == [1, 2, 3, 5, 6])
        #expect(count(5) + count(6) == limits.ladderMessages)
    }

    @Test("What has been read is not read again, and copies of it are counted all the same")
    func reuse() throws {
        var desk = try Desk()
        try desk.type("register")
        let id = try #require(desk.softphone.model.usages.first?.id)
        let first = desk.softphone.model.ladderSheet(.usage, of: id)
        #expect(first.entries.map(\.retransmissions) == [0])
        desk.run(for: .seconds(2))
        let second = desk.softphone.model.ladderSheet(.client, of: id, reusing: first)
        #expect(second.entries.map(\.retransmissions) == [2])
        #expect(second.index(of: first.entries[0].serial) == 0 && second.index(of: 99) == nil)
    }

    @Test("A usage says what it waits for, since when and for how long at most, at any time")
    func waits() throws {
        var desk = try Desk()
        try desk.type("register")
        desk.run(for: .seconds(3))
        let wait = try #require(desk.softphone.model.usages.first?.wait)
        #expect(wait.waitsFor == "the answer to REGISTER")
        #expect(wait.since == .zero && wait.until == .zero + .seconds(32))
        #expect(desk.softphone.model.blockers.isEmpty)
    }
}
