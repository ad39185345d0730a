import DialogUsage
import SDP
import SIPTransaction
import SansIO

/// A called user agent without an application: rings, answers every offer, and lets the caller hang up. What a library
/// user would write; so the figure counts the stack, the DUM core and the runtime, and nothing else.
struct AnsweringMachine: Machine {
    enum Command: Sendable { case stop }
    enum Event: Sendable {
        case ended
        case stopped(ShutdownReport)
    }

    private var core: UsageCore
    private let address: SocketAddress
    private var serial: UInt64 = 0

    init(local: LocalAddresses, entropy: Entropy) {
        core = UsageCore(UserAgentConfiguration(stack: StackConfiguration(local: local)), entropy: entropy)
        address = SocketAddress(.loopback4, port: 40_000)
    }

    var nextDeadline: Instant? { core.nextDeadline }

    mutating func handle(_ input: MachineInput<Command>, at now: Instant) -> [MachineOutput<Event>] {
        switch input {
        case .network(let network): translate(core.handle(network, at: now), at: now)
        case .deadlineReached: translate(core.deadlineReached(at: now), at: now)
        case .command(.stop): translate(core.shutdown(giveUp: .seconds(2), at: now), at: now)
        }
    }

    private mutating func translate(_ outputs: [UsageOutput], at now: Instant) -> [MachineOutput<Event>] {
        var translated: [MachineOutput<Event>] = []
        for output in outputs {
            switch output {
            case .network(let network): translated.append(.network(network))
            case .ended(let report): translated += [.event(.stopped(report)), .finished]
            case .event(.session(.server(let id), .incoming(let call))):
                serial += 1
                guard let offer = call.offer,
                    let answer = try? SessionDescription.answer(to: offer, at: address, sessionID: serial)
                else { continue }
                translated += translate((try? core.ring(id, at: now)) ?? [], at: now)
                translated += translate((try? core.answer(id, with: answer, at: now)) ?? [], at: now)
            case .event(.ended): translated.append(.event(.ended))
            case .event: break
            }
        }
        return translated
    }
}
