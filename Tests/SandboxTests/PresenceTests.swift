import DialogUsage
import Ladder
import SIPMessage
import SansIO
import Testing

@Suite("Sandbox: presence agent and its faults (RFC 3856, RFC 3903, RFC 6665)")
struct PresenceTests {
    static let open = """
        <?xml version="1.0"?><presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:alice@sandbox.test">\
        <tuple id="t1"><status><basic>open</basic></status><note>writing tests</note></tuple></presence>
        """

    @Test("bob is open at once, and changes by himself while somebody watches (§4.2.2)")
    func bobChanges() throws {
        var domain = Domain()
        try domain.register()
        try domain.subscribe(to: "bob")
        #expect(domain.documents.count == 1)
        #expect(domain.documents.first?.contains("open") == true)
        domain.run(for: .seconds(16))
        #expect(domain.documents.count == 2)
        #expect(domain.documents.last?.contains("closed") == true)
        domain.finish()
    }

    @Test("A publication reaches the watcher; taken back, the watcher is told too (RFC 3903 §6)")
    func published() throws {
        var domain = Domain()
        try domain.register()
        try domain.subscribe(to: "alice")
        let publication = try domain.publish(Self.open)
        #expect(domain.documents.last?.contains("writing tests") == true)
        domain.take(domain.core.end(publication.any, at: domain.now))
        domain.run(for: .seconds(1))
        #expect(domain.documents.last?.contains("closed") == true)
        domain.finish()
    }

    @Test("A document that is not PIDF is refused, and the watcher sees nothing of it (hardening, section 1)")
    func badDocument() throws {
        var domain = Domain()
        try domain.register()
        try domain.subscribe(to: "alice")
        let before = domain.documents.count
        try domain.publish("<!DOCTYPE x [<!ENTITY a \"b\">]><presence>&a;</presence>")
        #expect(domain.ladder.lines.contains { $0.hasSuffix("<-- 400 PUBLISH") })
        #expect(domain.documents.count == before)
        domain.finish()
    }

    @Test("Nobody of that name: 404; a package nobody serves: 489 (§4.2.1.1)")
    func refused() throws {
        var domain = Domain()
        try domain.register()
        try domain.subscribe(to: "nobody")
        #expect(domain.ladder.lines.contains { $0.hasSuffix("<-- 404 SUBSCRIBE") })
        try domain.subscribe(to: "bob", event: "weather")
        #expect(domain.ladder.lines.contains { $0.hasSuffix("<-- 489 SUBSCRIBE") })
        domain.finish()
    }

    @Test("41. fault crash presence: nothing to do with presence is answered, registering goes on (the 2004 case)")
    func crash() throws {
        var domain = Domain()
        let registration = try domain.register()
        let subscription = try domain.subscribe(to: "bob")
        domain.fault(.crashPresence, token: 7)
        #expect(domain.faultsApplied == [7])
        let before = domain.ladder.count
        domain.take(domain.core.end(subscription.any, at: domain.now))
        domain.run(for: .seconds(40))
        let answers = domain.ladder.lines.dropFirst(before).filter { $0.contains("<--") }
        #expect(!answers.contains { $0.contains("SUBSCRIBE") || $0.contains("NOTIFY") })
        #expect(domain.outcomes.last == .peerUnresponsive)
        domain.take(domain.core.end(registration.any, at: domain.now))
        domain.run(for: .seconds(1))
        #expect(domain.outcomes.last == .local(200))
        domain.finish()
    }

    @Test("fault restart presence after a crash: the old subscription is unknown, 481 (§4.2.1.2)")
    func restart() throws {
        var domain = Domain()
        try domain.register()
        let subscription = try domain.subscribe(to: "bob")
        domain.fault(.crashPresence)
        domain.fault(.restartPresence)
        domain.take(domain.core.end(subscription.any, at: domain.now))
        domain.run(for: .seconds(1))
        #expect(domain.ladder.lines.contains { $0.hasSuffix("<-- 481 SUBSCRIBE") })
        domain.finish()
    }

    @Test("fault silence: nothing at all is answered until fault clear")
    func silence() throws {
        var domain = Domain()
        domain.fault(.silence)
        try domain.register()
        #expect(!domain.ladder.lines.contains { $0.contains("<--") })
        domain.fault(.clear)
        domain.run(for: .seconds(2))
        #expect(domain.ladder.lines.contains { $0.hasSuffix("<-- 200 REGISTER") })
        domain.finish()
    }

    @Test("fault refuse METHOD STATUS: that method is refused, others are not")
    func refuse() throws {
        var domain = Domain()
        try domain.register()
        domain.fault(.refuse(method: "SUBSCRIBE", status: 503))
        try domain.subscribe(to: "bob")
        #expect(domain.ladder.lines.contains { $0.hasSuffix("<-- 503 SUBSCRIBE") })
        try domain.publish(Self.open)
        #expect(domain.ladder.lines.contains { $0.hasSuffix("<-- 200 PUBLISH") })
        domain.finish()
    }

    @Test("fault lose: half of the datagrams are gone, and retransmission still gets through (RFC 3261 §17.1.2)")
    func lose() throws {
        var domain = Domain()
        domain.fault(.lose(0.5))
        try domain.register()
        domain.run(for: .seconds(30))
        #expect(domain.ladder.sent().count > 2, "something was sent again")
        #expect(domain.ladder.lines.contains { $0.hasSuffix("<-- 200 REGISTER") })
        domain.finish()
    }
}
