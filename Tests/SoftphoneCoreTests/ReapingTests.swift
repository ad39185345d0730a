import DialogUsage
import SIPMessage
import SansIO
import SoftphoneCore
import Testing

@Suite("What an earlier run has left at a registrar")
struct ReapingTests {
    private static let stale = "sip:alice@192.0.2.50:5070"

    private func desk(account: String = "alice") throws -> Desk {
        try Desk(leftovers: [Leftover(account: account, contact: try AnyURI(parsing: Self.stale), until: nil)])
    }

    @Test("It asks what is bound and removes ours only, never another device's (RFC 3261 §10.2.2)")
    func reap() throws {
        var desk = try desk()
        #expect(desk.softphone.model.leftovers.count == 1)
        #expect(desk.softphone.model.log.contains { $0.text.contains(Self.stale) })
        let request = try desk.type("reap")
        let query = try #require(desk.requests(.register).last)
        #expect(query.value(.contact) == nil)
        try desk.answer(
            .register, 200, [.contact: "<sip:alice@192.0.2.9>;expires=60, <\(Self.stale)>;expires=1700"])
        desk.run(for: .milliseconds(10))
        let removal = try #require(desk.requests(.register).last)
        #expect(removal.value(.contact) == "<\(Self.stale)>;expires=0")
        #expect(removal.value(.expires) == "0")
        #expect(desk.success(request) == nil)
        try desk.answer(.register, 200, [.contact: "<sip:alice@192.0.2.9>;expires=60"])
        #expect(desk.success(request)?.status == 200)
        #expect(desk.softphone.model.leftovers.isEmpty && desk.leftovers?.isEmpty == true)
        try desk.leave()
    }

    @Test("What a registrar keeps is known all the time, so that who leaves out of order can still say it")
    func bound() throws {
        var desk = try Desk()
        try desk.type("register")
        #expect(desk.bindings.isEmpty)
        try desk.answer(.register, 200, [.contact: "<sip:alice@192.0.2.100:5070>;expires=600"])
        let binding = try #require(desk.bindings.values.first)
        #expect(binding.account == "alice" && binding.contact.description == "sip:alice@192.0.2.100:5070")
        #expect(binding.until == desk.now + .seconds(600))
        try desk.type("unregister")
        try desk.answer(.register, 200)
        #expect(desk.bindings.isEmpty)
        try desk.type("register")
        try desk.answer(.register, 200, [.contact: "<sip:alice@192.0.2.100:5070>;expires=600"])
        try desk.type("unregister")
        desk.run(for: .seconds(40))
        #expect(
            desk.value("usages.total") == .integer(0) && desk.bindings.count == 1,
            "nobody has confirmed that it is gone")
        try desk.leave()
    }

    @Test("What has run out meanwhile needs no removal")
    func gone() throws {
        var desk = try desk()
        let request = try desk.type("reap alice")
        try desk.answer(.register, 200, [.contact: "<sip:alice@192.0.2.9>;expires=60"])
        #expect(desk.success(request)?.text == "nothing that was left is bound any more")
        #expect(desk.requests(.register).count == 1)
        #expect(desk.softphone.model.leftovers.isEmpty)
        try desk.leave()
    }

    @Test("A binding that this run has made again is not stale, though it looks like the one that was left")
    func reused() throws {
        let own = "sip:alice@192.0.2.100:5070"
        var desk = try Desk(leftovers: [Leftover(account: "alice", contact: try AnyURI(parsing: own), until: nil)])
        try desk.type("register")
        try desk.answer(.register, 200, [.contact: "<\(own)>;expires=600"])
        let request = try desk.type("reap")
        try desk.answer(.register, 200, [.contact: "<\(own)>;expires=599"])
        #expect(desk.success(request) != nil)
        #expect(desk.requests(.register).count == 2)
        try desk.leave()
    }

    @Test("A registrar that refuses or is silent is said, and what was left is remembered", arguments: [true, false])
    func refused(removing: Bool) throws {
        var desk = try desk()
        let request = try desk.type("reap")
        if removing {
            try desk.answer(.register, 200, [.contact: "<\(Self.stale)>;expires=1700"])
            desk.run(for: .milliseconds(10))
        }
        try desk.answer(.register, 403)
        #expect(desk.failure(request) != nil)
        #expect(desk.softphone.model.leftovers.count == 1)
        try desk.leave()
    }

    @Test("A question that is still unanswered when one leaves has removed nothing: what was left is remembered")
    func leftWhileAsking() throws {
        var desk = try desk()
        let request = try desk.type("reap")
        try desk.type("shutdown graceful giveup 1s")
        desk.run(for: .seconds(2))
        #expect(desk.isFinished && desk.failure(request) != nil)
        #expect(desk.softphone.model.leftovers.count == 1)
    }

    @Test("Nothing was left: it says so, and asks nobody")
    func nothing() throws {
        var desk = try Desk()
        let request = try desk.type("reap")
        #expect(desk.success(request)?.text.contains("no earlier run") == true)
        #expect(desk.requests(.register).isEmpty)
        try desk.leave()
    }
}
