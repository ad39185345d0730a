import DialogUsage
import EventPackages
import Media
import SDP
import SIPMessage
import SIPTransaction
package import SansIO

/// A whole SIP domain in memory: registrar with digest, presence agent, bob who lives there, an echo, and faults on
/// demand. It is built on the server usages of the same core as the program, so it is a peer like any other: what
/// passes between the two crosses real sockets.
package struct Sandbox: Machine {
    package typealias Command = SandboxCommand
    package typealias Event = SandboxEvent

    let configuration: SandboxConfiguration
    let domain: ServedDomain
    let local: LocalAddresses
    var core: UsageCore
    var entropy: Entropy
    var door = FrontDoor()
    var watchersOfBob: Set<UsageID<ServerSubscription>> = []
    var calls: [UsageID<ServerInviteSession>: HouseCall] = [:]
    var transfers: [MediaID: HouseTransfer] = [:]
    /// Calls between two users, and whose call each session with a callee belongs to.
    var bridges: [UsageID<ServerInviteSession>: Bridge] = [:]
    var callers: [UsageID<ClientInviteSession>: UsageID<ServerInviteSession>] = [:]
    /// Transfers that were asked of one user, and of whom we have asked them in turn.
    var passedOn: [UsageID<ClientSubscription>: UsageID<ServerSubscription>] = [:]
    var lastMedia: UInt64 = 0
    /// Messages that were carried on and have no answer yet, and the copies that went out of each.
    var relays: [UInt64: Relay] = [:]
    var copies: [UsageID<ClientPagerMessage>: UInt64] = [:]
    var lastRelay: UInt64 = 0
    var bob = Bob()
    private var accounts: [String: AccountID] = [:]
    private var outputs: [MachineOutput<SandboxEvent>] = []
    private var isStopped = false

    package init(_ configuration: SandboxConfiguration, local: LocalAddresses, entropy: Entropy) {
        self.configuration = configuration
        domain = configuration.servedDomain(at: local)
        self.local = local
        var own = entropy
        let authentication = ServerAuthentication(
            realm: configuration.domain, methods: [.register, .publish, .subscribe], passwords: configuration.passwords,
            md5OnlyUsers: ["carol"])
        var agent = UserAgentConfiguration(
            stack: StackConfiguration(local: local), role: .server, userAgent: "lastcall-sandbox",
            notifierPackages: [PresenceDocument.eventPackage], servedMethods: [.message],
            registrar: configuration.registrar(domain), compositor: configuration.compositor(domain),
            serverAuthentication: authentication)
        agent.addresses = .any
        // Our names are known to nobody but us, so that we ourselves say where a redirection leads.
        agent.redirection = .ask
        agent.epoch = configuration.epoch
        core = UsageCore(agent, entropy: own.split())
        self.entropy = own
        for user in configuration.users.sorted() {
            let address = SIPURI(user: user, host: configuration.domain, port: nil)
            accounts[user] = core.addAccount(Account(name: user, addressOfRecord: NameAddress(uri: .sip(address))))
        }
        furnish()
    }

    // MARK: The machine

    package mutating func handle(
        _ input: MachineInput<SandboxCommand>, at now: Instant
    ) -> [MachineOutput<SandboxEvent>] {
        guard !isStopped else { return [] }
        switch input {
        case .network(let network):
            if let admitted = door.admit(network, entropy: &entropy) { absorb(core.handle(admitted, at: now), at: now) }
        case .deadlineReached:
            absorb(core.deadlineReached(at: now), at: now)
            livingGoesOn(at: now)
        case .command(.fault(let fault, let token)):
            apply(fault, at: now)
            outputs.append(.event(.faultApplied(token: token)))
        case .command(.media(let event)): media(event, at: now)
        case .command(.stop): absorb(core.forceShutdown(at: now), at: now)
        }
        defer { outputs = [] }
        return outputs
    }

    package var nextDeadline: Instant? {
        guard !isStopped else { return nil }
        let house = calls.values.reduce(nil as Instant?) { earliest($0, $1.answerAt) }
        return earliest(earliest(core.nextDeadline, house), earliest(transfersEndAt, bob.changesAt))
    }

    /// Performs what the core says, and what that leads to.
    mutating func absorb(_ produced: [UsageOutput], at now: Instant) {
        for output in produced {
            switch output {
            case .network(let network):
                if door.emits(network, entropy: &entropy) { outputs.append(.network(network)) }
            case .event(let event): happened(event, at: now)
            case .ended(let report):
                isStopped = true
                outputs.append(.event(.media(.closeAll)))
                outputs.append(.event(.stopped(report.census)))
                outputs.append(.finished)
            }
        }
    }
    mutating func tell(_ event: SandboxEvent) { outputs.append(.event(event)) }

    private mutating func happened(_ event: UsageEvent, at now: Instant) {
        switch event {
        case .request(let id, _): refuse(id, at: now)
        case .message(let id, let request): messaged(id, request, at: now)
        case .pager(let id, let event): delivery(id, event, at: now)
        case .compositor(let event): heard(event, at: now)
        case .watcher(let id, .admitted(let request)): watched(id, request, at: now)
        case .session(.server(let id), let event): call(id, event, at: now)
        case .session(.client(let id), let event) where callers[id] != nil: called(id, event, at: now)
        case .session(.client(let id), let event): call(id, event, at: now)
        case .referralRequested(let id, let request):
            if !passOn(id, request, at: now) { asked(id, request, at: now) }
        case .referral(let id, let event): heard(event, of: id, at: now)
        case .ended(let id, _): ended(id, at: now)
        case .malformed, .registrar, .watcher(_, .requested), .watcher(_, .refreshed), .registration, .subscription,
            .publication,
            .outOfDialog, .changed, .shutdownProgress, .shutdownCancelled, .traced:
            break
        }
    }

    private mutating func ended(_ id: AnyUsageID, at now: Instant) {
        if id.kind == .serverSubscription {
            watchersOfBob.remove(UsageID(serial: id.serial))
            forgetReferral(UsageID(serial: id.serial), at: now)
        }
        if id.kind == .clientSubscription { passedOn[UsageID(serial: id.serial)] = nil }
        if id.kind == .serverInviteSession {
            bridges[UsageID(serial: id.serial)] = nil
            hungUp(UsageID<ServerInviteSession>(serial: id.serial), at: now)
        }
        if id.kind == .clientInviteSession, callers.removeValue(forKey: UsageID(serial: id.serial)) == nil {
            hungUp(UsageID<ClientInviteSession>(serial: id.serial), at: now)
        }
    }

    /// A usage may have been ended by a shutdown in between; then it has its answer already.
    mutating func answer(_ id: UsageID<ServerPagerMessage>, _ status: StatusCode, at now: Instant) {
        if let produced = try? core.respond(to: id, status: status, at: now) { absorb(produced, at: now) }
    }
    private mutating func refuse(_ id: UsageID<ServerOutOfDialogRequest>, at now: Instant) {
        if let produced = try? core.respond(to: id, status: 405, at: now) { absorb(produced, at: now) }
    }

    func accountID(_ user: String) -> AccountID? { accounts[user] }
    /// Where requests for a user of the house go, the best contact first.
    func targets(of user: String, at now: Instant) -> [AnyURI] {
        let address = AddressOfRecord(user: user, host: configuration.domain)
        return core.registrar?.targets(of: address, at: now).map(\.contact.uri) ?? []
    }
    /// The same as addresses, for those who compare what both ends believe.
    package func boundAddresses(of user: String, at now: Instant) -> Set<IPAddress> {
        Set(targets(of: user, at: now).compactMap { $0.sip.flatMap { IPAddress($0.host) } })
    }

    // MARK: Faults

    private mutating func apply(_ fault: SandboxFault, at now: Instant) {
        switch fault {
        case .crashPresence:
            door.crashPresence()
            absorb(core.dropSilently([.serverSubscription, .serverPublication], at: now), at: now)
        case .restartPresence: door.restartPresence()
        case .silence: door.silence()
        case .refuse(let method, let status):
            if let status = StatusCode(exactly: status) { core.refusals[Method(method)] = status }
        case .lose(let share): door.lose(share)
        case .clear:
            door.clear()
            core.refusals = [:]
        }
    }
}
