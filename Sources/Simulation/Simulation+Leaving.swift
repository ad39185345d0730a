import DialogUsage
import SIPMessage
import SansIO

/// Shutdowns, repeated, escalated and adjusted, and what has to follow from each (`shutdown.md` S1, S3, S7).
extension Simulation {
    mutating func shutDown(_ index: Int) {
        guard agents[index].leaving == nil else { return }
        outcome.shutdowns += 1
        let giveUp = pick([0, 0, 1, 2, 5, 10, 30] as [Int64]) ?? 0
        let mode = pick([.graceful, .graceful, .graceful, .ifIdle, .force, .bestEffort] as [ShutdownMode]) ?? .graceful
        if chance(0.3) { agenda.add(.escalation(agents[index].name), at: now + milliseconds(0...6_000)) }
        if chance(0.3) { agenda.add(.adjustment(agents[index].name), at: now + milliseconds(0...6_000)) }
        begin(mode, giveUp: .seconds(giveUp), of: index)
    }

    mutating func escalate(_ index: Int) {
        let mode: ShutdownMode = chance(0.5) ? .graceful : chance(0.3) ? .ifIdle : chance(0.5) ? .force : .bestEffort
        begin(mode, giveUp: .seconds(3), of: index)
    }

    mutating func begin(_ mode: ShutdownMode, giveUp: Duration, of index: Int) {
        let now = clock(index)
        // Waiting for idle without end is allowed, and no test of anything.
        let limit = mode == .ifIdle && giveUp == .zero ? Duration.seconds(20) : giveUp
        note { "\($0.agents[index].name) is told: \(mode), give up after \(limit.inMilliseconds) ms" }
        agents[index].state = .leaving(expected(of: index, mode, limit, at: now))
        switch mode {
        case .graceful: take(agents[index].core.shutdown(giveUp: limit, at: now), of: index)
        case .ifIdle:
            let ignores = chance(0.5)
            take(
                agents[index].core.shutdownIfNoUsages(giveUp: limit, ignoringSoftState: ignores, at: now), of: index)
        case .force: take(agents[index].core.forceShutdown(at: now), of: index)
        case .bestEffort: take(agents[index].core.forceShutdown(bestEffort: true, at: now), of: index)
        case .cancelled: break
        }
    }

    /// What a call of an operation has to lead to.
    private func expected(
        of index: Int, _ mode: ShutdownMode, _ limit: Duration, at now: Instant
    ) -> SimulatedAgent.Leaving {
        let isForced = mode == .force || mode == .bestEffort
        let deadline = isForced ? now : now + (limit == .zero ? bound(of: index) : limit)
        guard var known = agents[index].leaving else {
            return .init(mode: mode, began: now, isWaiting: mode == .ifIdle, giveUp: limit, deadline: deadline)
        }
        if isForced {
            known.mode = mode
            known.deadline = now
        } else if known.isWaiting, mode == .graceful {
            // From waiting to ending the time begins anew (S3).
            known.mode = mode
            known.isWaiting = false
            known.giveUp = limit
            known.deadline = deadline
        } else if limit > .zero, deadline < known.deadline {
            known.deadline = deadline
            known.giveUp = deadline - known.began
        }
        return known
    }

    private func bound(of index: Int) -> Duration { agents[index].core.configuration.shutdownBound }

    /// Waiting is over by itself: only soft state is left, and what limited the waiting begins anew for the ending.
    mutating func progressed(_ progress: ShutdownProgress, of index: Int) {
        guard case .leaving(var leaving) = agents[index].state, leaving.isWaiting, progress.stage != .idleWait else {
            return
        }
        leaving.isWaiting = false
        if leaving.mode == .ifIdle { leaving.deadline = clock(index) + leaving.giveUp }
        agents[index].state = .leaving(leaving)
    }

    // MARK: Adjustments

    mutating func adjust(_ index: Int) {
        guard case .leaving(var leaving) = agents[index].state, let progress = agents[index].core.shutdownProgress
        else {
            return
        }
        var wanted = [ShutdownAdjustment.extend(by: .seconds(4)), .skipGroup, .cancel]
        if let id = pick(agents[index].core.blockers.map(\.id)) { wanted.append(.skip(id)) }
        if !leaving.isWaiting { wanted.append(.noDeadline) }
        guard let adjustment = pick(wanted) else { return }
        let now = clock(index)
        do {
            let outputs = try agents[index].core.adjustShutdown(adjustment, at: now)
            note { "\($0.agents[index].name) is told: \(adjustment)" }
            switch adjustment {
            case .extend(let duration): if progress.deadline != nil { leaving.deadline += duration }
            case .noDeadline: leaving.deadline = now + bound(of: index)
            case .skip, .skipGroup: break
            case .cancel:
                if !progress.canCancel { violate("\(agents[index].name) took a shutdown back too late (S7)") }
                agents[index].state = .running
                agenda.add(.shutdown(agents[index].name), at: self.now + milliseconds(500...20_000))
                return take(outputs, of: index)
            }
            agents[index].state = .leaving(leaving)
            take(outputs, of: index)
        } catch {
            if adjustment == .cancel, progress.canCancel {
                violate("\(agents[index].name) refused to take a shutdown back: \(error) (S7)")
            }
        }
        if chance(0.5) { agenda.add(.adjustment(agents[index].name), at: self.now + milliseconds(100...4_000)) }
    }

    // MARK: The end

    mutating func stopped(_ report: ShutdownReport, of index: Int) {
        note {
            "\($0.agents[index].name) has stopped: \(report.usages.map { "\($0.id) \($0.outcome)" }.joined(separator: ", "))"
        }
        guard case .leaving(let leaving) = agents[index].state else {
            return violate("\(agents[index].name) stopped unasked, or twice")
        }
        check(report, leaving, of: index)
        agents[index].state = .stopped(report)
        if plant == .lateDatagram {
            let late = Datagram(local: agents[index].address, remote: Self.sandboxAddress, bytes: [13, 10, 13, 10])
            checkSending(late, of: index)
        }
        let isUnclean = report.usages.contains { $0.id.kind != .clientOutOfDialogRequest && !$0.outcome.isClean }
        if isUnclean { hasForgotten = true }
        if isActive, !isOnTrial, chance(0.3) { comeBack(index) }
    }
}
