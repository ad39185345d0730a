import DialogUsage
import SIPMessage
import SIPTransaction
import SansIO

/// One life of one user agent, from its start to its end or its crash, with what is remembered to check the rules by.
struct SimulatedAgent: Sendable {
    let name: AgentName
    let address: SocketAddress
    var core: UsageCore
    /// In the sandbox domain, by its proxy; and without any server, for calls from agent to agent.
    let domain: AccountID
    let direct: AccountID

    var state = State.running
    /// Suspended: nothing reaches it, and no deadline is served.
    var frozenUntil: Instant?
    /// How far its clock is ahead of the world's: it has jumped.
    var skew = Duration.zero

    var alive: Set<AnyUsageID> = []
    var ended: [AnyUsageID: UsageOutcome] = [:]
    var callIDs: [AnyUsageID: String] = [:]
    /// What its subscriptions are to, as last said.
    var subscribed: [AnyUsageID: EventType] = [:]
    /// The newest final answer given to each request, by branch and method.
    var finals: [String: (status: UInt16, at: Instant)] = [:]

    enum State: Sendable {
        case running
        case leaving(Leaving)
        case stopped(ShutdownReport)
        case crashed
    }

    /// The operations as they were called, and what follows from them.
    struct Leaving: Sendable {
        var mode: ShutdownMode
        var began: Instant
        /// Waits for idle.
        var isWaiting: Bool
        var giveUp: Duration
        /// When it has to be over, by its own clock.
        var deadline: Instant
        /// It was suspended, or its clock jumped: it may be late by as much.
        var isDisturbed = false
    }

    static func address(of index: Int) -> SocketAddress {
        SocketAddress(.v4(0x0A00_0001 + UInt32(index)), port: 5060)
    }

    init(_ name: AgentName, password: Secret<String>, sandbox: SocketAddress, plant: Plant?, entropy: Entropy) {
        self.name = name
        address = Self.address(of: name.index)
        var configuration = UserAgentConfiguration(
            stack: StackConfiguration(local: LocalAddresses(port: 5060, ipv4: address.ip)),
            notifierPackages: ["presence"], servedMethods: [.message])
        if plant == .reorderGroups {
            configuration.plan = ShutdownPlan(order: [
                .serverInviteSessions, .serverSubscriptions, .clientInviteSessions, .clientPublications,
                .clientPagerMessages, .clientSubscriptions,
            ])
        }
        var own = entropy
        let manners: [ReliableProvisionals] = [.off, .supported, .supported, .require]
        configuration.reliableProvisionals = manners[Int(own.next() % 4)]
        core = UsageCore(configuration, entropy: own)
        domain = core.addAccount(
            Account(
                name: "domain", addressOfRecord: NameAddress(SIPURI(user: "alice", host: "sandbox.test")),
                outboundProxy: SIPURI(user: nil, host: sandbox.ip.description, port: sandbox.port),
                password: password))
        direct = core.addAccount(
            Account(
                name: "direct",
                addressOfRecord: NameAddress(SIPURI(user: "agent\(name.index)", host: address.ip.description))))
    }

    /// Whether anything of it is there at all.
    var isUp: Bool {
        switch state {
        case .running, .leaving: true
        case .stopped, .crashed: false
        }
    }
    var leaving: Leaving? { if case .leaving(let leaving) = state { leaving } else { nil } }

    /// When it wants to be woken, by the world's clock.
    var nextDeadline: Instant? {
        guard isUp, let deadline = core.nextDeadline else { return nil }
        let due = deadline - skew
        return frozenUntil.map { max($0, due) } ?? due
    }

    mutating func disturb() {
        guard case .leaving(var leaving) = state else { return }
        leaving.isDisturbed = true
        state = .leaving(leaving)
    }

    /// Those of its usages that live, in a fixed order.
    func living(_ kinds: Set<UsageKind>) -> [AnyUsageID] {
        alive.filter { kinds.contains($0.kind) }.sorted { ($0.kind.prefix, $0.serial) < ($1.kind.prefix, $1.serial) }
    }
}

/// A user agent at one address; it may crash and come back as another that knows nothing of the first.
struct AgentName: Hashable, Sendable, CustomStringConvertible {
    let index: Int
    let life: Int
    var description: String { life == 1 ? "agent\(index)" : "agent\(index)/\(life)" }
}
