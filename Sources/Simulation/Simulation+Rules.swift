import DialogUsage
import SIPMessage
import Sandbox
import SansIO

/// The rules of `shutdown.md` that hold in every run.
extension Simulation {
    /// One terminal event for each usage, and nothing of it afterwards (E1, E2).
    mutating func check(_ event: UsageEvent, of index: Int) {
        if agents[index].isStopped { violate("agent\(index) said something after it had stopped") }
        if case .ended(let id, let outcome) = event {
            note("agent\(index) \(id) ended: \(outcome)")
            let times = plant == .doubleTerminal && id.kind == .clientSubscription ? 2 : 1
            for _ in 0..<times where !agents[index].ended.insert(id).inserted {
                violate("agent\(index) \(id) ended twice (E1)")
            }
            agents[index].alive.remove(id)
            return
        }
        guard let id = Self.subject(of: event) else { return }
        if agents[index].ended.contains(id) { violate("agent\(index) \(id) had ended, and still: \(event)") }
        agents[index].alive.insert(id)
    }

    private static func subject(of event: UsageEvent) -> AnyUsageID? {
        switch event {
        case .registration(let id, _): id.any
        case .session(let id, _): id.any
        case .subscription(let id, _): id.any
        case .publication(let id, _): id.any
        case .pager(let id, _): id.any
        case .watcher(let id, _): id.any
        case .referral(let id, _): id.any
        case .referralRequested(let id, _): id.any
        case .message(let id, _): id.any
        case .request(let id, _): id.any
        case .outOfDialog(let id, _): id.any
        case .changed(let id): id
        case .registrar(.requested(let id, _)): id.any
        case .compositor(.requested(let id, _)): id.any
        case .registrar, .compositor, .ended, .shutdownProgress, .shutdownCancelled, .traced, .malformed: nil
        }
    }

    /// Nothing after completion; one final answer for each request.
    mutating func checkSending(_ datagram: Datagram, of index: Int) {
        if agents[index].isStopped { violate("agent\(index) sent a datagram after it had stopped") }
        guard let message = try? SIPMessage(parsing: datagram.bytes), message.isResponse, let status = message.status,
            status.isFinal, let via = try? message.topVia(), let branch = via.branch
        else { return }
        let key = "\(branch)|\(via.host):\(via.port ?? 0)|\(message.method)"
        guard let known = agents[index].finals[key] else {
            agents[index].finals[key] = (status.value, now)
            return
        }
        guard known.status != status.value else { return }
        // What comes again when the transaction is over is a new request: after Timer I for a refused INVITE, else after
        // Timers J and L (RFC 3261 §17.2, RFC 6026).
        let memory = message.method == .invite && known.status >= 300 ? Duration.seconds(5) : .seconds(32)
        if now - known.at < memory {
            violate("agent\(index) answered one \(message.method) with \(known.status) and with \(status.value)")
        }
        agents[index].finals[key] = (status.value, now)
    }

    mutating func stopped(_ report: ShutdownReport, of index: Int) {
        if agents[index].isStopped { violate("agent\(index) stopped twice (S2)") }
        agents[index].report = report
        note(
            "agent\(index) stopped: \(report.mode), \(report.usages.count) usages, \(report.abandoned.count) abandoned")
        var census = report.census
        if plant == .leakTransaction { census.clientTransactions += 1 }
        let rest = agents[index].core.census
        if !census.isEmpty || !rest.isEmpty { violate("agent\(index) left something over: \(census), \(rest) (L1)") }
        if agents[index].core.nextDeadline != nil { violate("agent\(index) still waits for a deadline") }
        if !agents[index].core.usages.isEmpty { violate("agent\(index) still has usages") }
        for id in agents[index].alive.sorted(by: { $0.serial < $1.serial }) {
            violate("agent\(index) \(id) never ended (E1)")
        }
        checkTime(report, of: index)
        checkOrder(report, of: index)
        if plant == .lateDatagram {
            let late = Datagram(local: agents[index].address, remote: Self.sandboxAddress, bytes: [13, 10, 13, 10])
            checkSending(late, of: index)
        }
    }

    /// Over at or before the deadline; later only by as long as it was frozen.
    private mutating func checkTime(_ report: ShutdownReport, of index: Int) {
        guard let shutdown = agents[index].shutdown else { return violate("agent\(index) stopped unasked") }
        guard !shutdown.wasFrozen, (agents[index].frozenUntil ?? .zero) < shutdown.began else { return }
        if now > shutdown.deadline { violate("agent\(index) stopped after its deadline (\(shutdown.mode))") }
        let isForced = shutdown.mode == .force || shutdown.mode == .bestEffort
        if isForced, !shutdown.wasEscalated, now != shutdown.began { violate("agent\(index) waited though forced") }
    }

    /// A group begins when the one before has ended or its time was over (O1).
    private mutating func checkOrder(_ report: ShutdownReport, of index: Int) {
        let groups = report.groups.filter { $0.started != nil && $0.group != .serverRequests }
            .sorted { $0.group < $1.group }
        for (earlier, later) in zip(groups, groups.dropFirst()) {
            guard let first = earlier.started, let second = later.started else { continue }
            if second < first { violate("agent\(index) began \(later.group) before \(earlier.group) (O1)") }
            guard !earlier.softDeadlineHit, let end = earlier.finished else { continue }
            if second < end { violate("agent\(index) began \(later.group) before \(earlier.group) had ended (O1)") }
        }
    }

    /// Where a server said yes to an un-REGISTER and has never forgotten anything, it has no binding either.
    mutating func checkAgreement() {
        guard !hasForgotten, outcome.violations.isEmpty, let sandbox else { return }
        let bound = sandbox.boundAddresses(of: "alice", at: now)
        for agent in agents {
            let rows = agent.report?.usages.filter { $0.id.kind == .clientRegistration } ?? []
            guard let last = rows.last, case .local(200) = last.outcome, rows.count == 1,
                bound.contains(agent.address.ip)
            else { continue }
            violate("agent\(agent.index) was told that it is gone, and the registrar still has it")
        }
    }

    mutating func note(_ text: String) {
        let seconds = Double(now.nanoseconds / 1_000_000) / 1_000
        outcome.ladder.append("\(seconds)  \(text)")
    }
}
