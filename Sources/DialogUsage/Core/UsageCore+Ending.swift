import SIPMessage
import SIPTransaction
package import SansIO

/// How a usage ends: asked for, by itself, or dropped. `finish` is the only way out of the tables.
extension UsageCore {
    /// Ends one usage as its state demands (`shutdown.md`, section 5). Idempotent; never throws.
    package mutating func end(_ id: AnyUsageID, reason: String? = nil, at now: Instant) -> [UsageOutput] {
        guard !coordinator.isStopped else { return [] }
        beginEnd(id, reason: reason, at: now)
        return settle(at: now)
    }

    mutating func beginEnd(_ id: AnyUsageID, reason: String? = nil, at now: Instant) {
        guard records[id] != nil else { return }
        if records[id]?.endedAt == nil {
            let believedUntil = expiry(of: id)
            records[id]?.endedAt = now
            records[id]?.believedUntil = believedUntil
            records[id]?.reason = reason
        }
        switch id.kind {
        case .clientRegistration: drive(registrationID(id), .endRequested, at: now)
        case .clientPublication: drive(publicationID(id), .endRequested, at: now)
        case .clientSubscription: drive(subscriptionID(id), .endRequested, at: now)
        case .serverSubscription:
            drive(watcherID(id), referral: .endRequested, at: now)
            drive(watcherID(id), .endRequested, at: now)
        case .clientPagerMessage: drive(pagerID(id), .endRequested(flushUntil: flushUntil(now)), at: now)
        case .clientInviteSession:
            settleModificationsBeforeEnd(.client(callerID(id)), at: now)
            if !endsRedirection(callerID(id), at: now) { drive(callerID(id), .endRequested, at: now) }
        case .serverInviteSession:
            settleModificationsBeforeEnd(.server(calleeID(id)), at: now)
            drive(calleeID(id), .endRequested, at: now)
        case .clientOutOfDialogRequest: break
        case .serverOutOfDialogRequest, .serverPagerMessage, .serverRegistration, .serverPublication:
            drive(id, served: .endRequested, at: now)
        }
    }

    /// The usage is over: one terminal event, one row in the report, and nothing left of it.
    mutating func finish(_ id: AnyUsageID, _ outcome: UsageOutcome, at now: Instant) {
        guard let record = records.removeValue(forKey: id) else { return }
        if let timer = record.timer { wheel.cancel(timer) }
        if id.kind == .clientInviteSession || id.kind == .serverInviteSession, let dialog = dialogs[record.dialog] {
            ended.note(dialog, until: now + configuration.stack.timers.t1 * 64)
        }
        if id.kind == .clientInviteSession || id.kind == .serverInviteSession {
            drive(sessionID(id), outbox: .dialogEnded, at: now)
            limitInvites(of: sessionID(id), at: now)
        }
        dialogs.leave(id, record.dialog)
        if id.kind == .clientInviteSession { leaveLegs(of: callerID(id), but: record.dialog) }
        if coordinator.isActive {
            let row = row(id, record, outcome, at: now)
            coordinator.finished(id, row: row)
        }
        switch id.kind {
        case .clientRegistration: registrations.remove(id)
        case .clientPublication: publications.remove(id)
        case .clientSubscription:
            drive(subscriptionID(id), referral: .subscriptionOver)
            subscriptions.remove(id)
        case .serverSubscription:
            watchers.remove(id)
            audience.remove(id)
        case .clientPagerMessage: pagers.remove(id)
        case .clientInviteSession: callers.remove(id)
        case .serverInviteSession: callees.remove(id)
        case .clientOutOfDialogRequest: outOfDialog.remove(id)
        case .serverOutOfDialogRequest: served.remove(id)
        case .serverPagerMessage: messages.remove(id)
        case .serverRegistration: registering.remove(id)
        case .serverPublication: publishing.remove(id)
        }
        report(.ended(id, outcome))
    }

    /// Ends a usage on our side alone: skipped, forced, given up. What it still holds back is given back first.
    mutating func abandon(_ id: AnyUsageID, _ outcome: UsageOutcome, at now: Instant) {
        switch id.kind {
        case .clientPagerMessage: giveBackQueue(pagerID(id), at: now)
        case .serverOutOfDialogRequest, .serverPagerMessage, .serverRegistration, .serverPublication,
            .clientOutOfDialogRequest, .clientRegistration, .clientPublication, .clientSubscription,
            .serverSubscription, .clientInviteSession, .serverInviteSession:
            break
        }
        finish(id, outcome, at: now)
    }

    /// What these have asked is asked no more, and whatever is answered is not heard.
    mutating func forgetRequests(of usages: Set<AnyUsageID>) {
        for (transaction, request) in sent where usages.contains(request.usage) {
            stack.abandon(transaction)
            sent[transaction] = nil
        }
    }

