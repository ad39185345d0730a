import DialogUsage
import SIPMessage
import SansIO
import Testing

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
