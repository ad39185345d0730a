import DialogUsage
import SIPMessage
import SIPTransaction
import SansIO

/// The measured end: makes subscriptions, a few at a time, and shuts down.
struct ClientMachine: Machine {
    enum Command: Sendable {
        case subscribe(count: Int, port: UInt16)
        case shutdown(ShutdownMode, giveUp: Duration)
    }
    enum Event: Sendable {
        case becameActive
        case ended(ShutdownReport)
    }

    private var core: UsageCore
    private var account: AccountID?
    private var left = 0
    private var port: UInt16 = 0
    private var announced: Set<UInt32> = []

    init(local: LocalAddresses, entropy: Entropy) {
        core = UsageCore(UserAgentConfiguration(stack: StackConfiguration(local: local)), entropy: entropy)
    }

    var nextDeadline: Instant? { core.nextDeadline }

    mutating func handle(_ input: MachineInput<Command>, at now: Instant) -> [MachineOutput<Event>] {
        switch input {
        case .network(let network): return translate(core.handle(network, at: now), at: now)
        case .deadlineReached: return translate(core.deadlineReached(at: now), at: now)
        case .command(.subscribe(let count, let port)):
            let address = SIPURI(user: "watcher", host: "127.0.0.1", port: nil)
            account = core.addAccount(Account(name: "watcher", addressOfRecord: NameAddress(uri: .sip(address))))
            left = count
            self.port = port
            return subscribeMore(32, at: now)
        case .command(.shutdown(_, let giveUp)): return translate(core.shutdown(giveUp: giveUp, at: now), at: now)
        }
    }

    private mutating func subscribeMore(_ count: Int, at now: Instant) -> [MachineOutput<Event>] {
        var translated: [MachineOutput<Event>] = []
        for _ in 0..<min(count, left) {
            guard let account else { break }
            let peer = AnyURI.sip(SIPURI(user: "p\(left)", host: "127.0.0.1", port: port))
            left -= 1
            guard
                let (_, outputs) = try? core.subscribe(
                    account, to: peer, event: EventType(package: "presence"), accept: [], expires: .seconds(3600),
                    at: now)
            else { continue }
            translated += translate(outputs, at: now)
        }
        return translated
    }

    private mutating func translate(_ outputs: [UsageOutput], at now: Instant) -> [MachineOutput<Event>] {
        var translated: [MachineOutput<Event>] = []
        for output in outputs {
            switch output {
            case .network(let network): translated.append(.network(network))
            case .ended(let report): translated += [.event(.ended(report)), .finished]
            case .event(.subscription(let id, .notified(.active, _, _, _))) where announced.insert(id.serial).inserted:
                translated.append(.event(.becameActive))
                translated += subscribeMore(1, at: now)
            case .event: break
            }
        }
        return translated
    }
}
