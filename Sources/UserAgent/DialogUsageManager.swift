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

        /// Loopback on any free port unless said otherwise.
        public init(address: String = "127.0.0.1", port: UInt16 = 0, userAgent: String = "lastcall") {
            self.address = address
            self.port = port
            self.userAgent = userAgent
        }
    }
    /// One identity: the address-of-record, the outbound proxy, and the password for its realm.
    public struct AccountHandle: Hashable, Sendable { let id: AccountID }

    struct State {
        var thread: StackThread<LibraryMachine>?
        var isStarted = false
        var nextToken: UInt64 = 1
        var answers: [UInt64: CheckedContinuation<LibraryMachine.Answer, Never>] = [:]
        var waiters: [UInt64: CheckedContinuation<ManagerReport, Never>] = [:]
        var handlers: [any DumShutdownHandler] = []
        var result: ShutdownReport?
        var report: ManagerReport?
    }

    let state = Locked(State())
    private let configuration: Configuration
    /// What happens, in order. It finishes when the manager has stopped.
    public let events: AsyncStream<ManagerEvent>
    let sink: AsyncStream<ManagerEvent>.Continuation

    /// Nothing is opened before `start`.
    public init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
        (events, sink) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
    }

    /// Opens the sockets and starts the stack thread. Throws `.network`, and `.shuttingDown` when it has run before.
    public func start() throws(ManagerError) {
        let first = state.withLock { state in
            defer { state.isStarted = true }
            return !state.isStarted && state.report == nil
        }
        guard first else { throw .shuttingDown }
        guard let ip = IPAddress(configuration.address) else {
            throw .malformed("\(configuration.address) is not an IP address")
        }
        let userAgent = configuration.userAgent
        do {
            let thread = try StackThread<LibraryMachine>.start(
                listen: ListenOptions(ip: ip, port: configuration.port, tcp: true),
                make: { local in
                    let agent = UserAgentConfiguration(
                        stack: StackConfiguration(local: local), userAgent: userAgent)
                    return LibraryMachine(agent, entropy: SystemEntropy.make())
                },
                onEvent: { [weak self] event in self?.received(event) },
                onFinished: { [weak self] in
                    let completion = self?.finished()
                    completion?.tell()
                })
            state.withLock { $0.thread = thread }
        } catch {
            state.withLock { $0.isStarted = false }
            throw .network("\(error)")
        }
    }

    // MARK: Operations of the 2004 proposal

    /// Ends every usage in order, then the stack, then its thread; `giveUpSeconds` 0 waits as long as it takes.
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

    /// Cancelling the waiting task cancels nothing else: the shutdown goes on, and every other waiter gets its report.
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

    /// Takes a shutdown back, while no end request has been written (`shutdown.md` S7); throws `.notNow` after that.
    public func cancelShutdown() async throws(ManagerError) {
        switch await ask({ .adjust(.cancel, token: $0) }) {
        case .done?: return
        case .refusedAdjustment(let error)?: throw .notNow("\(error)")
        default: throw .shuttingDown
        }
    }

    /// What is waited for, since when, and for how long at most: one sentence for each usage that waits for something, at
    /// any time. While a shutdown is under way, that is what holds it up.
    public func blockers() async -> [String] {
        guard case .looked(let blockers, _, let now)? = await ask({ .look(token: $0) }) else { return [] }
        return blockers.map { $0.sentence(at: now) }
    }

    // MARK: Asking the stack thread

    func perform(_ request: LibraryMachine.Request) async throws(ManagerError) -> LibraryMachine.Answer {
        guard let answer = await ask({ .perform(request, token: $0) }) else {
            throw state.withLock { $0.isStarted } ? .shuttingDown : .notStarted
        }
        if case .refused(let error) = answer { throw ManagerError(error) }
        return answer
    }

    func end(_ handle: UsageHandle) {
        let thread = state.withLock { $0.thread }
        guard let kind = UsageKind.allCases.first(where: { UsageType($0) == handle.type }) else { return }
        thread?.send(.end(AnyUsageID(kind: kind, serial: handle.serial)))
    }

    /// nil when there is no thread to ask, or when it stopped before it answered.
    private func ask(_ command: @Sendable (UInt64) -> LibraryMachine.Command) async -> LibraryMachine.Answer? {
        let answer = await withCheckedContinuation {
            (continuation: CheckedContinuation<LibraryMachine.Answer, Never>) in
            let sent: (StackThread<LibraryMachine>, UInt64)? = state.withLock { state in
                guard let thread = state.thread, state.result == nil, state.report == nil else { return nil }
                let token = state.nextToken
                state.nextToken += 1
                state.answers[token] = continuation
                return (thread, token)
            }
            guard let (thread, token) = sent else { return continuation.resume(returning: .refused(.shuttingDown)) }
            thread.send(command(token))
        }
        if case .refused(.shuttingDown) = answer { return nil }
        return answer
    }

    func handle(_ id: AnyUsageID) -> UsageHandle {
        UsageHandle(type: UsageType(id.kind), serial: id.serial, manager: self)
    }
}
