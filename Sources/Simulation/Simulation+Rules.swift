import DialogUsage
import SIPMessage
import SIPTransaction
import Sandbox
import SansIO

/// The rules of `shutdown.md` that hold in every run.
extension Simulation {
    /// One terminal event for each usage, and nothing of it afterwards (E1, E2).
    mutating func check(_ event: UsageEvent, of index: Int) {
        if !agents[index].isUp { violate("\(agents[index].name) said something after it had stopped") }
        switch event {
        case .ended(let id, let outcome):
            note { "\($0.agents[index].name) \(id) ended: \(outcome)" }
            let times = plant == .doubleTerminal && id.kind == .clientSubscription ? 2 : 1
            for _ in 0..<times where agents[index].ended.updateValue(outcome, forKey: id) != nil {
                violate("\(agents[index].name) \(id) ended twice (E1)")
            }
            agents[index].alive.remove(id)
            if let call = agents[index].callIDs.removeValue(forKey: id) { checkPeers(of: index, id, outcome, call) }
            return
        case .traced(let trace, let usage):
            if let usage, agents[index].ended[usage] == nil {
                // Whoever subscribes again does so in another dialog.
                let subscribes = trace.message?.isRequest == true && trace.message?.method == .subscribe
                if agents[index].callIDs[usage] == nil || subscribes {
                    agents[index].callIDs[usage] = try? trace.message?.callID()
                }
            }
            if let usage, usage.kind == .clientSubscription, let event = try? trace.message?.event() {
                agents[index].subscribed[usage] = event
            }
            return
        case .shutdownProgress(let progress): return progressed(progress, of: index)
        case .session, .registration, .subscription, .publication, .pager, .watcher, .referral, .referralRequested,
            .message, .request, .registrar, .compositor, .outOfDialog, .changed, .shutdownCancelled, .malformed:
            break
        }
        guard let id = Self.subject(of: event) else { return }
        if agents[index].ended[id] != nil { violate("\(agents[index].name) \(id) had ended, and still: \(event)") }
        agents[index].alive.insert(id)
    }

    private static func subject(of event: UsageEvent) -> AnyUsageID? {
        if case .registrar(.requested(let id, _)) = event { return id.any }
        if case .compositor(.requested(let id, _)) = event { return id.any }
        // What was on the wire, and the end itself, may come when the usage is gone.
        if case .ended = event { return nil }
        if case .traced = event { return nil }
        return event.usage
    }

    /// Nothing after completion; one final answer for each request.
    mutating func checkSending(_ datagram: Datagram, of index: Int) {
        if !agents[index].isUp { violate("\(agents[index].name) sent a datagram after it had stopped") }
        // SIP/2.0 2xx to 6xx.
        guard datagram.bytes.count > 12, datagram.bytes[3] == UInt8(ascii: "/"), datagram.bytes[8] > UInt8(ascii: "1"),
            let message = try? SIPMessage(parsing: datagram.bytes), let status = message.status,
            let via = try? message.topVia(), let branch = via.branch
        else { return }
        let key = "\(branch)|\(via.host):\(via.port ?? 0)|\(message.method)"
        let now = clock(index)
        guard let known = agents[index].finals[key] else {
            agents[index].finals[key] = (status.value, now)
            return
        }
        guard known.status != status.value else { return }
        // What comes again when the transaction is over is a new request: after Timer I for a refused INVITE, else after
        // Timers J and L (RFC 3261 §17.2, RFC 6026).
        let memory = message.method == .invite && known.status >= 300 ? Duration.seconds(5) : .seconds(32)
        if now - known.at < memory {
            violate(
                "\(agents[index].name) answered one \(message.method) with \(known.status) and with \(status.value)")
        }
        agents[index].finals[key] = (status.value, now)
    }

    // MARK: At the end of a shutdown

    mutating func check(_ report: ShutdownReport, _ leaving: SimulatedAgent.Leaving, of index: Int) {
        let name = agents[index].name
        var census = report.census
        if plant == .leakTransaction { census.clientTransactions += 1 }
        if !census.isEmpty || !agents[index].core.census.isEmpty || agents[index].core.nextDeadline != nil {
            violate("\(name) left something behind: \(census) (L1)")
        }
        for id in agents[index].living(Set(UsageKind.allCases)) { violate("\(name) \(id) never ended (E1)") }
        for row in report.usages where agents[index].ended[row.id] != row.outcome {
            violate(
                "\(name) \(row.id) is \(row.outcome) in the report, and was told as \(agents[index].ended[row.id].map { "\($0)" } ?? "nothing")"
            )
        }
        checkTime(report, leaving, of: index)
        checkOrder(report, of: index)
    }

    /// Over at or before the deadline; later only by as long as it was suspended.
    private mutating func checkTime(_ report: ShutdownReport, _ leaving: SimulatedAgent.Leaving, of index: Int) {
        let name = agents[index].name
        guard !leaving.isDisturbed, (agents[index].frozenUntil ?? .zero) <= now else { return }
        if clock(index) > leaving.deadline {
            violate("\(name) stopped at \(clock(index)), after its deadline \(leaving.deadline) (\(leaving.mode))")
        }
        if report.deadlineHit, report.deadline != report.finished {
            violate("\(name) hit its deadline, and finished at another time")
        }
    }

    /// A group begins when the one before has ended or its time was over (O1).
    private mutating func checkOrder(_ report: ShutdownReport, of index: Int) {
        let groups = report.groups.filter { $0.started != nil && $0.group != .serverRequests }
            .sorted { $0.group < $1.group }
        for (earlier, later) in zip(groups, groups.dropFirst()) {
            guard let first = earlier.started, let second = later.started else { continue }
            if second < first { violate("\(agents[index].name) began \(later.group) before \(earlier.group) (O1)") }
            guard !earlier.softDeadlineHit, let end = earlier.finished else { continue }
            if second < end {
                violate("\(agents[index].name) began \(later.group) before \(earlier.group) had ended (O1)")
            }
        }
    }
}
