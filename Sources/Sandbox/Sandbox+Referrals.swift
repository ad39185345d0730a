import DialogUsage
import SIPMessage
import SansIO

/// A transfer in a call between two users: who is asked is the one at the other end, and whoever asked hears what the
/// other one says of it.
extension Sandbox {
    /// false: the REFER came in no call between two users.
    mutating func passOn(
        _ id: UsageID<ServerSubscription>, _ request: ReferralRequest, at now: Instant
    ) -> Bool {
        guard let session = request.session, let other = opposite(session) else { return false }
        guard let (asked, produced) = try? core.refer(other, passingOn: request.target, at: now) else {
            absorb((try? core.declineReferral(id, status: 480, at: now)) ?? [], at: now)
            return true
        }
        passedOn[asked] = id
        absorb(produced, at: now)
        return true
    }

    mutating func heard(_ event: ReferralEvent, of asked: UsageID<ClientSubscription>, at now: Instant) {
        guard let id = passedOn[asked] else { return }
        switch event {
        case .accepted: follow(id, at: now)
        case .progress(let status): report(id, status, at: now)
        case .concluded(let fate):
            passedOn[asked] = nil
            switch fate {
            case .succeeded(let status), .failed(let status): report(id, status, at: now)
            case .refused(let failure): refused(id, failure.status ?? 480, at: now)
            // It was accepted, and the rest is not known.
            case .unreported, .unknown: report(id, SipfragStatus(503), at: now)
            }
        }
    }

    /// News may come before the answer to the REFER (RFC 3515 §2.4.4).
    private mutating func report(_ id: UsageID<ServerSubscription>, _ status: SipfragStatus, at now: Instant) {
        follow(id, at: now)
        absorb((try? core.reportReferral(id, status, at: now)) ?? [], at: now)
    }
    /// Throws where it has been followed, or is over.
    private mutating func follow(_ id: UsageID<ServerSubscription>, at now: Instant) {
        absorb((try? core.followReferral(id, at: now)) ?? [], at: now)
    }
    private mutating func refused(_ id: UsageID<ServerSubscription>, _ status: StatusCode, at now: Instant) {
        // 408 is no answer to give (RFC 4320 §4.2), and a challenge is none of the asker's business.
        let isOurs: Set<StatusCode> = [401, 407, 408]
        let told = isOurs.contains(status) ? 480 : status
        if let produced = try? core.declineReferral(id, status: told, at: now) { return absorb(produced, at: now) }
        report(id, SipfragStatus(told), at: now)
    }

    /// Whoever asked wants to hear no more of it, or we leave.
    mutating func forgetReferral(_ id: UsageID<ServerSubscription>, at now: Instant) {
        guard let asked = passedOn.first(where: { $0.value == id })?.key else { return }
        passedOn[asked] = nil
        absorb(core.end(asked.any, at: now), at: now)
    }
}
