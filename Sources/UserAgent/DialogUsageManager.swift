import DialogUsage
import Runtime
import SDP
import SIPMessage
import SIPTransaction
import SansIO

/// A SIP user agent for other programs, with the names of the 2004 proposal: it owns its `SipStack` and the thread the
/// stack runs on, and one call ends everything in order.
///
/// All operations may be called from any thread, in any state, and from inside any event. Events come through
/// `events`; a consumer that is slow or gone delays nothing.
public final class DialogUsageManager: Sendable {
    /// What there is to say once, at the start.
    public struct Configuration: Sendable {
        /// The address to listen on, such as `127.0.0.1` or `0.0.0.0`.
        public var address: String
        /// UDP and TCP; 0 for any free one.
        public var port: UInt16
        /// Sent as User-Agent and Server.
        public var userAgent: String
        /// The event packages that others may watch here; a SUBSCRIBE for another one is answered 489 (RFC 6665 §4.2.1.1).
        public var eventPackages: Set<String> = []
        /// How long the final NOTIFY may take after the server agreed to an unsubscribe (`shutdown.md` W19). Default 5 s; never
        /// longer than 64·T1.
        public var notifyGrace: Duration = .seconds(5)
        /// IP addresses of proxies whose word on who calls is believed (P-Asserted-Identity, RFC 3325 §5); of others it is
        /// passed over. What is no IP address is refused by `start`.
        public var trustedProxies: Set<String> = []
        /// What is done when a call of ours is redirected (RFC 3261 §8.1.3.4).
        public var redirection = Redirection.follow
        /// The order in which `shutdown` ends the usage types; a type that is left out follows in the default order.
        public var shutdownOrder: [UsageType] = UsageType.defaultShutdownOrder
        /// Events kept for a reader that is slow; beyond it the oldest are lost, but never the end of a usage, which
        /// `UsageHandle.ended` keeps.
        public var eventBuffer = 16_384

        /// Loopback on any free port unless said otherwise.
        public init(address: String = "127.0.0.1", port: UInt16 = 0, userAgent: String = "lastcall") {
            self.address = address
            self.port = port
            self.userAgent = userAgent
        }
    }
    /// What is done with a 3xx to a call of ours.
    public enum Redirection: Hashable, Sendable {
        /// Its contacts are tried one by one, those with the highest q first, each once and ten at most; what would lead a
        /// `sips` call over an unprotected way is asked about.
        case follow
        /// `.redirectionOffered` asks; `follow` answers.
        case ask
        /// The call has failed with the 3xx.
        case refuse

        var policy: RedirectionPolicy {
            switch self {
            case .follow: .follow
            case .ask: .ask
            case .refuse: .refuse
            }
        }
    }
    /// One identity: the address-of-record, the outbound proxy, and the password for its realm.
    public struct AccountHandle: Hashable, Sendable { let id: AccountID }

    struct State {
        var thread: StackThread<LibraryMachine>?
        var port: UInt16?
        var isStarted = false
        /// Shutdowns asked for while the thread is being made, for it as soon as it is there.
        var early: [LibraryMachine.Command] = []
        var nextToken: UInt64 = 1
        var answers: [UInt64: CheckedContinuation<Reply, Never>] = [:]
        /// The usages that are alive, so that their handles share what they know.
        var usages: [AnyUsageID: (book: UsageBook, readers: UsageReaders)] = [:]
        var waiters: [UInt64: CheckedContinuation<ManagerReport, Never>] = [:]
        var handlers: [any DumShutdownHandler] = []
        var result: ShutdownReport?
        var report: ManagerReport?
    }

    /// An answer of the core, with the handle it is about, made before the usage's first event.
    struct Reply: Sendable {
        var answer: LibraryMachine.Answer
        var handle: UsageHandle?
    }

    let state = Locked(State())
    let configuration: Configuration
    /// What happens, in order. It finishes when the manager has stopped.
    public let events: AsyncStream<ManagerEvent>
    let sink: AsyncStream<ManagerEvent>.Continuation

