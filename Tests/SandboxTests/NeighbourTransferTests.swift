import DialogUsage
import Ladder
import SDP
import SIPMessage
import Sandbox
import SansIO
import Testing

@Suite("Sandbox: transfers and redirections between its users")
struct NeighbourTransferTests {
    private func fates(_ street: Street, _ phone: Int) -> [ClientReferral.Fate] {
        street.phones[phone].events.compactMap { event in
            if case .referral(_, .concluded(let fate)) = event { fate } else { nil }
        }
    }
    private func session(_ street: Street, _ phone: Int, _ kind: UsageKind) throws -> SessionID {
        let usage = try #require(street.phones[phone].core.usages.last { $0.id.kind == kind })
        return kind == .clientInviteSession
            ? .client(UsageID(serial: usage.id.serial)) : .server(UsageID(serial: usage.id.serial))
    }
    /// The peers of the phone's connected calls.
    private func talksTo(_ street: Street, _ phone: Int) -> [String] {
        street.phones[phone].core.usages.filter { $0.state == "connected" }.map(\.peer)
    }

    @Test(
        "A transfer is asked of the one at the other end, whoever of the two asks; who asked hears how it went (RFC 3515 §2.4)"
    )
    func blind() throws {
        for asker in [0, 1] {
            var street = try Street.registered("alice", "carol")
            let call = try street.call(0, "carol")
            let own: SessionID = asker == 0 ? .client(call) : try session(street, 1, .serverInviteSession)
            try street.perform(asker) { core, _, now in
                ((), try core.refer(own, to: Domain.uri("echo"), at: now).1)
            }
            street.run(for: .seconds(1))
            #expect(fates(street, asker) == [.succeeded(SipfragStatus(200))])
            let other = 1 - asker
            #expect(talksTo(street, other).contains("sip:echo@sandbox.test"))
            // Who asked leaves, and the other one talks on to the third.
            street.take(street.phones[asker].core.end(own.any, at: street.now), of: asker)
            street.run(for: .seconds(1))
            #expect(talksTo(street, other) == ["sip:echo@sandbox.test"])
            #expect(talksTo(street, asker).isEmpty)
            street.finish()
        }
    }

    @Test("A transfer that is declined is declined as it was, and the call goes on")
    func declined() throws {
        var street = try Street.registered("alice", "carol")
        street.followsReferrals = false
        let call = try street.call(0, "carol")
        try street.perform(0) { core, _, now in
            ((), try core.refer(.client(call), to: Domain.uri("echo"), at: now).1)
        }
        street.run(for: .seconds(1))
        #expect(fates(street, 0) == [.refused(.status(603, reason: "Decline"))])
        #expect(talksTo(street, 0).count == 1 && talksTo(street, 1).count == 1)
        street.finish()
    }

    @Test("A third who refuses is heard of with the status that he gave; the call goes on")
    func refused() throws {
        var street = try Street.registered("alice", "carol", "alice")
        street.callManners[2] = .refuse(486)
        street.callManners[0] = .refuse(486)
        let call = try street.call(0, "carol")
        try street.perform(0) { core, _, now in
            ((), try core.refer(.client(call), to: Domain.uri("alice"), at: now).1)
        }
        street.run(for: .seconds(1))
        #expect(fates(street, 0) == [.failed(SipfragStatus(486))])
        #expect(talksTo(street, 0).count == 1)
        street.finish()
    }

    @Test("Nobody who decides: what was asked goes with the call, and leaves nothing behind")
    func undecided() throws {
        var street = try Street.registered("alice", "carol")
        street.followsReferrals = nil
        let call = try street.call(0, "carol")
        try street.perform(0) { core, _, now in
            ((), try core.refer(.client(call), to: Domain.uri("echo"), at: now).1)
        }
        street.run(for: .seconds(3))
        street.take(street.phones[0].core.end(call.any, at: street.now), of: 0)
        street.run(for: .seconds(1))
        #expect(street.ended(1).count == 1)
        street.finish()
    }

    @Test(
        "An attended transfer to one of the house: he takes the place of who asked, whose second call ends (RFC 3891 §3)"
    )
    func attended() throws {
        var street = try Street.registered("alice", "carol")
        let first = try street.call(0, "carol")
        let second = try street.call(0, "bob")
        street.run(for: .seconds(2))
        try street.perform(0) { core, _, now in
            ((), try core.refer(.client(first), toTakeOver: .client(second), at: now).1)
        }
        street.run(for: .seconds(3))
        #expect(fates(street, 0) == [.succeeded(SipfragStatus(200))])
        #expect(street.ended(0) == [.endedByPeer(nil)])
        street.take(street.phones[0].core.end(first.any, at: street.now), of: 0)
        street.run(for: .seconds(1))
        #expect(talksTo(street, 1).count == 1 && talksTo(street, 0).isEmpty)
        street.finish()
    }

    @Test(
        "A redirection to bob or to where somebody registered is followed; one to nobody is not: 480 (RFC 3261 §8.1.3.4)"
    )
    func redirected() throws {
        for (targets, status) in [(["bob"], nil), (["echo"], nil), (["carol"], 480), (["nobody"], 480)]
            as [([String], StatusCode?)]
        {
            var street = try Street.registered("alice", "carol")
            street.callManners[1] = .redirect(to: targets)
            _ = try street.call(0, "carol")
            street.run(for: .seconds(2))
            if let status {
                #expect(street.ended(0) == [.endedByPeer(status)], "\(targets)")
            } else {
                #expect(talksTo(street, 0) == ["sip:carol@sandbox.test"], "\(targets)")
            }
            street.finish()
        }
    }
}
