import SIPTransaction
import SansIO

/// "What are we waiting for, since when, for how long at most": one answer for each usage that waits for something, at
/// any time.
extension UsageCore {
    package var blockers: [Blocker] {
        let requests = unansweredRequests(of: { _ in true })
        return usageIDs.compactMap { blocker($0, requests[$0]) }
    }
    /// Those among so many usages, without a look at the others.
    package func blockers(among ids: Set<AnyUsageID>) -> [AnyUsageID: Blocker] {
        let requests = unansweredRequests(of: ids.contains)
        var blockers: [AnyUsageID: Blocker] = [:]
        for id in ids { blockers[id] = blocker(id, requests[id]) }
        return blockers
    }
    /// What each of them holds besides what its own usage is in: as long as this stays, so does the answer for a usage
    /// that nothing has happened to.
    package var bounds: Bounds {
        Bounds(
            isIdling: coordinator.isSilentlyIdle, deadline: coordinator.deadline, lastRefresh: coordinator.lastRefresh)
    }
    package struct Bounds: Hashable, Sendable {
        var isIdling: Bool
        var deadline: Instant?
        var lastRefresh: Instant?
    }

    private func blocker(_ id: AnyUsageID, _ request: Unanswered?) -> Blocker? {
        guard let record = records[id] else { return nil }
        let waitsFor = standing(of: id).waitsFor
        guard waitsFor != nil || record.endedAt != nil || coordinator.isSilentlyIdle else { return nil }
        let own = request?.until ?? patience(of: id)
        let bound = record.endedAt.map { $0 + configuration.usageBound }
        return Blocker(
            id: id, peer: record.peer, waitsFor: waitsFor ?? "its own end",
            since: record.endedAt ?? request?.since ?? record.since,
            until: earliest(own ?? bound, coordinator.deadline), requestsSent: record.endRequests,
            lastHeard: record.lastHeard)
    }

    /// The requests of one usage whose final answer has not come.
    private struct Unanswered {
        var since: Instant
        /// nil: nothing bounds the wait, as for an INVITE that rings.
        var until: Instant?
    }

    private func unansweredRequests(of isMeant: (AnyUsageID) -> Bool) -> [AnyUsageID: Unanswered] {
        var known: [AnyUsageID: Unanswered] = [:]
        for (transaction, request) in sent where !request.isAnswered && isMeant(request.usage) {
            let until = stack.givesUp(transaction)
            guard let other = known[request.usage] else {
                known[request.usage] = Unanswered(since: request.sentAt, until: until)
                continue
            }
            known[request.usage] = Unanswered(
                since: min(other.since, request.sentAt), until: latest(other.until, until))
        }
        return known
    }
    private func latest(_ a: Instant?, _ b: Instant?) -> Instant? { a.map { a in b.map { max(a, $0) } ?? a } ?? b }

    /// How long a usage waits with no request of its own in flight: for an ACK, for a NOTIFY, out of patience.
    private func patience(of id: AnyUsageID) -> Instant? {
        if id.kind == .serverInviteSession, let entry = callees[any: id] {
            if case .accepted(let repetition, _) = entry.usage.state { return repetition.giveUpAt }
            if case .refusing = entry.usage.state { return entry.details.inviteFromPeer.flatMap { stack.givesUp($0) } }
        }
        if id.kind == .serverInviteSession || id.kind == .clientInviteSession,
            case .answered(let repetition, _) = leg(sessionID(id))?.modification.state
        {
            return repetition.giveUpAt
        }
        return nextDeadline(of: id)
    }
}
