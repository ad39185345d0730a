import DialogUsage
import Media
import SIPMessage
import SIPTransaction
package import SansIO

/// The application without a face: commands in, events and a model out, around the DUM core.
///
/// Like everything below it, it is told what happened and when, and answers with what to do. A command is answered by
/// exactly one `.completed`, when it has led to what it is for (`batch.md`, section 2) or cannot any more.
package struct Softphone: Machine {
    var configuration: SoftphoneConfiguration
    let local: LocalAddresses
    var core: UsageCore
    var entropy: Entropy

    var accounts = AccountBook()
    var contacts: ContactBook
    /// What is being put into the user's files.
    var keeping: [RequestID: Keeping] = [:]
    var reloads: Set<RequestID> = []
    var names = NameBook()
    var waiting = WaitingRequests()
    var calls = CallTable()
    var rows = RowBook()
    var endedCalls: [CallRow] = []
    /// Which call a port of the audio thread belongs to.
    var audioOwners: [MediaID: AnyUsageID] = [:]
    var dialling: [MediaID: Dialling] = [:]
    /// Calls with digits on their way in INFO.
    var infoDigits: [AnyUsageID: InfoDigits] = [:]
    var lastMedia: UInt64 = 0
    var presence: PresenceBook
    var subscriptions: [AnyUsageID: SubscriptionNews] = [:]
    var tables: [AnyUsageID: PartialState] = [:]
    var conversations: Conversations
    var publications: [AnyUsageID: OwnPresence] = [:]
    var remembered = UsageMemory()
    var ladders: LadderBook
    var log: EventLog
    var sentCounts: [String: Int] = [:]
    var receivedCounts: [String: Int] = [:]
    var malformed = 0
    /// The newest final one to a request of ours.
    var lastResponse: [UInt8]?
    var transfers: [AnyUsageID: Transfer] = [:]
    var transferRequests: [AnyUsageID: TransferRequest] = [:]
    var transferPolicy: TransferPolicy
    var faults: Set<RequestID> = []
    /// What earlier runs have left at registrars, and the requests about it, by their account.
    var leftovers: [Leftover]
    var reaping: [AnyUsageID: String] = [:]
    var leaving = Leaving()

    /// What the core has said and is not worked off yet.
    var backlog: [UsageOutput] = []
    var workedOff = 0
    var isAbsorbing = false
    /// When we were last told anything: what the model calls now.
    private(set) var toldAt = Instant.zero
    private var outputs: [MachineOutput<SoftphoneEvent>] = []
    private var hasChanged = false

    package init(_ configuration: SoftphoneConfiguration, local: LocalAddresses, entropy: Entropy) {
        self.configuration = configuration
        self.local = local
        var entropy = entropy
        var stack = StackConfiguration(local: local)
        stack.timers = configuration.timers
        var agent = UserAgentConfiguration(
            stack: stack, userAgent: configuration.userAgent, notifyGrace: configuration.notifyGrace,
            plan: configuration.plan)
        agent.epoch = configuration.epoch
        core = UsageCore(agent, entropy: entropy.split())
        self.entropy = entropy
        transferPolicy = configuration.transfers
        leftovers = configuration.leftovers
        presence = PresenceBook(most: configuration.limits.presentities)
        contacts = ContactBook(most: configuration.limits.contacts)
        conversations = Conversations(limits: configuration.limits)
        ladders = LadderBook(limits: configuration.limits)
        log = EventLog(limits: configuration.limits)
        for account in configuration.accounts where accounts[account.name] == nil {
            accounts.add(account, id: core.addAccount(account), isKept: true)
        }
        for contact in configuration.contacts { know(contact) }
        noteLeftovers()
    }

    package mutating func handle(
        _ input: MachineInput<SoftphoneInput>, at now: Instant
    ) -> [MachineOutput<SoftphoneEvent>] {
        toldAt = now
        switch input {
        case .network(let network): absorb(core.handle(network, at: now), at: now)
        case .deadlineReached: absorb(core.deadlineReached(at: now), at: now)
        case .command(.request(let request, let command)): perform(command, for: request, at: now)
        case .command(.media(let event)): heard(event, at: now)
        case .command(.faultApplied(let request)):
            if faults.remove(request) != nil { succeed(request, text: "applied") }
        case .command(.kept(let request, let outcome)): kept(request, outcome)
        case .command(.reloaded(let request, let outcome)): reloaded(request, outcome)
        case .command(.snapshotWanted): outputs.append(.event(.snapshot(newModel(at: now))))
        }
        if rows.touched.count > RowBook.mostTouched { keepRows() }
        return takeOutputs()
    }

    package var nextDeadline: Instant? { core.nextDeadline }

    // MARK: Saying

    /// What was gathered while one thing was handled; `changed` last and once, and `finished` after everything.
    private mutating func takeOutputs() -> [MachineOutput<SoftphoneEvent>] {
        if hasChanged, !leaving.isOver { outputs.append(.event(.changed)) }
        if leaving.isOver, !leaving.isSaid {
            leaving.isSaid = true
            outputs.append(.finished)
        }
        hasChanged = false
        defer { outputs = [] }
        return outputs
    }

    mutating func say(_ event: SoftphoneEvent) { outputs.append(.event(event)) }
    mutating func transmit(_ output: NetworkOutput) { outputs.append(.network(output)) }
    mutating func changed() { hasChanged = true }

    mutating func happened(
        _ name: String, _ usage: AnyUsageID? = nil, account: String? = nil,
        fields: KeyValuePairs<String, FieldValue> = [:], at now: Instant
    ) {
        let alias = usage.flatMap { names[$0] }
        let reason = fields.first { $0.key == "reason" }.map { ": \($0.value)" } ?? ""
        log.note("\(name) \(alias ?? usage?.description ?? account ?? "")\(reason)", at: now)
        say(.happened(Happening(name, usage: usage, alias: alias, account: account, fields: fields, at: now)))
        changed()
    }

    mutating func succeed(_ request: RequestID, usage: AnyUsageID? = nil, status: StatusCode? = nil, text: String) {
        say(.completed(request, .succeeded(.init(usage: usage, status: status, text: text))))
    }
    mutating func fail(_ request: RequestID, _ failure: CommandFailure) {
        say(.completed(request, .failed(failure)))
    }
    mutating func fail(_ requests: [RequestID], _ failure: CommandFailure) {
        for request in requests { fail(request, failure) }
    }
}
