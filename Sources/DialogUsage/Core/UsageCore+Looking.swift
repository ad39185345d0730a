import SDP
import SIPMessage
import SIPTransaction
import SansIO

/// What there is and what it waits for, in words.
extension UsageCore {
    /// Every live usage, in the order in which shutdown would end them.
    package var usages: [UsageSummary] { usageIDs.compactMap { summary($0) } }
    package var usageIDs: [AnyUsageID] { records.keys.sorted() }

    package func summary(_ id: AnyUsageID) -> UsageSummary? {
        guard let record = records[id] else { return nil }
        let (state, waitsFor) = standing(of: id)
        var summary = UsageSummary(
            id: id, account: record.account, accountName: record.account.flatMap { accounts[$0]?.name },
            peer: record.peer, state: state, waitsFor: waitsFor, eventPackage: nil, since: record.since,
            nextDeadline: nextDeadline(of: id), expiresAt: expiry(of: id), entityTag: nil)
        switch id.kind {
        case .clientSubscription: summary.eventPackage = subscriptions[any: id]?.details.event.package
        case .serverSubscription: summary.eventPackage = watchers[any: id]?.details.event.package
        case .clientPublication:
            summary.eventPackage = publications[any: id]?.details.event
            if case .published(_, let tag, _) = publications[any: id]?.usage.state { summary.entityTag = visible(tag) }
        case .serverInviteSession, .clientInviteSession, .clientPagerMessage, .clientRegistration,
            .clientOutOfDialogRequest, .serverOutOfDialogRequest, .serverPagerMessage, .serverRegistration,
            .serverPublication:
            break
        }
        return summary
    }

    /// The row of a usage in the report, as it ends.
    func row(
        _ id: AnyUsageID, _ record: UsageRecord, _ outcome: UsageOutcome, at now: Instant
    ) -> ShutdownReport.Row {
        let begun = max(record.endedAt ?? coordinator.started, coordinator.started)
        return ShutdownReport.Row(
            id: id, account: record.account.flatMap { accounts[$0]?.name }, peer: record.peer, outcome: outcome,
            lastStatus: outcome.status ?? (outcome.isClean ? record.lastStatus : nil), requestsSent: record.endRequests,
            duration: max(.zero, now - begun), endedAt: now, peerSilentFor: record.lastHeard.map { now - $0 },
            consequence: consequence(id, record, outcome, at: now),
            believedUntil: outcome.isClean ? nil : believedUntil(id, record),
            binding: outcome.isClean ? nil : registrations[any: id]?.details.own)
    }

    /// What the other side goes on believing, and for how long.
    private func consequence(
        _ id: AnyUsageID, _ record: UsageRecord, _ outcome: UsageOutcome, at now: Instant
    ) -> String? {
        guard !outcome.isClean else { return nil }
        let until =
            believedUntil(id, record).map { "for \(max(0, ($0 - now).inMilliseconds / 1000)) s more" }
            ?? "until it expires"
        switch id.kind {
        case .clientRegistration: return "the registrar may keep our binding \(until)"
        case .clientPublication: return "the server may show our last state \(until)"
        case .clientSubscription: return "the server may keep notifying \(until)"
        case .serverSubscription: return "the watcher may believe in it \(until)"
        case .clientInviteSession, .serverInviteSession:
            switch callers[any: id]?.usage.state {
            case .calling, .proceeding, .endingUnheard, .cancelling: return "INVITE unanswered: the peer may still ring"
            case .answering, .established, .terminating, .ended, nil:
                return "the peer may believe that the call goes on"
            }
        case .clientPagerMessage: return "messages were not delivered"
        case .clientOutOfDialogRequest, .serverOutOfDialogRequest, .serverPagerMessage, .serverRegistration,
            .serverPublication:
            return nil
        }
    }

    /// Also while the end request is under way, when the state no longer says it.
    private func believedUntil(_ id: AnyUsageID, _ record: UsageRecord) -> Instant? {
        expiry(of: id) ?? record.believedUntil
    }

