import DialogUsage
import SIPMessage
import Sandbox
import SansIO

/// Both ends believe the same, or what one of them still believes runs out by itself.
extension Simulation {
    /// Where a peer has said yes to our BYE, or has sent its last NOTIFY, nobody may still be in that dialog.
    mutating func checkPeers(of index: Int, _ id: AnyUsageID, _ outcome: UsageOutcome, _ call: String) {
        // A copy that was under way for longer than T4 may be taken for a new request (RFC 3261 §17.1.2.2).
        guard case .local(200) = outcome, weather.latency < .seconds(5) else { return }
        let others = agents.indices.filter { $0 != index && agents[$0].isUp }
        switch id.kind {
        case .clientInviteSession, .serverInviteSession:
            if let other = others.first(where: { agents[$0].core.holdsSession(call) }) {
                violate("\(agents[index].name) \(id) was ended with 200, and \(agents[other].name) is still in it")
            } else if sandbox?.holdsSession(call) == true {
                violate("\(agents[index].name) \(id) was ended with 200, and the sandbox is still in it")
            }
        case .clientSubscription:
            guard let event = agents[index].subscribed[id] else { return }
            if let other = others.first(where: { agents[$0].core.holdsWatcher(call, event) }) {
                violate("\(agents[index].name) \(id) was ended with 200, and \(agents[other].name) still notifies")
            } else if sandbox?.holdsWatcher(call, event) == true {
                violate("\(agents[index].name) \(id) was ended with 200, and the sandbox still notifies")
            }
        case .serverSubscription, .clientPagerMessage, .clientPublication, .clientRegistration,
            .clientOutOfDialogRequest, .serverOutOfDialogRequest, .serverPagerMessage, .serverRegistration,
            .serverPublication:
            break
        }
    }

    /// Where a registrar said yes to an un-REGISTER it has no binding either, whatever else happened: one that was
    /// replaced meanwhile knows none at all.
    mutating func checkAgreement() {
        guard outcome.violations.isEmpty, let sandbox else { return }
        let bound = sandbox.boundAddresses(of: "alice", at: now)
        for agent in agents where agent.name.life == 1 {
            guard case .stopped(let report) = agent.state else { continue }
            let rows = report.usages.filter { $0.id.kind == .clientRegistration }
            let known = agent.ended.filter { $0.key.kind == .clientRegistration }
            guard let last = rows.last, case .local(200) = last.outcome, rows.count == 1, known.count == 1,
                bound.contains(agent.address.ip)
            else { continue }
            violate("\(agent.name) was told that it is gone, and the registrar still has it")
        }
    }

    /// Everybody is gone. What the domain still believes of them has to run out.
    mutating func forget() {
        guard outcome.violations.isEmpty else { return }
        for fault in faults { mend(fault) }
        let end = now + Self.longestLease + .seconds(80)
        while let known = sandbox?.remembered(at: now), !known.isEmpty, step(until: end) {}
        guard let known = sandbox?.remembered(at: end) else { return }
        if known.bindings + known.publications + known.watchers > 0 {
            violate("the domain still remembers those who left long ago: \(known)")
        }
        if known.calls > 0, !hasForgotten { violate("the domain is still in a call with somebody who hung up") }
    }
}
