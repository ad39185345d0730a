import DialogUsage
import Media
import SIPMessage
import Sandbox
import SansIO

/// Datagrams on their way, and the domain at the other end.
extension Simulation {
    mutating func send(_ datagram: Datagram) {
        outcome.messages += 1
        note { _ in Self.summary(of: datagram) }
        if weather.loss > 0, chance(weather.loss) { return }
        if !faults.isEmpty, faults.contains(Self.partition(datagram.local, datagram.remote)) { return }
        let arrival = Datagram(local: datagram.remote, remote: datagram.local, bytes: datagram.bytes)
        let copies = weather.duplication > 0 && chance(weather.duplication) ? 2 : 1
        for _ in 0..<copies {
            var delay = weather.latency + milliseconds(0...max(0, weather.jitter.inMilliseconds))
            if faults.contains(.sandboxSlow), datagram.remote == Self.sandboxAddress {
                delay += milliseconds(500...4_000)
            }
            agenda.add(.arrival(arrival), at: now + delay)
        }
    }

    /// The same whichever side sends.
    static func partition(_ a: SocketAddress, _ b: SocketAddress) -> Fault {
        "\(a.ip)" < "\(b.ip)" ? .partition(a, b) : .partition(b, a)
    }

    mutating func arrive(_ datagram: Datagram) {
        if datagram.local == Self.sandboxAddress {
            // Where nobody listens, a sender is sometimes told so by ICMP.
            if sandbox == nil, chance(0.5) { refuse(datagram) }
            return toSandbox(.network(.datagram(datagram)))
        }
        guard let index = agents.firstIndex(where: { $0.address == datagram.local }) else { return }
        guard agents[index].isUp else {
            if chance(0.5) { refuse(datagram) }
            return
        }
        if let until = agents[index].frozenUntil, until > now { return agenda.add(.arrival(datagram), at: until) }
        take(agents[index].core.handle(.datagram(datagram), at: clock(index)), of: index)
    }

    private mutating func refuse(_ datagram: Datagram) {
        guard let sender = agents.firstIndex(where: { $0.address == datagram.remote }), agents[sender].isUp,
            (agents[sender].frozenUntil ?? .zero) <= now
        else { return }
        let payload = Array(datagram.bytes.prefix(500))
        take(
            agents[sender].core.handle(.unreachable(remote: datagram.local, payload: payload), at: clock(sender)),
            of: sender)
    }

    mutating func toSandbox(_ input: MachineInput<SandboxCommand>) {
        guard let outputs = sandbox?.handle(input, at: now) else { return }
        for output in outputs {
            switch output {
            case .network(.transmit(let datagram)): send(datagram)
            case .event(.media(.open(let media, _))):
                agenda.add(.sandboxMedia(.opened(media, port: 40_000, rtcpPort: 40_001)), at: now)
            case .network, .event, .finished: break
            }
        }
    }

    private static func summary(of datagram: Datagram) -> String {
        let way = "\(datagram.local.ip) ─▶ \(datagram.remote.ip)"
        guard let message = try? SIPMessage(parsing: datagram.bytes) else {
            return "\(way)  \(datagram.bytes.count) octets"
        }
        var text =
            message.isRequest ? "\(message.method)" : "\(message.status.map { "\($0.value)" } ?? "?") \(message.method)"
        if message.isRequest, message.value(.expires) == "0" { text += " expires=0" }
        if message.isRequest, let state = message.value(.subscriptionState) { text += " \(state)" }
        return "\(way)  \(text)  \((try? message.callID())?.prefix(6) ?? "") \(message.value(.cSeq) ?? "")"
    }
}