    func expiry(of id: AnyUsageID) -> Instant? {
        switch id.kind {
        case .clientRegistration:
            registrations[any: id]?.usage.bound?.expiresAt
        case .clientPublication:
            if case .published(_, _, let lease) = publications[any: id]?.usage.state { lease.expiresAt } else { nil }
        case .clientSubscription:
            if case .subscribed(_, let lease, _, _, _) = subscriptions[any: id]?.usage.state {
                lease.expiresAt
            } else {
                nil
            }
        case .serverSubscription:
            if case .notifying(_, let expiresAt, _) = watchers[any: id]?.usage.state { expiresAt } else { nil }
        case .serverInviteSession, .clientInviteSession, .clientPagerMessage, .clientOutOfDialogRequest,
            .serverOutOfDialogRequest, .serverPagerMessage, .serverRegistration, .serverPublication:
            nil
        }
    }

    /// The state in a word or two, and what it waits for in a sentence.
    func standing(of id: AnyUsageID) -> (state: String, waitsFor: String?) {
        switch id.kind {
        case .clientRegistration: registrations[any: id]?.usage.inWords ?? ("ended", nil)
        case .clientPublication: publications[any: id]?.usage.inWords ?? ("ended", nil)
        case .clientSubscription: subscriptions[any: id]?.usage.inWords ?? ("ended", nil)
        case .serverSubscription: watchers[any: id]?.usage.inWords ?? ("ended", nil)
        case .clientPagerMessage: pagers[any: id]?.usage.inWords ?? ("ended", nil)
        case .clientInviteSession:
            callers[any: id].map { inWords($0.usage, leg(sessionID(id))?.value) } ?? ("ended", nil)
        case .serverInviteSession:
            callees[any: id].map { inWords($0.usage, $0.details.value, leg(sessionID(id))?.value) } ?? ("ended", nil)
        case .clientOutOfDialogRequest: ("waiting", "the answer to our request")
        case .serverOutOfDialogRequest, .serverPagerMessage, .serverRegistration, .serverPublication:
            ("unanswered", "our own answer")
        }
    }

    private func inWords(_ usage: ClientInviteSession, _ leg: Leg?) -> (String, String?) {
        switch usage.state {
        case .calling: ("calling", "a first answer to INVITE")
        case .proceeding: ("ringing", "the callee to answer")
        case .answering: ("connecting", "our own answer to the peer's offer")
        case .endingUnheard: ("ending", "a first answer to INVITE, before which CANCEL may not be sent")
        case .cancelling: ("cancelling", "the final answer to the cancelled INVITE")
        case .established: leg?.modification.inWords ?? ("connected", nil)
        case .terminating: ("ending", "the answer to BYE")
        case .ended: ("ended", nil)
        }
    }
    private func inWords(
        _ usage: ServerInviteSession, _ details: SessionDetails, _ leg: Leg?
    ) -> (String, String?) {
        switch usage.state {
        case .offered where details.delivery.holdsAnswer: ("answering", "the PRACK before our 200")
        case .offered: (details.hasRung ? "ringing" : "incoming", "our own answer")
        case .accepted(_, thenEnd: false): ("answering", "the ACK to our 200")
        case .accepted(_, thenEnd: true): ("ending", "the ACK to our 200, before which BYE may not be sent")
        case .established: leg?.modification.inWords ?? ("connected", nil)
        case .refusing: ("ending", "the ACK to our refusal")
        case .terminating: ("ending", "the answer to BYE")
        case .ended: ("ended", nil)
        }
    }
}

extension SessionModification {
    fileprivate var inWords: (String, String?)? {
        switch state {
        case .idle: nil
        case .sent(.refresh): ("connected", "the answer to our refresh")
        case .sent(.reinvite): ("connected", "the answer to our re-INVITE")
        case .sent(.update): ("connected", "the answer to our UPDATE")
        case .received: ("connected", "our own answer to the peer's offer")
        case .answered: ("connected", "the ACK to our answer")
        case .waiting: ("connected", "a moment before we offer again (491)")
        }
    }
}
