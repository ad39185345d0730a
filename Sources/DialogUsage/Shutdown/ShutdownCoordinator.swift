import SIPTransaction
import SansIO

/// Brings the user agent down in an order its peers can follow, and gives up on those that do not answer
/// (`shutdown.md`, sections 1 to 3).
///
///   running ──▶ idleWait ──▶ ending(group) ──▶ … ──▶ waitingForLaggards ──▶ flushing ──▶ stopped
///                                                           any of these ── D ──▶ force ──▶ stopped
///
/// It decides *when*; the core does. The groups form a soft barrier: the next begins when all of one have ended, or
/// at its soft deadline, and then the laggards go on trying in the background (O1, O2).
struct ShutdownCoordinator: Sendable {
    enum Stage: Hashable, Sendable {
        case running
        case idleWait(ignoringSoftState: Bool)
        case ending(index: Int, softDeadline: Instant?)
        case waitingForLaggards
        case flushing(until: Instant)
        case stopped
    }
    /// What one step asks of the core.
    enum Step: Hashable, Sendable {
        /// The group at this place of the plan begins: load its members.
        case enter(ShutdownGroup)
        case end([AnyUsageID])
        /// Nothing may be waited for any longer.
        case force(UsageOutcome)
        /// All usages are gone: close the stack.
        case close(flushed: Bool)
    }

    private(set) var stage = Stage.running
    private(set) var mode = ShutdownMode.graceful
    private(set) var requestedBy: [ShutdownReport.Request] = []
    private(set) var escalations: [ShutdownReport.Escalation] = []
    private(set) var started = Instant.zero
    private(set) var deadline: Instant?
    private(set) var deadlineHit = false
    private(set) var giveUp = Duration.zero
    private(set) var rows: [ShutdownReport.Row] = []
    private(set) var undelivered: [UndeliveredMessage] = []
    private(set) var plan = ShutdownPlan.proposal
    private(set) var groups: [ShutdownReport.Group] = []
    /// A usage was told to end that would have gone on, or a refusal has been written: `.cancel` comes too late (S7).
    private(set) var hasSpoken = false
    private(set) var changed = false
    /// Members of the present group which have not ended.
    private var waiting: Set<AnyUsageID> = []
    /// Came into being when their group had begun already: an answer that was owed made them (O4).
    private var newborns: [AnyUsageID] = []
    private var doneByGroup: [ShutdownGroup: Int] = [:]
    private var pacer = ShutdownPacer()
    private var timeout = Duration.seconds(32)

    var isActive: Bool { stage != .running }
    var isStopped: Bool { stage == .stopped }
    var isSilentlyIdle: Bool { if case .idleWait = stage { true } else { false } }

    // MARK: Operations

    /// S3: a repeated call only raises the intensity and brings D nearer; anything weaker joins.
    mutating func request(
        _ request: ShutdownReport.Request, ignoringSoftState: Bool = false, plan: ShutdownPlan,
        nonEmptyLater: [ShutdownGroup], timeout: Duration
    ) {
        guard !isStopped else { return }
        let (wanted, giveUp, now) = (request.mode, request.giveUp, request.at)
        requestedBy.append(request)
        changed = true
        let limit = giveUp > .zero ? now + giveUp : nil
        switch (stage, wanted) {
        case (.running, _):
            started = now
            self.plan = plan
            self.timeout = timeout
            self.giveUp = giveUp
            deadline = limit
            mode = wanted
            groups = plan.order.map { .init(group: $0, started: nil, finished: nil, softDeadlineHit: false) }
            stage =
                wanted == .ifIdle
                ? .idleWait(ignoringSoftState: ignoringSoftState) : .ending(index: -1, softDeadline: now)
        case (.idleWait, .graceful):
            // From waiting to ending: D limited the waiting, and is set anew.
            escalate(to: .graceful, at: now)
            deadline = limit
            self.giveUp = giveUp
            stage = .ending(index: -1, softDeadline: now)
        case (_, .force), (_, .bestEffort):
            escalate(to: wanted, at: now)
        case (_, .graceful), (_, .ifIdle), (_, .cancelled):
            if let limit, deadline.map({ limit < $0 }) ?? true {
                deadline = limit
                self.giveUp = limit - started
                tightenSoftDeadline(nonEmptyLater: nonEmptyLater)
            }
        }
    }
    private mutating func escalate(to wanted: ShutdownMode, at now: Instant) {
        guard wanted.intensity > mode.intensity else { return }
        escalations.append(.init(from: mode, to: wanted, at: now))
        mode = wanted
    }