    /// Nothing is opened before `start`.
    public init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
        (events, sink) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(max(1, configuration.eventBuffer)))
    }

    /// Opens the sockets and starts the stack thread. Throws `.network`, `.malformed` for what is no IP address in the
    /// configuration, and `.shuttingDown` when it has run before.
    public func start() throws(ManagerError) {
        let ip = try ipAddress(configuration.address)
        var proxies: Set<IPAddress> = []
        for proxy in configuration.trustedProxies { proxies.insert(try ipAddress(proxy)) }
        let first = state.withLock { state in
            defer { state.isStarted = true }
            return !state.isStarted && state.report == nil
        }
        guard first else { throw .shuttingDown }
        let trusted = proxies
        let configuration = configuration
        do {
            let thread = try StackThread<LibraryMachine>.start(
                listen: ListenOptions(ip: ip, port: configuration.port, tcp: true),
                make: { [weak self] local in
                    self?.state.withLock { $0.port = local.port }
                    var agent = UserAgentConfiguration(
                        stack: StackConfiguration(local: local), userAgent: configuration.userAgent,
                        notifierPackages: configuration.eventPackages, notifyGrace: configuration.notifyGrace,
                        plan: UsageType.plan(configuration.shutdownOrder))
                    agent.trustedProxies = trusted
                    agent.redirection = configuration.redirection.policy
                    return LibraryMachine(agent, entropy: SystemEntropy.make())
                },
                onEvent: { [weak self] event in self?.received(event) },
                onFinished: { [weak self] in
                    let completion = self?.finished()
                    completion?.tell()
                })
            let early = state.withLock { state in
                defer { state.early = [] }
                state.thread = thread
                return state.early
            }
            for command in early { thread.send(command, evenIfFull: true) }
        } catch {
            let isLeft = state.withLock { state in
                state.isStarted = false
                return !state.early.isEmpty
            }
            // Whoever wanted it to stop hears that it has.
            if isLeft { finished().tell() }
            throw .network("\(error)")
        }
    }

    private func ipAddress(_ text: String) throws(ManagerError) -> IPAddress {
        guard let ip = IPAddress(text) else { throw .malformed("\(visible(text)) is not an IP address") }
        return ip
    }

    /// The port it listens on, UDP and TCP; nil before `start`.
    public var port: UInt16? { state.withLock { $0.port } }

    // MARK: Operations of the 2004 proposal

    /// Ends every usage in order, then the stack, then its thread; `giveUpSeconds` 0 sets no limit, and even then every wait is
    /// bounded (`shutdown.md` S1). May be called from anywhere, as often as one likes: each handler is told once.
    public func shutdown(_ handler: any DumShutdownHandler, giveUpSeconds: Int = 0) {
        stop(.graceful, giveUp: .seconds(giveUpSeconds), handler: handler)
    }
    /// The same, but ends nothing: waits until the usages have ended by themselves, or gives up and forces.
    public func shutdownIfNoUsages(_ handler: any DumShutdownHandler, giveUpSeconds: Int = 0) {
        stop(.ifIdle, giveUp: .seconds(giveUpSeconds), handler: handler)
    }
    /// At once, whatever usages there are.
    public func forceShutdown(_ handler: any DumShutdownHandler) {
        stop(.force, giveUp: .zero, handler: handler)
    }

    // MARK: The same, awaited

    /// Ends every usage in order; `giveUp` zero sets no limit. Cancelling the waiting task cancels nothing else: the shutdown
    /// goes on, and every other waiter gets the same report (`shutdown.md` S2, S4).
    public func shutdown(giveUp: Duration) async -> ManagerReport { await stopAndWait(.graceful, giveUp: giveUp) }
    /// `ignoringSoftState`: calls and messages are waited for; subscriptions, publications and registrations are then
    /// ended in order.
    public func shutdownIfNoUsages(giveUp: Duration, ignoringSoftState: Bool = false) async -> ManagerReport {
        await stopAndWait(.ifIdle, giveUp: giveUp, ignoringSoftState: ignoringSoftState)
    }
    /// `bestEffort`: one copy of each end request that may be sent is, and none is waited for.
    public func forceShutdown(bestEffort: Bool = false) async -> ManagerReport {
        await stopAndWait(bestEffort ? .bestEffort : .force, giveUp: .zero)
    }

    /// Moves the deadline of the shutdown under way later, by a duration that is added to it (`shutdown.md` S7). Throws
    /// `.notNow` when none is under way.
    public func extendShutdown(by duration: Duration) async throws(ManagerError) {
        try await adjust(.extend(by: duration))
    }
    /// Waits for the usages as long as it takes (`shutdown.md` S7).
    public func waitForEver() async throws(ManagerError) { try await adjust(.noDeadline) }
    /// Waits no longer for this usage, whose outcome is then `.abandoned` (`shutdown.md` S7).
    public func skip(_ usage: UsageHandle) async throws(ManagerError) { try await adjust(.skip(usage.id)) }
    /// Takes a shutdown back, while no end request has been written (`shutdown.md` S7); throws `.notNow` after that.
    public func cancelShutdown() async throws(ManagerError) { try await adjust(.cancel) }

    private func adjust(_ adjustment: ShutdownAdjustment) async throws(ManagerError) {
        switch await ask({ .adjust(adjustment, token: $0) })?.answer {
        case .done: return
        case .refusedAdjustment(let error): throw .notNow("\(error)")
        case .account, .usage, .refused, .looked, nil: throw .shuttingDown
        }
    }

    /// What is waited for, since when, and for how long at most: one sentence for each usage that waits for something, at
    /// any time. While a shutdown is under way, that is what holds it up.
    public func blockers() async -> [String] {
        guard case .looked(let blockers, _, let now)? = await ask({ .look(token: $0) })?.answer else { return [] }
        return blockers.map { $0.sentence(at: now) }
    }

    // MARK: Asking the stack thread

    func perform(_ request: LibraryMachine.Request) async throws(ManagerError) -> Reply {
        guard let reply = await ask({ .perform(request, token: $0) }) else {
            throw state.withLock { $0.isStarted } ? .shuttingDown : .notStarted
        }
        if case .refused(let error) = reply.answer { throw ManagerError(error) }
        return reply
    }

    func end(_ usage: UsageHandle) {
        let thread = state.withLock { $0.thread }
        thread?.send(.end(usage.id))
    }

    /// nil when there is no thread to ask, or when it stopped before it answered.
    private func ask(_ command: @Sendable (UInt64) -> LibraryMachine.Command) async -> Reply? {
        let reply = await withCheckedContinuation { (continuation: CheckedContinuation<Reply, Never>) in
            let sent: (StackThread<LibraryMachine>, UInt64)? = state.withLock { state in
                guard let thread = state.thread, state.result == nil, state.report == nil else { return nil }
                let token = state.nextToken
                state.nextToken += 1
                state.answers[token] = continuation
                return (thread, token)
            }
            guard let (thread, token) = sent else {
                return continuation.resume(returning: Reply(answer: .refused(.shuttingDown), handle: nil))
            }
            guard !thread.send(command(token)) else { return }
            // Too much waits there already, or it has just stopped and may have answered.
            let unanswered = state.withLock { $0.answers.removeValue(forKey: token) }
            unanswered?.resume(returning: Reply(answer: .refused(.shuttingDown), handle: nil))
        }
        if case .refused(.shuttingDown) = reply.answer { return nil }
        return reply
    }
}
