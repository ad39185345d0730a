package import SIPMessage
import SIPTransaction
package import SansIO

/// The DUM core: every dialog and usage of one user agent, its credentials and its ordered shutdown, as one pure value
/// that owns its `SipStack`.
///
/// Whatever is done returns what to do about it. Between two calls nothing is pending but deadlines: the stack's
/// outputs are worked off, one by one, before a call returns.
package struct UsageCore: Sendable {
    package let configuration: UserAgentConfiguration
    var entropy: Entropy
    var stack: SipStack
    var accounts: [AccountID: Account] = [:]
    private var lastAccount: UInt32 = 0
    let screening: Screening
    /// What can be said of us, and asked.
    var features: Features { screening.features }
    /// Requests outside dialogs, against their second copies.
    var ongoing = OngoingRequests()
    var paused: PausedServers
    var digest: DigestClient
    var digestServer: DigestServer?

    var registrations = UsageTable<ClientRegistration, RegistrationDetails>()
    var publications = UsageTable<ClientPublication, PublicationDetails>()
    var subscriptions = UsageTable<ClientSubscription, SubscriptionDetails>()
    var watchers = UsageTable<ServerSubscription, WatcherDetails>()
    var pagers = UsageTable<ClientPagerMessage, [MessageID: UndeliveredMessage]>()
    var callers = UsageTable<ClientInviteSession, SessionDetails>()
    var callees = UsageTable<ServerInviteSession, SessionDetails>()
    var outOfDialog = UsageTable<ClientOutOfDialogRequest, Method>()
    var served = Served<ServerOutOfDialogRequest, Method>()
    var messages = Served<ServerPagerMessage, Method>()
    var registering = Served<ServerRegistration, RegistrationRequest>()
    var publishing = Served<ServerPublication, PublicationRequest>()
    /// Whom REGISTER from outside has bound, where we are a registrar.
    package internal(set) var registrar: Registrar?
    /// What PUBLISH from outside has told, where we are a compositor.
    package internal(set) var compositor: EventStateCompositor?
    var audience = Audience()

    var records: [AnyUsageID: UsageRecord] = [:]
    var dialogs = DialogTable()
    var ended: EndedDialogs
    var sent: [ClientTransactionID: Boxed<SentRequest>] = [:]
    var owners: [ServerTransactionID: AnyUsageID] = [:]
    var wheel: TimingWheel<AnyUsageID>
    var coordinator = ShutdownCoordinator()
    var lastMessage: UInt32 = 0
    /// Requests of these methods are refused with this status, whatever else they are: for rehearsing failure.
    package var refusals: [Method: StatusCode] = [:]
    /// The report of the shutdown, once it is over.
    package internal(set) var report: ShutdownReport?

    private var work: [StackOutput] = []
    /// Requests that could not be sent, and why.
    var unsendable: [(request: SentRequest, failure: Failure)] = []
    private var outputs: [UsageOutput] = []
    private var heldTrace: Trace?

    package init(_ given: UserAgentConfiguration, entropy: Entropy) {
        var configuration = given
        // What can be published here can be watched here.
        if let compositor = given.compositor { configuration.notifierPackages.formUnion(compositor.packages.keys) }
        self.configuration = configuration
        var own = entropy
        stack = SipStack(configuration.stack, entropy: own.split())
        self.entropy = own
        digestServer = configuration.serverAuthentication.map { DigestServer($0, given.limits) }
        registrar = configuration.registrar.map(Registrar.init)
        compositor = configuration.compositor.map(EventStateCompositor.init)
        digest = DigestClient(configuration.limits)
        screening = Screening(configuration)
        paused = PausedServers(limit: configuration.limits.pausedServers)
        wheel = TimingWheel()
        ended = EndedDialogs(limit: configuration.limits.endedDialogs)
    }

    // MARK: Accounts

    package mutating func addAccount(_ account: Account) -> AccountID {
        lastAccount += 1
        let id = AccountID(serial: lastAccount)
        accounts[id] = account
        return id
    }
    /// Its usages go on; what is asked for from now on goes by the new one.
    package mutating func replaceAccount(_ id: AccountID, with account: Account) {
        guard let former = accounts[id] else { return }
        var account = account
        account.serviceRoute = former.serviceRoute
        accounts[id] = account
        digest.forget(id)
    }
    /// Its usages go on; they keep what they need of it.
    package mutating func removeAccount(_ id: AccountID) throws(UsageError) {
        guard accounts.removeValue(forKey: id) != nil else { throw .noSuchAccount }
        digest.forget(id)
    }
    package func account(_ id: AccountID) -> Account? { accounts[id] }

    // MARK: What happens

    package mutating func handle(_ input: NetworkInput, at now: Instant) -> [UsageOutput] {
        guard !coordinator.isStopped else { return [] }
        enqueue(stack.handle(input, at: now))
        return settle(at: now)
    }

    package mutating func deadlineReached(at now: Instant) -> [UsageOutput] {
        guard !coordinator.isStopped else { return [] }
        enqueue(stack.deadlineReached(at: now))
        // What the network said by now counts before what our own patience says.
        workOff(at: now)
        for id in wheel.advance(to: now) { deadlineReached(id, at: now) }
        expireBindings(at: now)
        expirePublications(at: now)
        return settle(at: now)
    }

    package var nextDeadline: Instant? {
        guard !coordinator.isStopped else { return nil }
        let served = earliest(registrar?.nextDeadline, compositor?.nextDeadline)
        return earliest(earliest(stack.nextDeadline, wheel.nextDeadline), earliest(coordinator.nextDeadline, served))
    }

    // MARK: The one loop

    mutating func report(_ event: UsageEvent) { outputs.append(.event(event)) }
    mutating func enqueue(_ outputs: [StackOutput]) { work.append(contentsOf: outputs) }
    mutating func emit(_ output: UsageOutput) { outputs.append(output) }

    /// Works off what the stack said, lets the shutdown take its next step, and hands over what all that led to.
    mutating func settle(at now: Instant) -> [UsageOutput] {
        repeat {
            workOff(at: now)
            flushHeldTrace()
            advanceShutdown(at: now)
        } while !work.isEmpty || !unsendable.isEmpty
        defer { outputs = [] }
        return outputs
    }

    private mutating func workOff(at now: Instant) {
        repeat {
            var index = 0
            while index < work.count {
                let item = work[index]
                index += 1
                process(item, at: now)
            }
            work.removeAll(keepingCapacity: true)
            workOffUnsendable(at: now)
        } while !work.isEmpty
    }
    /// One after the other, however many follow from each.
    private mutating func workOffUnsendable(at now: Instant) {
        guard !unsendable.isEmpty else { return }
        var index = 0
        while index < unsendable.count {
            let (request, failure) = unsendable[index]
            index += 1
            finishFailed(request, failure, at: now)
        }
        unsendable.removeAll()
    }

    private mutating func process(_ item: StackOutput, at now: Instant) {
        switch item {
        case .network(let output): outputs.append(.network(output))
        case .traced(let trace): traced(trace, at: now)
        case .received(let transaction, let message, let source):
            received(message, transaction, from: source, at: now)
            flushHeldTrace()
        case .cancelled(let transaction, let cancel): cancelled(transaction, by: cancel, at: now)
        case .acknowledged(let message, _): acknowledged(message, at: now)
        case .refusalAcknowledged(let transaction): refusalAcknowledged(transaction, at: now)
        case .answered(let transaction, let message): answered(transaction, message, at: now)
        case .failed(let transaction, let failure): failed(transaction, failure, at: now)
        case .stray(let message, _): strayed(message, at: now)
        case .ended(let transaction): requestEnded(transaction)
        case .serverEnded(let transaction, let acknowledged):
            digestServer?.forget(transaction)
            serverTransactionEnded(transaction, acknowledged: acknowledged, at: now)
        case .malformed(let error, let source, _): report(.malformed(error, source))
        }
    }

    // MARK: Traces

    /// A request from outside is traced before it is known whose it is; its line waits for that.
    private mutating func traced(_ trace: Trace, at now: Instant) {
        flushHeldTrace()
        switch trace.direction {
        case .received where trace.server != nil: heldTrace = trace
        case .received, .sent:
            let usage = owner(of: trace)
            if let usage { note(trace, in: usage, at: now) }
            report(.traced(trace, usage))
        }
    }
    private mutating func flushHeldTrace() {
        guard let trace = heldTrace else { return }
        heldTrace = nil
        report(.traced(trace, owner(of: trace)))
    }
    private func owner(of trace: Trace) -> AnyUsageID? {
        if let client = trace.client { return sent[client]?.usage }
        if let server = trace.server, let owner = owners[server] { return owner }
        guard let message = trace.message else { return nil }
        return usage(of: message, received: trace.direction == .received)
    }
    private mutating func note(_ trace: Trace, in id: AnyUsageID, at now: Instant) {
        guard records[id] != nil else { return }
        switch trace.direction {
        case .received: records[id]?.lastHeard = now
        case .sent:
            guard let client = trace.client, let request = sent[client] else { return }
            if request.purpose == .register { noteContact(trace, of: registrationID(id)) }
            guard request.purpose.isEnd else { return }
            records[id]?.endRequests += 1
            if trace.retransmission > 0 { coordinator.retransmitted(to: request.target, at: now) }
        }
    }

    package var isShuttingDown: Bool { coordinator.isActive }

    /// What closing the stack still has to say goes out; nothing that arrives with it is looked at any more.
    mutating func flushClosing(at now: Instant) {
        for item in work {
            if case .network(let output) = item { outputs.append(.network(output)) }
            if case .traced(let trace) = item { outputs.append(.event(.traced(trace, nil))) }
        }
        work.removeAll()
        unsendable.removeAll()
    }
}