    mutating func adjust(_ adjustment: ShutdownAdjustment, nonEmptyLater: [ShutdownGroup], at now: Instant)
        throws(AdjustmentError)
    {
        guard isActive, !isStopped else { throw .notShuttingDown }
        changed = true
        switch adjustment {
        case .extend(let duration):
            guard let old = deadline else { return }
            deadline = old + duration
            tightenSoftDeadline(nonEmptyLater: nonEmptyLater)
        case .noDeadline:
            deadline = nil
            tightenSoftDeadline(nonEmptyLater: nonEmptyLater)
        case .skip: break
        case .skipGroup:
            guard !waiting.isEmpty || stage == .waitingForLaggards else { throw .notWaitingFor("a group") }
        case .cancel:
            guard isSilentlyIdle || !hasSpoken else { throw .tooLate }
            reset()
        }
    }
    var waitingIDs: Set<AnyUsageID> { waiting }

    private mutating func reset() {
        self = ShutdownCoordinator()
    }

    // MARK: What the core tells it

    mutating func saySomething() { if isActive { hasSpoken = true } }
    mutating func undelivered(_ message: UndeliveredMessage) { if isActive { undelivered.append(message) } }
    /// Joins its group if that has not begun; else it is ended at once, and waited for where its group is (O4).
    mutating func born(_ id: AnyUsageID, at now: Instant) {
        guard isActive else { return }
        changed = true
        let place = plan.order.firstIndex(of: id.kind.group) ?? 0
        switch stage {
        case .running, .idleWait, .flushing, .stopped: return
        case .ending(let index, _):
            guard place <= index else { return }
            if place == index { waiting.insert(id) }
        case .waitingForLaggards: break
        }
        newborns.append(id)
    }

    mutating func finished(_ id: AnyUsageID, row: ShutdownReport.Row) {
        guard isActive else { return }
        changed = true
        rows.append(row)
        doneByGroup[id.kind.group, default: 0] += 1
        waiting.remove(id)
        pacer.finished(id)
    }
    mutating func endRequestAnswered(for id: AnyUsageID) { pacer.finished(id) }
    mutating func retransmitted(to target: Target, at now: Instant) { pacer.retransmitted(to: target, at: now) }

    /// After this no refresh is begun (R1); nil: no limit.
    var lastRefresh: Instant? {
        guard case .ending = stage, let deadline else { return nil }
        return deadline - budget.minSlice(.clientRegistrations)
    }

    // MARK: Steps

    var nextDeadline: Instant? {
        switch stage {
        case .running, .stopped: nil
        case .idleWait, .waitingForLaggards: deadline
        case .ending(_, let softDeadline): earliest(earliest(softDeadline, deadline), pacer.nextDeadline)
        case .flushing(let until): earliest(until, deadline)
        }
    }

    /// The next thing to do, or nil when there is nothing to do but wait. Asked again after each step was taken.
    mutating func step(alive: Int, hardAlive: Int, isFlushed: Bool, at now: Instant) -> Step? {
        switch stage {
        case .running, .stopped: return nil
        case .idleWait, .ending, .waitingForLaggards, .flushing: break
        }
        if mode == .force || mode == .bestEffort, alive > 0 { return .force(.forced) }
        if let deadline, now >= deadline, alive > 0 {
            deadlineHit = true
            return .force(.gaveUp)
        }
        if !newborns.isEmpty {
            defer { newborns = [] }
            return .end(newborns)
        }
        switch stage {
        case .idleWait(let ignoringSoftState):
            if alive == 0 { return flush(isFlushed: isFlushed, at: now) }
            guard ignoringSoftState, hardAlive == 0 else { return nil }
            if giveUp > .zero { deadline = now + giveUp }
            stage = .ending(index: -1, softDeadline: now)
            changed = true
            return step(alive: alive, hardAlive: hardAlive, isFlushed: isFlushed, at: now)
        case .ending(let index, let softDeadline):
            if alive == 0 { return flush(isFlushed: isFlushed, at: now) }
            let due = pacer.due(at: now, softDeadline: softDeadline) { waiting.contains($0) }
            if !due.isEmpty { return .end(due) }
            let late = softDeadline.map { now >= $0 } ?? false
            guard waiting.isEmpty || late else { return nil }
            return leave(index, late: !waiting.isEmpty, at: now)
        case .waitingForLaggards:
            return alive == 0 ? flush(isFlushed: isFlushed, at: now) : nil
        case .flushing(let until):
            let forced = mode == .force || mode == .bestEffort
            let late = deadline.map { now >= $0 } ?? false
            guard isFlushed || forced || late || now >= until else { return nil }
            if late, !isFlushed, !forced { deadlineHit = true }
            stage = .stopped
            changed = true
            return .close(flushed: isFlushed)
        case .running, .stopped:
            return nil
        }
    }