    /// Vanishes as a crashed server does: these usages, and what their like left behind, are gone without a word on the
    /// wire.
    package mutating func dropSilently(_ kinds: Set<UsageKind>, at now: Instant) -> [UsageOutput] {
        let ids = records.keys.filter { kinds.contains($0.kind) }
        forgetRequests(of: Set(ids))
        for id in ids.sorted(by: { $0.serial < $1.serial }) { finish(id, .forced, at: now) }
        if kinds.contains(.serverRegistration) { registrar?.removeAll() }
        if kinds.contains(.serverPublication) { compositor?.removePublications() }
        return settle(at: now)
    }

    // MARK: Deadlines

    /// Puts the usage's next deadline into the wheel, if it has changed.
    mutating func touch(_ id: AnyUsageID) {
        guard let index = records.index(forKey: id) else { return }
        let next = nextDeadline(of: id)
        guard next != records.values[index].deadline else { return }
        if let timer = records.values[index].timer { wheel.cancel(timer) }
        let timer = next.map { wheel.schedule(id, at: $0) }
        records.values[index].deadline = next
        records.values[index].timer = timer
    }

    mutating func deadlineReached(_ id: AnyUsageID, at now: Instant) {
        guard records[id] != nil else { return }
        records[id]?.deadline = nil
        records[id]?.timer = nil
        guard mayRefresh(id, at: now) else { return }
        switch id.kind {
        case .clientRegistration: drive(registrationID(id), .deadlineReached, at: now)
        case .clientPublication: drive(publicationID(id), .deadlineReached, at: now)
        case .clientSubscription: drive(subscriptionID(id), renewal(of: subscriptionID(id)), at: now)
        case .serverSubscription:
            referralDeadline(watcherID(id), at: now)
            if let at = watchers[any: id]?.usage.nextDeadline, at <= now {
                drive(watcherID(id), .deadlineReached, at: now)
            }
        case .clientInviteSession, .serverInviteSession: sessionDeadlineReached(sessionID(id), at: now)
        case .serverOutOfDialogRequest, .serverPagerMessage, .serverRegistration, .serverPublication:
            drive(id, served: .deadlineReached, at: now)
        case .clientPagerMessage, .clientOutOfDialogRequest: break
        }
        touch(id)
    }

    func nextDeadline(of id: AnyUsageID) -> Instant? {
        switch id.kind {
        case .clientRegistration: refreshable(registrations[any: id]?.usage.nextDeadline, id)
        case .clientPublication: refreshable(publications[any: id]?.usage.nextDeadline, id)
        case .clientSubscription: refreshable(subscriptions[any: id]?.usage.nextDeadline, id)
        case .serverSubscription:
            watchers[any: id].flatMap { earliest($0.usage.nextDeadline, $0.details.referral?.progress.nextDeadline) }
        case .clientInviteSession, .serverInviteSession: sessionDeadline(of: sessionID(id))
        case .serverOutOfDialogRequest: served[any: id]?.usage.nextDeadline
        case .serverPagerMessage: messages[any: id]?.usage.nextDeadline
        case .serverRegistration: registering[any: id]?.usage.nextDeadline
        case .serverPublication: publishing[any: id]?.usage.nextDeadline
        case .clientPagerMessage, .clientOutOfDialogRequest: nil
        }
    }

    /// No refresh is started so late that it would hold up the un-REGISTER (R1).
    private func refreshable(_ deadline: Instant?, _ id: AnyUsageID) -> Instant? {
        deadline.flatMap { mayRefresh(id, at: $0) ? $0 : nil }
    }
    private func mayRefresh(_ id: AnyUsageID, at instant: Instant) -> Bool {
        guard records[id]?.endedAt == nil, id.kind.isSoftState, let last = coordinator.lastRefresh else { return true }
        return instant <= last
    }

    // MARK: Typed ids, where the kind has been looked at

    func registrationID(_ id: AnyUsageID) -> UsageID<ClientRegistration> { UsageID(serial: id.serial) }
    func publicationID(_ id: AnyUsageID) -> UsageID<ClientPublication> { UsageID(serial: id.serial) }
    func subscriptionID(_ id: AnyUsageID) -> UsageID<ClientSubscription> { UsageID(serial: id.serial) }
    func watcherID(_ id: AnyUsageID) -> UsageID<ServerSubscription> { UsageID(serial: id.serial) }
    func pagerID(_ id: AnyUsageID) -> UsageID<ClientPagerMessage> { UsageID(serial: id.serial) }
    func callerID(_ id: AnyUsageID) -> UsageID<ClientInviteSession> { UsageID(serial: id.serial) }
    func calleeID(_ id: AnyUsageID) -> UsageID<ServerInviteSession> { UsageID(serial: id.serial) }

    /// The gate toward the application (G5): nothing new is begun, and nothing has been allocated.
    func gate(_ account: AccountID) throws(UsageError) -> Account {
        guard !coordinator.isActive else { throw .shuttingDown }
        guard let known = accounts[account] else { throw .noSuchAccount }
        return known
    }
    func limit(_ count: Int, _ what: UsageKind) throws(UsageError) {
        guard count < configuration.limits.usagesPerKind else {
            throw .limitReached("\(configuration.limits.usagesPerKind) \(what.rawValue)s")
        }
    }
}
