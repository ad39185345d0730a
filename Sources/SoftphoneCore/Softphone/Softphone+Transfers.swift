import DialogUsage
import SIPMessage
import SansIO

/// Transfers.
extension Softphone {
    mutating func heard(_ event: ReferralEvent, of id: UsageID<ClientSubscription>, at now: Instant) { changed() }

    mutating func asked(_ request: ReferralRequest, _ id: UsageID<ServerSubscription>, at now: Instant) {
        if let outputs = try? core.declineReferral(id, at: now) { absorb(outputs, at: now) }
    }
}
