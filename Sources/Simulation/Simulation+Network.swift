import DialogUsage
import Media
import SIPMessage
import Sandbox
import SansIO

/// Datagrams on their way, and the domain at the other end.
extension Simulation {
    mutating func send(_ datagram: Datagram, from agent: Int?) {
        note(datagram)
        let arrival = Datagram(local: datagram.remote, remote: datagram.local, bytes: datagram.bytes)
        if chance(weather.loss) { return }
        let copies = chance(weather.duplication) ? 2 : 1
        for _ in 0..<copies {
            let delay = weather.latency + milliseconds(0...max(0, weather.jitter.inMilliseconds))
            agenda.add(.arrival(arrival), at: now + delay)
        }
    }

    mutating func arrive(_ datagram: Datagram) {
        if datagram.local == Self.sandboxAddress { return toSandbox(.network(.datagram(datagram))) }
        guard let index = agents.firstIndex(where: { $0.address == datagram.local }) else { return }
        if agents[index].isStopped {
            // Nobody listens there any more; a sender on the same machine would be told by ICMP.
            if chance(0.5) { refuse(datagram) }
            return
        }
        if let until = agents[index].frozenUntil, until > now { return agenda.add(.arrival(datagram), at: until) }
        take(agents[index].core.handle(.datagram(datagram), at: now), of: index)
    }

    private mutating func refuse(_ datagram: Datagram) {
        guard let sender = agents.firstIndex(where: { $0.address == datagram.remote }), !agents[sender].isStopped else {
            return
        }
        let payload = Array(datagram.bytes.prefix(500))
        take(agents[sender].core.handle(.unreachable(remote: datagram.local, payload: payload), at: now), of: sender)
    }

    mutating func toSandbox(_ input: MachineInput<SandboxCommand>) {
        guard let outputs = sandbox?.handle(input, at: now) else { return }
        for output in outputs {
            switch output {
            case .network(.transmit(let datagram)): send(datagram, from: nil)
            case .event(.media(.open(let media, _))):
                agenda.add(.sandboxMedia(.opened(media, port: 40_000, rtcpPort: 40_001)), at: now)
            case .network, .event, .finished: break
            }
        }
    }

    private mutating func note(_ datagram: Datagram) {
        outcome.messages += 1
        guard let message = try? SIPMessage(parsing: datagram.bytes) else { return }
        let text =
            message.isRequest ? "\(message.method)" : "\(message.status.map { "\($0.value)" } ?? "?") \(message.method)"
        var more = ""
        if message.isRequest, message.value(.expires) == "0" { more += " expires=0" }
        if message.isRequest, let state = message.value(.subscriptionState) { more += " \(state)" }
        let seconds = Double(now.nanoseconds / 1_000_000) / 1_000
        outcome.ladder.append("\(seconds)  \(datagram.local.ip) ─▶ \(datagram.remote.ip)  \(text)\(more)")
    }

    /// What the servers and the wires do to us.
    mutating func makeFault() {
        agenda.add(.fault, at: now + milliseconds(2_000...60_000))
        switch random.next() % 6 {
        case 0:
            toSandbox(.command(.fault(.crashPresence, token: 0)))
            hasForgotten = true
        case 1: toSandbox(.command(.fault(.restartPresence, token: 0)))
        case 2: toSandbox(.command(.fault(.silence, token: 0)))
        case 3: toSandbox(.command(.fault(.clear, token: 0)))
        case 4:
            hasForgotten = true
            startSandbox()
        default:
            let index = Int(random.next() % UInt64(agents.count))
            let until = now + milliseconds(500...90_000)
            agents[index].frozenUntil = until
            if agents[index].shutdown != nil { agents[index].shutdown?.wasFrozen = true }
        }
    }
}
