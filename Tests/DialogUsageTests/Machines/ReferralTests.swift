import DialogUsage
import SIPMessage
import SansIO
import Testing

@Suite("A referral of ours (RFC 3515 §2.4)")
struct ClientReferralTests {
    private static let trying = SipfragStatus(100)
    private static let ringing = SipfragStatus(180)
    private static let ok = SipfragStatus(200)
    private static let busy = SipfragStatus(486)

    private func events(_ inputs: [ClientReferral.Input]) -> [ReferralEvent] {
        var referral = ClientReferral()
        return inputs.flatMap { referral.handle($0) }
    }

    @Test("The fate is what the last status line said, not that the subscription is over (§2.4.5)")
    func fate() {
        #expect(
            events([.accepted, .notified(Self.trying), .notified(Self.ringing), .notified(Self.ok), .subscriptionOver])
                == [.accepted, .progress(Self.trying), .progress(Self.ringing), .concluded(.succeeded(Self.ok))])
        #expect(events([.accepted, .notified(Self.busy)]) == [.accepted, .concluded(.failed(Self.busy))])
        #expect(
            events([.accepted, .notified(Self.trying), .subscriptionOver])
                == [.accepted, .progress(Self.trying), .concluded(.unknown)])
        #expect(events([.accepted, .notified(nil), .subscriptionOver]) == [.accepted, .concluded(.unknown)])
    }

    @Test("A NOTIFY before the 2xx counts, and the 2xx after it is no news (§2.4.4)")
    func early() {
        #expect(
            events([.notified(Self.trying), .accepted, .notified(Self.ok)])
                == [.progress(Self.trying), .concluded(.succeeded(Self.ok))])
    }

    @Test("A refusal, and a 2xx without reports, conclude it (RFC 4488 §4)")
    func withoutReports() {
        let refusal = Failure.status(603, reason: "Decline")
        #expect(events([.refused(refusal), .subscriptionOver]) == [.concluded(.refused(refusal))])
        #expect(events([.acceptedWithoutReports, .subscriptionOver]) == [.concluded(.unreported)])
    }

    @Test("It is concluded once: what comes after says nothing")
    func once() {
        #expect(
            events([.accepted, .notified(Self.ok), .notified(Self.busy), .refused(.timedOut), .accepted])
                == [.accepted, .concluded(.succeeded(Self.ok))])
    }
}

@Suite("A referral that we got (RFC 3515 §2.4)")
struct ServerReferralTests {
    private static let trying = SipfragStatus(100)
    private static let ringing = SipfragStatus(180)
    private static let ok = SipfragStatus(200)

    private func actions(
        _ inputs: [ServerReferral.Input], wantsReports: Bool = true
    ) -> [ServerReferral.Action] {
        var referral = ServerReferral(wantsReports: wantsReports, decideBy: .zero)
        return inputs.flatMap { referral.handle($0) }
    }

    @Test("Accepted: 202 with 100 at once, what is heard, and the final status last (§2.4.2, §2.4.7)")
    func accepted() {
        #expect(
            actions([.accepted, .heard(Self.trying), .heard(Self.ringing), .heard(Self.ringing), .heard(Self.ok)])
                == [.accept(.active, Self.trying), .notify(Self.ringing), .conclude(Self.ok)])
    }

    @Test("Undecided: 202 and a pending subscription whose body is 100 (§2.4.2, §2.4.5)")
    func deferred() {
        let deferred = ServerReferral.Action.accept(.pending, Self.trying)
        #expect(
            actions([.deadlineReached, .accepted, .heard(Self.ok)])
                == [deferred, .notify(Self.trying), .conclude(Self.ok)])
        #expect(actions([.deadlineReached, .declined(603)]) == [deferred, .conclude(SipfragStatus(603))])
    }

    @Test("Declined at once: the REFER is refused, and nobody is subscribed (§2.4.2)")
    func declined() {
        #expect(actions([.declined(603), .accepted, .heard(Self.ok)]) == [.refuse(603)])
    }

    @Test("No reports wanted: 202 that says so, or an ordinary subscription when undecided (RFC 4488 §4)")
    func unreported() {
        #expect(actions([.accepted, .heard(Self.ok)], wantsReports: false) == [.acceptWithoutReports])
        #expect(actions([.deadlineReached], wantsReports: false) == [.accept(.pending, Self.trying)])
    }

    @Test("The end: undecided, the last status is 603; attempting, 487; concluded, nothing more (W17)")
    func leaving() {
        #expect(actions([.endRequested, .accepted, .heard(Self.ok)]) == [])
        #expect(actions([.deadlineReached, .endRequested]).last == .conclude(SipfragStatus(603)))
        #expect(
            actions([.accepted, .heard(Self.ringing), .endRequested, .heard(Self.ok)]).last
                == .conclude(SipfragStatus(487)))
        #expect(actions([.accepted, .heard(Self.ok), .endRequested]).last == .conclude(Self.ok))
    }
}

@Suite("Whose place an INVITE with Replaces takes (RFC 3891 §3)")
struct ReplacementTests {
    private let ours = SessionID.client(UsageID(serial: 1))
    private let theirs = SessionID.server(UsageID(serial: 2))
    private let replaces = Replaces(callID: "c", toTag: "1", fromTag: "2")
    private let earlyOnly = Replaces(callID: "c", toTag: "1", fromTag: "2", isEarlyOnly: true)

    @Test("Check by check, in the order of the section")
    func table() {
        func judge(_ replaces: Replaces, _ matches: [Replacement.Match], authorized: Bool = true) -> Replacement {
            Replacement.judge(replaces, matches) { _ in authorized }
        }
        #expect(judge(replaces, []) == .refused(481))
        #expect(judge(replaces, [.confirmed(ours), .confirmed(theirs)]) == .refused(481))
        #expect(judge(replaces, [.notInvite]) == .refused(481))
        #expect(judge(replaces, [.ended], authorized: false) == .refused(603))
        #expect(judge(replaces, [.confirmed(theirs)], authorized: false) == .refused(403))
        #expect(judge(earlyOnly, [.confirmed(theirs)], authorized: false) == .refused(403))
        #expect(judge(earlyOnly, [.confirmed(theirs)]) == .refused(486))
        #expect(judge(earlyOnly, [.calling(ours)]) == .replaces(ours))
        #expect(judge(replaces, [.called(theirs)]) == .refused(481))
        #expect(judge(replaces, [.calling(ours)]) == .replaces(ours))
        #expect(judge(replaces, [.confirmed(theirs)]) == .replaces(theirs))
    }
}
