import DialogUsage
import SIPMessage
import SIPTransaction
import SansIO

/// One user agent of the simulation, with what is remembered of it to check the rules by.
struct SimulatedAgent: Sendable {
    let index: Int
    let address: SocketAddress
    var core: UsageCore
    /// In the sandbox domain, by its proxy; and without any server, for calls from agent to agent.
    let domain: AccountID
    let direct: AccountID

    var alive: Set<AnyUsageID> = []
    var ended: Set<AnyUsageID> = []
    /// The newest final answer given to each request, by branch and method.
    var finals: [String: (status: UInt16, at: Instant)] = [:]
    var shutdown: Shutdown?
    var report: ShutdownReport?
    /// Suspended: nothing reaches it, and no deadline is served.
    var frozenUntil: Instant?

    /// The operations as they were called.
    struct Shutdown: Sendable {
        var mode: ShutdownMode
        var began: Instant
        /// When it has to be over: the nearest of all give-up times (S3).
        var deadline: Instant
        var wasFrozen = false
        var wasEscalated = false
    }

    static func address(of index: Int) -> SocketAddress {
        SocketAddress(.v4(0x0A00_0001 + UInt32(index)), port: 5060)
    }

    init(index: Int, password: Secret<String>, sandbox: SocketAddress, plant: Plant?, entropy: Entropy) {
        self.index = index
        address = Self.address(of: index)
        var configuration = UserAgentConfiguration(
            stack: StackConfiguration(local: LocalAddresses(port: 5060, ipv4: address.ip)),
            notifierPackages: ["presence"], servedMethods: [.message])
        if plant == .reorderGroups {
            configuration.plan = ShutdownPlan(order: [
                .serverInviteSessions, .serverSubscriptions, .clientInviteSessions, .clientPublications,
                .clientPagerMessages, .clientSubscriptions,
            ])
        }
        core = UsageCore(configuration, entropy: entropy)
        domain = core.addAccount(
            Account(
                name: "domain", addressOfRecord: NameAddress(SIPURI(user: "alice", host: "sandbox.test")),
                outboundProxy: SIPURI(user: nil, host: sandbox.ip.description, port: sandbox.port),
                password: password))
        direct = core.addAccount(
            Account(
                name: "direct",
                addressOfRecord: NameAddress(SIPURI(user: "agent\(index)", host: address.ip.description))))
    }

    var isStopped: Bool { report != nil }
    var nextDeadline: Instant? {
        guard !isStopped, let deadline = core.nextDeadline else { return nil }
        return frozenUntil.map { max($0, deadline) } ?? deadline
    }
}
