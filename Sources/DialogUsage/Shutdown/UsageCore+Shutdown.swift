import SIPMessage
import SIPTransaction
package import SansIO

/// The operations of the 2004 proposal, and what the coordinator's steps do to the usages.
extension UsageCore {
    /// Ends every usage in the plan's order, flushes, closes the stack and reports. `giveUp` zero: no deadline. `by`
    /// stands in the report.
    package mutating func shutdown(
        giveUp: Duration, plan: ShutdownPlan? = nil, by: String = "application", at now: Instant
    ) -> [UsageOutput] {
        operate(.init(by: by, mode: .graceful, giveUp: giveUp, at: now), plan: plan)
    }
    /// Ends nothing: waits until the usages have ended by themselves, or gives up and forces.
    package mutating func shutdownIfNoUsages(
        giveUp: Duration, ignoringSoftState: Bool = false, by: String = "application", at now: Instant
    ) -> [UsageOutput] {
        operate(.init(by: by, mode: .ifIdle, giveUp: giveUp, at: now), ignoringSoftState: ignoringSoftState)
    }
    /// Frees everything now and sends nothing, or with `bestEffort` one copy of what may be said.
    package mutating func forceShutdown(
        bestEffort: Bool = false, by: String = "application", at now: Instant
    ) -> [UsageOutput] {
        operate(.init(by: by, mode: bestEffort ? .bestEffort : .force, giveUp: .zero, at: now))
    }

    private mutating func operate(
        _ request: ShutdownReport.Request, ignoringSoftState: Bool = false, plan: ShutdownPlan? = nil
    ) -> [UsageOutput] {
        guard !coordinator.isStopped else { return [] }
        coordinator.request(
            request, ignoringSoftState: ignoringSoftState, plan: plan ?? configuration.plan,
            nonEmptyLater: nonEmptyLater(), timeout: configuration.transactionBound)
        return settle(at: request.at)
    }

    package mutating func adjustShutdown(
        _ adjustment: ShutdownAdjustment, at now: Instant
    ) throws(AdjustmentError) -> [UsageOutput] {
        if case .skip(let id) = adjustment, coordinator.isActive {
            guard records[id]?.endedAt != nil || coordinator.waitingIDs.contains(id) else {
                throw .notWaitingFor("\(id)")
            }
        }
        try coordinator.adjust(adjustment, nonEmptyLater: nonEmptyLater(), at: now)
        switch adjustment {
        case .skip(let id): skip([id], at: now)
        case .skipGroup:
            let waiting = coordinator.waitingIDs
            let laggards = waiting.isEmpty ? Array(records.keys) : Array(waiting)
            skip(laggards.sorted(by: { $0.serial < $1.serial }), at: now)
        case .cancel:
            report(.shutdownCancelled)
            touchAll()
        case .extend, .noDeadline: touchAll()
        }
        return settle(at: now)
    }

    /// Their requests go with them: nobody is to wait at the end for an answer that was not to be waited for.
    private mutating func skip(_ ids: [AnyUsageID], at now: Instant) {
        forgetRequests(of: Set(ids))
        for id in ids { abandon(id, .skipped, at: now) }
    }

    /// A refresh that would have come too late may be in time now (R1).
    private mutating func touchAll() {
        for id in records.keys.sorted(by: { ($0.kind.prefix, $0.serial) < ($1.kind.prefix, $1.serial) }) { touch(id) }
    }

    // MARK: Steps

    mutating func advanceShutdown(at now: Instant) {
        guard coordinator.isActive, !coordinator.isStopped else { return }
        while let step = coordinator.step(
            alive: records.count, hardAlive: hardCount, isFlushed: isFlushed, at: now)
        {
            switch step {
            case .enter(let group): enter(group, at: now)
            case .end(let ids):
                for id in ids {
                    if records[id].map({ $0.endedAt == nil }) == true { coordinator.saySomething() }
                    beginEnd(id, at: now)
                }
            case .force(let outcome): force(outcome, at: now)
            case .close(let flushed):
                close(flushed: flushed, at: now)
                return
            }
        }
        if coordinator.takeChanged(), let progress = shutdownProgress { report(.shutdownProgress(progress)) }
    }