    /// The members of the group that was just entered, and which groups after it have any.
    mutating func load(
        _ members: [(AnyUsageID, Target?)], nonEmptyLater: [ShutdownGroup], t1: Duration, at now: Instant
    ) {
        guard case .ending(let index, _) = stage else { return }
        waiting = Set(members.map(\.0))
        let soft = softDeadline(startedAt: now, nonEmptyLater: nonEmptyLater)
        stage = .ending(index: index, softDeadline: soft)
        groups[index].started = now
        pacer.load(members, mustHaveSentBy: soft - t1, at: now)
    }

    private mutating func leave(_ index: Int, late: Bool, at now: Instant) -> Step? {
        changed = true
        if index >= 0 {
            groups[index].finished = now
            groups[index].softDeadlineHit = late
        }
        waiting = []
        let next = index + 1
        guard next < plan.order.count else {
            stage = .waitingForLaggards
            return nil
        }
        stage = .ending(index: next, softDeadline: nil)
        return .enter(plan.order[next])
    }

    private mutating func flush(isFlushed: Bool, at now: Instant) -> Step? {
        changed = true
        for index in groups.indices where groups[index].started != nil && groups[index].finished == nil {
            groups[index].finished = now
        }
        waiting = []
        let bound = now + timeout
        stage = .flushing(until: deadline.map { min($0, bound) } ?? bound)
        return step(alive: 0, hardAlive: 0, isFlushed: isFlushed, at: now)
    }

    // MARK: Budgets (O2)

    private var budget: ShutdownBudget { ShutdownBudget(giveUp: giveUp, timeout: timeout) }
    private func softDeadline(startedAt: Instant, nonEmptyLater: [ShutdownGroup]) -> Instant {
        budget.softDeadline(startedAt: startedAt, deadline: deadline, nonEmptyLater: nonEmptyLater)
    }
    private mutating func tightenSoftDeadline(nonEmptyLater: [ShutdownGroup]) {
        guard case .ending(let index, .some) = stage, index >= 0, let startedAt = groups[index].started else { return }
        stage = .ending(index: index, softDeadline: softDeadline(startedAt: startedAt, nonEmptyLater: nonEmptyLater))
    }

    // MARK: Looking

    mutating func takeChanged() -> Bool {
        defer { changed = false }
        return changed
    }

    func progress(alive: (ShutdownGroup) -> Int) -> ShutdownProgress? {
        guard isActive else { return nil }
        let current: Int? = if case .ending(let index, _) = stage { index } else { nil }
        let rows = plan.order.enumerated().map { index, group in
            let done = doneByGroup[group] ?? 0
            let phase: ShutdownProgress.Group.Phase =
                switch stage {
                case .running, .idleWait: .waiting
                case .ending: current.map { index < $0 ? .passed : index == $0 ? .active : .waiting } ?? .waiting
                case .waitingForLaggards, .flushing, .stopped: .passed
                }
            let soft: Instant? = if case .ending(index, let softDeadline) = stage { softDeadline } else { nil }
            return ShutdownProgress.Group(
                group: group, phase: phase, total: done + alive(group), done: done, softDeadline: soft)
        }
        let shown: ShutdownProgress.Stage =
            switch stage {
            case .running: .running
            case .idleWait: .idleWait
            case .ending(let index, _): .ending(plan.order[max(0, index)])
            case .waitingForLaggards: .waitingForLaggards
            case .flushing: .flushing
            case .stopped: .stopped
            }
        return ShutdownProgress(
            mode: mode, stage: shown, started: started, deadline: deadline, groups: rows,
            canCancel: isSilentlyIdle || !hasSpoken)
    }
}
