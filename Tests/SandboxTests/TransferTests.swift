import DialogUsage
import Ladder
import Media
import SDP
import SIPMessage
import SansIO
import Testing

@Suite("Sandbox: bob follows transfers")
struct TransferTests {
    private func call(_ user: String, _ domain: inout Domain) throws -> SessionID {
        let account = domain.account
        let offer = try SessionDescription(parsing: Array(HouseCallTests.offer.utf8))
        let id = try domain.perform { core, now in try core.invite(account, to: Domain.uri(user), offer: offer, at: now)
        }
        domain.run(for: .seconds(1))
        return .client(id)
    }
    private func referrals(_ domain: Domain) -> [ReferralEvent] {
        domain.events.compactMap { if case .referral(_, let event) = $0 { event } else { nil } }
    }

    @Test("Blind: bob calls the echo, we hear that it answered, and leave him to it")
    func blind() throws {
        var domain = Domain()
        try domain.register()
        try domain.subscribe(to: "bob")
        let bob = try call("bob", &domain)
        _ = try domain.perform { core, now in try core.refer(bob, to: Domain.uri("echo"), at: now) }
        domain.run(for: .milliseconds(200))
        #expect(referrals(domain).last == .concluded(.succeeded(SipfragStatus(200))))
        let before = domain.documents.count
        domain.take(domain.core.end(bob.any, at: domain.now))
        domain.run(for: .seconds(1))
        #expect(domain.documents[(before - 1)...].allSatisfy { $0.contains("on-the-phone") })
        // He does not talk for ever.
        domain.run(for: .seconds(61))
        #expect(domain.documents.last?.contains("on-the-phone") == false)
        domain.finish()
    }

    @Test("Attended: bob takes our place with the echo, which ends our call to it (RFC 3891)")
    func attended() throws {
        var domain = Domain()
        let bob = try call("bob", &domain)
        let echo = try call("echo", &domain)
        _ = try domain.perform { core, now in try core.refer(bob, toTakeOver: echo, at: now) }
        domain.run(for: .milliseconds(200))
        #expect(referrals(domain).last == .concluded(.succeeded(SipfragStatus(200))))
        #expect(domain.ladder.lines.contains { $0.hasSuffix("<-- BYE") })
        #expect(domain.core.usages.map(\.id) == [bob.any])
        domain.take(domain.core.end(bob.any, at: domain.now))
        domain.run(for: .seconds(1))
        domain.finish()
    }

    @Test("bob calls those who have registered where they are: us, for instance")
    func registered() throws {
        var domain = Domain()
        try domain.register()
        let bob = try call("bob", &domain)
        _ = try domain.perform { core, now in try core.refer(bob, to: Domain.uri("alice"), at: now) }
        domain.run(for: .milliseconds(200))
        let incoming = domain.events.compactMap { event -> IncomingCall? in
            if case .session(_, .incoming(let call)) = event { call } else { nil }
        }
        #expect(incoming.first?.from.uri == Domain.uri("bob"))
        #expect(incoming.first?.request.value(.referredBy)?.contains("alice@sandbox.test") == true)
        domain.finish()
    }

    @Test(
        "Nobody to be found, or not bob who is asked: declined",
        arguments: [("bob", "carol"), ("bob", "nobody"), ("echo", "bob")])
    func declined(asked: String, target: String) throws {
        var domain = Domain()
        let session = try call(asked, &domain)
        _ = try domain.perform { core, now in try core.refer(session, to: Domain.uri(target), at: now) }
        domain.run(for: .milliseconds(200))
        #expect(referrals(domain) == [.concluded(.refused(.status(603, reason: "Decline")))])
        #expect(domain.core.usages.map(\.id).contains(session.any))
        domain.finish()
    }
}
