import DialogUsage
import SDP
import SIPMessage
import SIPTransaction
import SansIO

/// The measured end: makes usages of one kind, a few at a time, and shuts down.
struct ClientMachine: Machine {
    enum Load: String, Sendable, CaseIterable { case subscriptions, registrations, calls }
    enum Command: Sendable {
        case make(Load, count: Int, port: UInt16)
        case shutdown(ShutdownMode, giveUp: Duration)
    }
    enum Event: Sendable {
        case becameActive
        case ended(ShutdownReport)
    }

    private var core: UsageCore
    private let address: SocketAddress
    private var account: AccountID?
    private var load = Load.subscriptions
    private var left = 0
    private var port: UInt16 = 0
    private var announced: Set<UInt32> = []

    init(local: LocalAddresses, entropy: Entropy) {
        core = UsageCore(UserAgentConfiguration(stack: StackConfiguration(local: local)), entropy: entropy)
        address = SocketAddress(.loopback4, port: 40_000)
    }

    var nextDeadline: Instant? { core.nextDeadline }

    mutating func handle(_ input: MachineInput<Command>, at now: Instant) -> [MachineOutput<Event>] {
        switch input {
        case .network(let network): return translate(core.handle(network, at: now), at: now)
        case .deadlineReached: return translate(core.deadlineReached(at: now), at: now)
        case .command(.make(let load, let count, let port)):
            self.load = load
            left = count
            self.port = port
            return makeMore(32, at: now)
        case .command(.shutdown(_, let giveUp)): return translate(core.shutdown(giveUp: giveUp, at: now), at: now)
        }
    }

    private mutating func makeMore(_ count: Int, at now: Instant) -> [MachineOutput<Event>] {
        var translated: [MachineOutput<Event>] = []
        for _ in 0..<min(count, left) {
            left -= 1
            translated += translate((try? makeOne(at: now)) ?? [], at: now)
        }
        return translated
    }

    private mutating func makeOne(at now: Instant) throws(UsageError) -> [UsageOutput] {
        let peer = AnyURI.sip(SIPURI(user: "p\(left)", host: "127.0.0.1", port: port))
        switch load {
        case .subscriptions:
            return try core.subscribe(
                caller(), to: peer, event: EventType(package: "presence"), accept: [], expires: .seconds(3600), at: now
            ).1
        case .registrations: return try core.register(newAccount("user\(left)"), at: now).1
        case .calls:
            let offer = SessionDescription.offer(at: address, sessionID: UInt64(left))
            return try core.invite(caller(), to: peer, offer: offer, at: now).1
        }
    }
    private mutating func caller() -> AccountID {
        if let account { return account }
        let new = newAccount("watcher")
        account = new
        return new
    }
    private mutating func newAccount(_ user: String) -> AccountID {
        let address = SIPURI(user: user, host: "127.0.0.1", port: port)
        return core.addAccount(Account(name: user, addressOfRecord: NameAddress(uri: .sip(address))))
    }

    private mutating func translate(_ outputs: [UsageOutput], at now: Instant) -> [MachineOutput<Event>] {
        var translated: [MachineOutput<Event>] = []
        for output in outputs {
            switch output {
            case .network(let network): translated.append(.network(network))
            case .ended(let report): translated += [.event(.ended(report)), .finished]
            case .event(.subscription(let id, .notified(.active, _, _, _))) where announced.insert(id.serial).inserted:
                translated.append(.event(.becameActive))
                translated += makeMore(1, at: now)
            case .event(.registration(_, .registered)), .event(.session(_, .connected)):
                translated.append(.event(.becameActive))
                translated += makeMore(1, at: now)
            case .event: break
            }
        }
        return translated
    }
}
