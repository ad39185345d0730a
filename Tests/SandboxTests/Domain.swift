import DialogUsage
import Ladder
import Media
import SDP
import SIPMessage
import SIPTransaction
import Sandbox
import SansIO
import Testing

/// The sandbox and one user agent of the same core, on a network where everything takes a millisecond. The audio thread
/// opens what it is asked to at once.
struct Domain {
    static let house = SocketAddress(.loopback4, port: 5060)
    static let phone = SocketAddress(.loopback4, port: 5070)

    var sandbox: Sandbox
    var core: UsageCore
    var now = Instant.zero
    var toHouse = SimulatedNetwork(latency: .milliseconds(1), seed: 1)
    var toPhone = SimulatedNetwork(latency: .milliseconds(1), seed: 2)
    var ladder = Ladder()
    var events: [UsageEvent] = []
    var media: [MediaCommand] = []
    var faultsApplied: [UInt64] = []
    var census: ManagerCensus?
    let account: AccountID

    init(user: String = "alice", password: String = "pass") {
        sandbox = Sandbox(
            SandboxConfiguration(alicePassword: Secret("pass")), local: .loopback(port: 5060),
            entropy: Entropy(seed: 11))
        let configuration = UserAgentConfiguration(
            stack: StackConfiguration(local: .loopback(port: 5070)), servedMethods: [.message])
        core = UsageCore(configuration, entropy: Entropy(seed: 12))
        account = core.addAccount(
            Account(
                name: user, addressOfRecord: NameAddress(SIPURI(user: user, host: "sandbox.test")),
                outboundProxy: SIPURI(user: nil, host: "127.0.0.1", port: 5060), password: Secret(password)))
    }

    static func uri(_ user: String) -> AnyURI { .sip(SIPURI(user: user, host: "sandbox.test")) }

    // MARK: Doing

    @discardableResult
    mutating func perform<Result>(
        _ work: (inout UsageCore, Instant) throws -> (Result, [UsageOutput])
    ) rethrows -> Result {
        let (result, outputs) = try work(&core, now)
        take(outputs)
        return result
    }

    mutating func take(_ outputs: [UsageOutput]) {
        for output in outputs {
            switch output {
            case .network(.transmit(let datagram)):
                if let message = try? SIPMessage(parsing: datagram.bytes) { ladder.note(.sent, message, at: now) }
                toHouse.send(datagram, at: now)
            case .network, .ended: break
            case .event(let event): events.append(event)
            }
        }
    }

    mutating func tell(_ command: SandboxCommand) { take(sandbox.handle(.command(command), at: now)) }

    private mutating func take(_ outputs: [MachineOutput<SandboxEvent>]) {
        for output in outputs {
            switch output {
            case .network(.transmit(let datagram)) where datagram.remote == Self.house: toHouse.send(datagram, at: now)
            case .network(.transmit(let datagram)): toPhone.send(datagram, at: now)
            case .network, .finished: break
            case .event(.media(let command)):
                media.append(command)
                if case .open(let id, _) = command { tell(.media(.opened(id, port: 40_000, rtcpPort: 40_001))) }
            case .event(.faultApplied(let token)): faultsApplied.append(token)
            case .event(.stopped(let census)): self.census = census
            }
        }
    }

    mutating func run(for duration: Duration) {
        let end = now + duration
        while true {
            let network = earliest(toHouse.nextArrival, toPhone.nextArrival)
            let deadline = earliest(core.nextDeadline, sandbox.nextDeadline)
            guard let next = earliest(network, deadline), next <= end else { break }
            now = max(now, next)
            while let datagram = toHouse.next(at: now) {
                // What the house says to itself comes from the house.
                let sender = datagram.local == Self.house ? Self.house : Self.phone
                let heard = Datagram(local: Self.house, remote: sender, bytes: datagram.bytes)
                take(sandbox.handle(.network(.datagram(heard)), at: now))
            }
            while let datagram = toPhone.next(at: now) {
                if let message = try? SIPMessage(parsing: datagram.bytes) { ladder.note(.received, message, at: now) }
                take(
                    core.handle(
                        .datagram(Datagram(local: Self.phone, remote: Self.house, bytes: datagram.bytes)), at: now))
            }
            if let own = core.nextDeadline, own <= now { take(core.deadlineReached(at: now)) }
            if let own = sandbox.nextDeadline, own <= now { take(sandbox.handle(.deadlineReached, at: now)) }
        }
        now = max(now, end)
    }

    // MARK: Usual things

    @discardableResult
    mutating func register() throws -> UsageID<ClientRegistration> {
        let account = account
        let id = try perform { core, now in try core.register(account, at: now) }
        run(for: .milliseconds(100))
        return id
    }
    @discardableResult
    mutating func subscribe(to user: String, event: String = "presence") throws -> UsageID<ClientSubscription> {
        let account = account
        let id = try perform { core, now in
            try core.subscribe(
                account, to: Self.uri(user), event: EventType(package: event), accept: ["application/pidf+xml"],
                expires: .seconds(600), at: now)
        }
        run(for: .milliseconds(100))
        return id
    }
    @discardableResult
    mutating func publish(_ document: String) throws -> UsageID<ClientPublication> {
        let account = account
        let id = try perform { core, now in
            try core.publish(
                account, event: "presence", contentType: "application/pidf+xml", body: Array(document.utf8),
                expires: .seconds(600), at: now)
        }
        run(for: .milliseconds(100))
        return id
    }
    mutating func fault(_ fault: SandboxFault, token: UInt64 = 1) { tell(.fault(fault, token: token)) }

    /// The documents that NOTIFYs brought, in order.
    var documents: [String] {
        events.compactMap { event in
            guard case .subscription(_, .notified(_, _, let body, _)) = event else { return nil }
            return String(decoding: body, as: UTF8.self)
        }
    }
    var outcomes: [UsageOutcome] {
        events.compactMap { event in if case .ended(_, let outcome) = event { outcome } else { nil } }
    }

    /// Both ends go, and neither leaves anything behind.
    mutating func finish(sourceLocation: SourceLocation = #_sourceLocation) {
        take(core.forceShutdown(at: now))
        tell(.stop)
        #expect(core.census == ManagerCensus(), sourceLocation: sourceLocation)
        #expect(census == ManagerCensus(), sourceLocation: sourceLocation)
        #expect(sandbox.nextDeadline == nil, sourceLocation: sourceLocation)
    }
}
