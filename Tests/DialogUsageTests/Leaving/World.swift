import DialogUsage
import Ladder
import SDP
import SIPMessage
import SIPTransaction
import SansIO
import Testing

/// One user agent under virtual time, with a peer that plays every server and user it needs. The clock moves only when
/// the test says so and stops at every deadline and every datagram on the way.
struct World {
    static let agent = SocketAddress(.loopback4, port: 5060)
    static let peerAddress = SocketAddress(.loopback4, port: 5090)
    static let sdp = ScriptedPeer.sdp

    var core: UsageCore
    var peer = ScriptedPeer(address: peerAddress, agent: agent)
    var now = Instant.zero
    var toPeer = SimulatedNetwork(seed: 1)
    var toAgent = SimulatedNetwork(seed: 2)
    /// The peer's socket buffer, where a test is about pace.
    var buffer: ReceiveBuffer?
    var ladder = Ladder()
    var events: [UsageEvent] = []
    var ended: [AnyUsageID: [UsageOutcome]] = [:]
    var reports: [ShutdownReport] = []
    var afterReport = 0
    /// Every request of ours that reached the peer, in order.
    var requests: [SIPMessage] = []
    /// When each of `requests` left us.
    var requestTimes: [Instant] = []
    var incoming: [UsageID<ServerInviteSession>] = []
    var watchers: [UsageID<ServerSubscription>] = []
    /// REFERs from outside that we were asked about, and what was heard of ours.
    var asked: [(id: UsageID<ServerSubscription>, request: ReferralRequest)] = []
    var heard: [ReferralEvent] = []
    /// The CSeq number of the peer's next request in a dialog that we began.
    var peerSequence = 100
    /// The connection that our requests go through, where the account's proxy is asked over TCP.
    var flow: FlowID?
    var account: AccountID
    /// Called for each event, when everything that came with it has been taken.
    var react: ((inout World, UsageEvent) -> Void)?
    /// What names stand for; others are never answered.
    var names: [String: IPAddress] = [:]
    /// The kernel takes nothing from the connection's queue.
    var holdsBytes = false
    /// Answers of ours to keep-alive pings.
    var pongs = 0
    /// Called for each request of ours before the peer's usual manner; true: it has been dealt with.
    var intercept: ((inout World, SIPMessage) -> Bool)?

    init(over transport: TransportProtocol = .udp, limits: (inout UserAgentConfiguration) -> Void = { _ in }) {
        var configuration = UserAgentConfiguration(
            stack: StackConfiguration(local: .loopback(port: 5060)), notifierPackages: ["presence"],
            servedMethods: [.message])
        limits(&configuration)
        core = UsageCore(configuration, entropy: Entropy(seed: 7))
        let address = SIPURI(user: "alice", host: "example.com", port: nil)
        var proxy = SIPURI(user: nil, host: "127.0.0.1", port: 5090)
        if transport == .tcp {
            proxy.parameters.set("transport", "tcp")
            peer.contactParameters = ";transport=tcp"
        }
        if transport == .tls {
            proxy.isSecure = true
            peer.contactParameters = ";transport=tls"
        }
        account = core.addAccount(
            Account(
                name: "alice", addressOfRecord: NameAddress(uri: .sip(address)), outboundProxy: proxy,
                password: Secret("secret")))
    }

    static func uri(_ user: String) -> AnyURI { .sip(SIPURI(user: user, host: "example.com", port: nil)) }
    static func description() throws -> SessionDescription { try SessionDescription(parsing: Array(sdp.utf8)) }

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
        defer {
            if let react { for case .event(let event) in outputs { react(&self, event) } }
        }
        for output in outputs {
            if !reports.isEmpty { afterReport += 1 }
            switch output {
            case .network(let network): leave(network)
            case .event(let event):
                events.append(event)
                if case .ended(let id, let outcome) = event { ended[id, default: []].append(outcome) }
                if case .session(.server(let id), .incoming) = event { incoming.append(id) }
                if case .watcher(let id, .requested) = event { watchers.append(id) }
                if case .referralRequested(let id, let request) = event { asked.append((id, request)) }
                if case .referral(_, let event) = event { heard.append(event) }
            case .ended(let report): reports.append(report)
            }
        }
    }

    private mutating func leave(_ output: NetworkOutput) {
        switch output {
        case .transmit(let datagram): sent(datagram.bytes)
        case .write(_, let bytes): sent(bytes)
        case .connect(let id, let transport, let remote):
            flow = id
            let ends = FlowEnds(transport: transport, local: Self.agent, remote: remote)
            take(core.handle(.connected(id, ends), at: now))
        case .close(let id): if flow == id { flow = nil }
        case .resolve(let id, let host):
            if let address = names[host] { take(core.handle(.resolved(id, [address]), at: now)) }
        }
    }

    private mutating func sent(_ bytes: [UInt8]) {
        if ladder.count < 100, bytes != [13, 10] { #expect(WireForm.faults(in: bytes).isEmpty) }
        if let message = try? SIPMessage(parsing: bytes) { ladder.note(.sent, message, at: now) }
        if bytes == [13, 10] { pongs += 1 }
        if let flow, !holdsBytes { take(core.handle(.drained(flow), at: now)) }
        var delay = Duration.zero
        if buffer != nil {
            guard let read = buffer?.arrive(at: now) else { return }
            delay = read - now
        }
        toPeer.send(Datagram(local: Self.agent, remote: Self.peerAddress, bytes: bytes), after: delay, at: now)
    }

    /// Lets time pass, or stops before when `until` holds.
    mutating func run(for duration: Duration, until: (World) -> Bool = { _ in false }) {
        let end = now + duration
        while !until(self) {
            deliver()
            let network = earliest(toPeer.nextArrival, toAgent.nextArrival)
            guard let next = earliest(network, core.nextDeadline), next <= end else { break }
            now = max(now, next)
            while let datagram = toPeer.next(at: now) { peerReceives(datagram.bytes) }
            deliver()
            while let datagram = toAgent.next(at: now) { agentReceives(datagram.bytes) }
            if let deadline = core.nextDeadline, deadline <= now { take(core.deadlineReached(at: now)) }
        }
        if !until(self) { now = max(now, end) }
    }

    private mutating func peerReceives(_ bytes: [UInt8]) {
        guard let message = try? SIPMessage(parsing: bytes) else { return }
        if message.isRequest {
            requests.append(message)
            requestTimes.append(now - toPeer.latency)
            if let intercept, intercept(&self, message) { return }
        }
        peer.receive(message)
    }

    /// What the peer has said goes on its way.
    private mutating func deliver() {
        for message in peer.take() {
            let datagram = Datagram(local: Self.peerAddress, remote: Self.agent, bytes: message.bytes)
            toAgent.send(datagram, after: message.delay, at: now)
        }
    }

    private mutating func agentReceives(_ bytes: [UInt8]) {
        guard reports.isEmpty else { return }
        if let message = try? SIPMessage(parsing: bytes) { ladder.note(.received, message, at: now) }
        if let flow {
            take(core.handle(.received(flow, bytes), at: now))
        } else {
            let datagram = Datagram(local: Self.agent, remote: Self.peerAddress, bytes: bytes)
            take(core.handle(.datagram(datagram), at: now))
        }
    }

    /// The peer's octets come over the connection as they are.
    mutating func receive(_ bytes: [UInt8]) {
        if let flow { take(core.handle(.received(flow, bytes), at: now)) }
    }

    /// The peer's host resets the connection.
    mutating func resetConnection() {
        guard let id = flow else { return }
        flow = nil
        take(core.handle(.closed(id, .broken("connection reset by peer")), at: now))
    }
}
