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
    let local: LocalAddresses
    var core: UsageCore
    var entropy: Entropy
    var door = FrontDoor()
    var bindings: Bindings
    var presence: PresenceState
    /// Who watches whom.
    var watchers: [UsageID<ServerSubscription>: String] = [:]
    var calls: [UsageID<ServerInviteSession>: HouseCall] = [:]
    var lastMedia: UInt64 = 0
    var bob = Bob()
    private var accounts: [String: AccountID] = [:]
    private var outputs: [MachineOutput<SandboxEvent>] = []
    private var isStopped = false

    package init(_ configuration: SandboxConfiguration, local: LocalAddresses, entropy: Entropy) {
        self.configuration = configuration
        self.local = local
        var own = entropy
        let authentication = ServerAuthentication(
            realm: configuration.domain, methods: [.register, .publish, .subscribe], passwords: configuration.passwords,
            md5OnlyUsers: ["carol"])
        var agent = UserAgentConfiguration(
            stack: StackConfiguration(local: local), userAgent: "lastcall-sandbox", notifierPackages: ["presence"],
            servedMethods: [.register, .publish, .message], serverAuthentication: authentication)
        agent.addresses = .any
        core = UsageCore(agent, entropy: own.split())
        self.entropy = own
        bindings = Bindings(limits: configuration.limits)
        presence = PresenceState(limits: configuration.limits)
        for user in configuration.users.sorted() {
            let address = SIPURI(user: user, host: configuration.domain, port: nil)
            accounts[user] = core.addAccount(Account(name: user, addressOfRecord: NameAddress(uri: .sip(address))))
        }
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
        return earliest(earliest(core.nextDeadline, house), earliest(presence.nextExpiry, bob.changesAt))
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
        case .request(let id, let request):
            switch request.method {
            case .register: registered(id, request, at: now)
            case .publish: published(id, request, at: now)
            case .message, .invite, .ack, .bye, .cancel, .options, .subscribe, .notify, .refer, .prack, .update, .info,
                .other:
                answer(id, 405, at: now)
            }
        case .message(let id, let request): messaged(id, request, at: now)
        case .watcher(let id, .requested(let request)): subscribed(id, request, at: now)
        case .session(.server(let id), let event): call(id, event, at: now)
        case .referralRequested(let id, _):
            if let produced = try? core.declineReferral(id, at: now) { absorb(produced, at: now) }
        case .ended(let id, _): ended(id, at: now)
        case .malformed(let error, let source): tell(.log("malformed message from \(source.remote): \(error)"))
        case .registrar, .compositor, .watcher(_, .admitted), .watcher(_, .refreshed), .session(.client, _),
            .registration, .subscription, .publication, .pager, .referral,
            .outOfDialog, .changed, .shutdownProgress, .shutdownCancelled, .traced:
            break
        }
    }

    private mutating func ended(_ id: AnyUsageID, at now: Instant) {
        if id.kind == .serverSubscription { watchers[UsageID(serial: id.serial)] = nil }
        if id.kind == .serverInviteSession { hungUp(UsageID(serial: id.serial), at: now) }
    }

    mutating func answer(
        _ id: UsageID<ServerOutOfDialogRequest>, _ status: StatusCode, fields: FieldList = FieldList(), at now: Instant
    ) {
        // The usage may have been ended by a shutdown in between; then it has its answer already.
        if let produced = try? core.respond(to: id, status: status, fields: fields, at: now) {
            absorb(produced, at: now)
        }
    }

    mutating func answer(_ id: UsageID<ServerPagerMessage>, _ status: StatusCode, at now: Instant) {
        if let produced = try? core.respond(to: id, status: status, at: now) { absorb(produced, at: now) }
    }

    func accountID(_ user: String) -> AccountID? { accounts[user] }
    /// The user part of an address of this domain, by name or by our own address; nil for anybody else's.
    func user(of uri: AnyURI) -> String? {
        guard let sip = uri.sip, let user = sip.userDecoded else { return nil }
        let host = sip.host.lowercased()
        let isOurs =
            host == configuration.domain || IPAddress(host).map { $0.isLoopback } == true || host == "localhost"
        return isOurs ? user : nil
    }

    // MARK: Faults

    private mutating func apply(_ fault: SandboxFault, at now: Instant) {
        switch fault {
        case .crashPresence:
            door.crashPresence()
            watchers = [:]
            presence.removeAll()
            absorb(core.dropSilently([.serverSubscription], at: now), at: now)
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