    private mutating func enter(_ group: ShutdownGroup, at now: Instant) {
        let members = ids(in: group).map { id in (id, dialog(of: id)?.target) }
        coordinator.load(members, nonEmptyLater: nonEmptyLater(), t1: configuration.stack.timers.t1, at: now)
    }

    private mutating func force(_ outcome: UsageOutcome, at now: Instant) {
        for group in coordinator.plan.order {
            for id in ids(in: group) {
                if coordinator.mode == .bestEffort, outcome == .forced { sendLastWord(of: id, at: now) }
                abandon(id, outcome, at: now)
            }
        }
    }

    /// Closes the stack and says so, once. Nothing is sent or reported after it.
    private mutating func close(flushed: Bool, at now: Instant) {
        enqueue(stack.close(at: now))
        flushClosing(at: now)
        sent = [:]
        owners = [:]
        ended.removeAll()
        dialogs.removeAll()
        ongoing.removeAll()
        paused.removeAll()
        digest.removeAll()
        digestServer?.removeAll()
        registrar?.removeAll()
        compositor?.removePublications()
        if let progress = shutdownProgress { report(.shutdownProgress(progress)) }
        let final = ShutdownReport(
            mode: coordinator.mode, requestedBy: coordinator.requestedBy, escalations: coordinator.escalations,
            started: coordinator.started, finished: now, deadline: coordinator.deadline,
            deadlineHit: coordinator.deadlineHit, groups: coordinator.groups, usages: coordinator.rows,
            undelivered: coordinator.undelivered, flushed: flushed, census: census)
        report = final
        emit(.ended(final))
    }

    // MARK: Counting

    /// The members of a group, oldest first.
    func ids(in group: ShutdownGroup) -> [AnyUsageID] {
        records.keys.filter { $0.kind.group == group }.sorted {
            ($0.kind.prefix, $0.serial) < ($1.kind.prefix, $1.serial)
        }
    }
    func count(in group: ShutdownGroup) -> Int {
        switch group {
        case .serverRequests: servedCount
        case .serverInviteSessions: callees.count
        case .serverSubscriptions: watchers.count
        case .clientInviteSessions: callers.count
        case .clientSubscriptions: subscriptions.count
        case .clientPagerMessages: pagers.count + outOfDialog.count
        case .clientPublications: publications.count
        case .clientRegistrations: registrations.count
        }
    }
    private var hardCount: Int {
        servedCount + callees.count + callers.count + pagers.count + outOfDialog.count
    }
    private var servedCount: Int { served.count + messages.count + registering.count + publishing.count }
    private var isFlushed: Bool { stack.isFlushed }
    /// The groups that still have to come after the present one and have members.
    private func nonEmptyLater() -> [ShutdownGroup] {
        let order = coordinator.plan.order
        guard case .ending(let index, _) = coordinator.stage else { return [] }
        return order.dropFirst(index + 1).filter { count(in: $0) > 0 }
    }

    package var shutdownProgress: ShutdownProgress? { coordinator.progress { count(in: $0) } }

    package var census: ManagerCensus {
        var census = ManagerCensus()
        census.usages = records.count
        census.dialogs = dialogs.count
        census.dialogSets = dialogs.setCount
        let below = stack.census
        census.clientTransactions = below.clientTransactions
        census.serverTransactions = below.serverTransactions
        census.timers =
            below.timers + wheel.count + (registrar?.timerCount ?? 0) + (compositor?.timerCount ?? 0)
        census.flows = below.flows
        census.pending =
            sent.count + owners.count + ongoing.count + digest.count + (digestServer?.count ?? 0) + below.resolutions
        return census
    }
}
