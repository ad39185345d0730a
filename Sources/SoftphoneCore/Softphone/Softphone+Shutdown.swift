import DialogUsage
import SansIO

/// The ways to go, and what is said on the way (`batch.md`, section 4).
extension Softphone {
    mutating func shutDown(_ wanted: ShutdownRequest, _ request: RequestID, at now: Instant) throws(CommandFailure) {
        let giveUp = wanted.giveUp ?? configuration.giveUp
        if case .ifIdle(let ignoringSoftState, orRefuse: true) = wanted.mode {
            try refuseIfAlive(ignoringSoftState: ignoringSoftState)
        }
        leaving.requests.append(request)
        abandonDialling(CommandFailure(.shuttingDown, "shutting down: nothing new is started"), at: now)
        switch wanted.mode {
        case .graceful:
            for (id, call) in calls where !call.isEnding {
                calls[id]?.isEnding = true
                leaving.calls.insert(id)
            }
            absorb(
                core.shutdown(giveUp: giveUp, plan: wanted.order ?? configuration.plan, by: wanted.by, at: now), at: now
            )
        case .ifIdle(let ignoringSoftState, _):
            leaving.idleIgnoresSoftState = ignoringSoftState
            absorb(
                core.shutdownIfNoUsages(
                    giveUp: giveUp, ignoringSoftState: ignoringSoftState, by: wanted.by, at: now), at: now)
        case .force(let bestEffort):
            absorb(core.forceShutdown(bestEffort: bestEffort, by: wanted.by, at: now), at: now)
        }
    }

    /// `or-refuse`: tests now, changes nothing, and says what is alive.
    private func refuseIfAlive(ignoringSoftState: Bool) throws(CommandFailure) {
        let alive = core.usages.filter { !ignoringSoftState || !$0.id.kind.isSoftState }
        guard !alive.isEmpty else { return }
        let list = alive.prefix(16).map { "\(names[$0.id] ?? $0.id.description) (\($0.id.kind.rawValue) \($0.state))" }
        let more = alive.count > list.count ? ", …" : ""
        throw CommandFailure(
            .notNow, usage: alive.first?.id, "\(alive.count) alive: \(list.joined(separator: ", "))\(more)")
    }

    mutating func adjust(_ adjustment: Adjustment, _ request: RequestID, at now: Instant) throws(CommandFailure) {
        let wanted: ShutdownAdjustment
        switch adjustment {
        case .extend(let duration): wanted = .extend(by: duration)
        case .noDeadline: wanted = .noDeadline
        case .skipGroup: wanted = .skipGroup
        case .cancel: wanted = .cancel
        case .skip(let name):
            wanted = .skip(try live(name, Set(UsageKind.allCases), among: Set(core.blockers.map(\.id))))
        }
        do throws(AdjustmentError) {
            let outputs = try core.adjustShutdown(wanted, at: now)
            succeed(request, text: "done")
            absorb(outputs, at: now)
        } catch {
            throw CommandFailure(.notNow, error.description)
        }
    }

    mutating func progressed(_ progress: ShutdownProgress, at now: Instant) {
        changed()
        guard case .ending(let group) = progress.stage, group != leaving.group else { return }
        leaving.group = group
        happened(
            "shutdown.phase", fields: ["phase": .integer(group.rawValue), "kind": .text(group.title)], at: now)
    }

    mutating func shutdownCancelled(at now: Instant) {
        // What somebody hung up, here or there, goes on ending.
        for id in leaving.calls where calls[id]?.closing == nil { calls[id]?.isEnding = false }
        fail(leaving.requests, CommandFailure(.notNow, "the shutdown was taken back"))
        leaving = Leaving()
        log.note("the shutdown was taken back", at: now)
        changed()
    }

    /// The events of usages that end on the way.
    mutating func noteEnding(_ id: AnyUsageID, _ outcome: UsageOutcome, at now: Instant) {
        guard core.isShuttingDown || !leaving.requests.isEmpty else { return }
        leaving.endings.append(UsageEnding(id: id, name: names[id], outcome: outcome, at: now))
        happened(
            "shutdown.usage", id,
            fields: [
                "phase": .integer(id.kind.group.rawValue), "kind": .text(id.kind.rawValue),
                "result": .text(outcome.result), "reason": .text(outcome.inWords),
            ], at: now)
    }

    /// The core is done: everything that still waits is told so, and nothing is said after it.
    mutating func stopped(_ report: ShutdownReport, at now: Instant) {
        leaving.report = report
        abandonDialling(CommandFailure(.shuttingDown, "shut down"), at: now)
        closeAllAudio(at: now)
        fail(waiting.takeEverything(), CommandFailure(.shuttingDown, "shut down"))
        fail(faults.sorted { $0.serial < $1.serial }, CommandFailure(.shuttingDown, "shut down"))
        faults = []
        let names = Dictionary(leaving.endings.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
        for row in report.inPhaseOrder {
            say(.shutdownUsage(row, phase: row.id.kind.group.rawValue, name: names[row.id] ?? nil))
        }
        if report.deadlineHit { happened("shutdown.gaveup", at: now) }
        happened(
            "shutdown.done",
            fields: [
                "mode": .text(report.mode.rawValue), "clean": .flag(report.isClean),
                "abandoned": .integer(report.abandoned.count),
            ], at: now)
        for request in leaving.requests { succeed(request, text: report.isClean ? "clean" : "not clean") }
        leaving.requests = []
        leaving.isOver = true
        say(.stopped(report))
    }
}
