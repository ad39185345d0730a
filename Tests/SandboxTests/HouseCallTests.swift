import DialogUsage
import Ladder
import Media
import SDP
import SIPMessage
import SansIO
import Testing

@Suite("Sandbox: calls to echo and bob")
struct HouseCallTests {
    static let offer = """
        v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
        m=audio 41000 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n
        """

    private func call(_ user: String, _ domain: inout Domain) throws -> UsageID<ClientInviteSession> {
        let account = domain.account
        let offer = try SessionDescription(parsing: Array(Self.offer.utf8))
        let id = try domain.perform { core, now in try core.invite(account, to: Domain.uri(user), offer: offer, at: now)
        }
        domain.run(for: .milliseconds(100))
        return id
    }
    private func statuses(_ domain: Domain) -> [String] {
        domain.ladder.lines.filter { $0.contains("<--") && $0.hasSuffix("INVITE") }
            .map { String($0.split(separator: " ")[2]) }
    }
    private func plan(_ domain: Domain) -> MediaPlan? {
        for case .start(_, let plan) in domain.media { return plan }
        return nil
    }

    @Test("echo rings and answers at once, with audio that comes back; BYE closes it")
    func echo() throws {
        var domain = Domain()
        let id = try call("echo", &domain)
        #expect(statuses(domain).contains("180"))
        #expect(statuses(domain).last == "200")
        #expect(plan(domain)?.device == .echo)
        domain.take(domain.core.end(id.any, at: domain.now))
        domain.run(for: .seconds(1))
        #expect(domain.outcomes == [.local(200)])
        #expect(domain.media.contains { if case .close = $0 { true } else { false } })
        domain.finish()
    }

    @Test("bob lets it ring, answers with a tone, and his watchers see him on the phone")
    func bob() throws {
        var domain = Domain()
        try domain.register()
        try domain.subscribe(to: "bob")
        let id = try call("bob", &domain)
        #expect(statuses(domain).last == "180")
        domain.run(for: .seconds(1))
        #expect(statuses(domain).last == "200")
        #expect(plan(domain)?.device == .tone(hertz: 440))
        #expect(domain.documents.last?.contains("on-the-phone") == true)
        domain.take(domain.core.end(id.any, at: domain.now))
        domain.run(for: .seconds(1))
        #expect(domain.documents.last?.contains("on-the-phone") == false)
        domain.finish()
    }

    @Test("CANCEL while bob's phone rings: 487, and no audio is ever opened (RFC 3261 §9.2)")
    func cancelled() throws {
        var domain = Domain()
        let id = try call("bob", &domain)
        domain.take(domain.core.end(id.any, at: domain.now))
        domain.run(for: .seconds(2))
        #expect(statuses(domain).last == "487")
        #expect(domain.media.isEmpty)
        domain.finish()
    }

    @Test("Somebody who is not there: 480; somebody who does not exist: 404")
    func nobody() throws {
        var domain = Domain()
        _ = try call("carol", &domain)
        _ = try call("nobody", &domain)
        #expect(statuses(domain).filter { $0 != "100" } == ["480", "404"])
        domain.finish()
    }
}
