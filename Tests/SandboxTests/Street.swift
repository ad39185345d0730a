import DialogUsage
import Ladder
import Media
import SDP
import SIPMessage
import SIPTransaction
import Sandbox
import SansIO
import Testing

/// The sandbox and several user agents, each at a port of its own, on a network where everything takes a millisecond.
struct Street {
    struct Phone {
        var core: UsageCore
        let account: AccountID
        let port: UInt16
        var events: [UsageEvent] = []
        /// What it sent and received, in order.
        var ladder = Ladder()
    }

    var sandbox: Sandbox
    var phones: [Phone] = []
    var network = SimulatedNetwork(latency: .milliseconds(1), seed: 1)
    var now = Instant.zero
    var census: ManagerCensus?
    /// What a phone answers to MESSAGE; nil: it does not.
    var messageStatus: StatusCode? = 200
    /// What each phone does with a call: answers it, refuses it, or lets it ring.
    var callManners: [Int: CallManner] = [:]

    enum CallManner: Sendable {
        case answer, ring
        case refuse(StatusCode)
        case redirect(to: [String])
    }
    /// What a phone does when it is asked to call somebody: does so, or declines; nil: nobody decides.
    var followsReferrals: Bool? = true

    /// Users by their ports, from 5070 on.
    init(_ users: [String]) {
        sandbox = Sandbox(
            SandboxConfiguration(alicePassword: Secret("pass"), epoch: Epoch(seconds: 0)),
            local: .loopback(port: 5060), entropy: Entropy(seed: 11))
        for (index, user) in users.enumerated() {
            let port = UInt16(5070 + index)
            var core = UsageCore(
                UserAgentConfiguration(stack: StackConfiguration(local: .loopback(port: port))),
                entropy: Entropy(seed: UInt64(port)))
            let account = core.addAccount(
                Account(
                    name: user, addressOfRecord: NameAddress(SIPURI(user: user, host: "sandbox.test")),
                    outboundProxy: SIPURI(user: nil, host: "127.0.0.1", port: 5060),
                    password: Secret(user == "alice" ? "pass" : "carol-secret")))
            phones.append(Phone(core: core, account: account, port: port))
        }
    }

    /// All of them have registered, one after the other.
    static func registered(_ users: String...) throws -> Street {
        var street = Street(users)
        for phone in users.indices { try street.register(phone) }
        return street
    }

    @discardableResult
    mutating func perform<Result>(
        _ phone: Int, _ work: (inout UsageCore, AccountID, Instant) throws -> (Result, [UsageOutput])
    ) rethrows -> Result {
        let (result, outputs) = try work(&phones[phone].core, phones[phone].account, now)
        take(outputs, of: phone)
        return result
    }

    mutating func take(_ outputs: [UsageOutput], of phone: Int) {
        for output in outputs {
            switch output {
            case .network(.transmit(let datagram)):
                if let message = try? SIPMessage(parsing: datagram.bytes) {
                    phones[phone].ladder.note(.sent, message, at: now)
                }
                let local = SocketAddress(.loopback4, port: phones[phone].port)
                network.send(Datagram(local: local, remote: datagram.remote, bytes: datagram.bytes), at: now)
            case .network, .ended: break
            case .event(let event):
                phones[phone].events.append(event)
                if case .session(.server(let id), .incoming) = event { rung(id, of: phone) }
                if case .referralRequested(let id, let request) = event { asked(id, request, of: phone) }
                if case .session(let id, .offered) = event,
                    let more = try? phones[phone].core.answerOffer(id, with: Self.description(of: phone), at: now)
                {
                    take(more, of: phone)
                }
                if case .message(let id, _) = event, let status = messageStatus,
                    let more = try? phones[phone].core.respond(to: id, status: status, at: now)
                {
                    take(more, of: phone)
                }
            }
        }
    }

    /// Each phone has a port of its own for audio, so that one sees whose description it is.
    static func description(of phone: Int) -> SessionDescription {
        .offer(at: SocketAddress(.loopback4, port: UInt16(40_000 + 2 * phone)), sessionID: UInt64(phone), version: 1)
    }
    private mutating func rung(_ id: UsageID<ServerInviteSession>, of phone: Int) {
        take((try? phones[phone].core.ring(id, at: now)) ?? [], of: phone)
        let outputs: [UsageOutput]?
        switch callManners[phone] ?? .answer {
        case .answer: outputs = try? phones[phone].core.answer(id, with: Self.description(of: phone), at: now)
        case .refuse(let status): outputs = try? phones[phone].core.reject(id, status: status, at: now)
        case .redirect(let users):
            let contacts = users.map { NameAddress(uri: Domain.uri($0)) }
            outputs = try? phones[phone].core.redirect(id, to: contacts, at: now)
        case .ring: outputs = nil
        }
        take(outputs ?? [], of: phone)
    }

    private mutating func asked(_ id: UsageID<ServerSubscription>, _ request: ReferralRequest, of phone: Int) {
        guard let follows = followsReferrals else { return }
        let (account, offer) = (phones[phone].account, Self.description(of: phone))
        let outputs =
            follows
            ? try? phones[phone].core.acceptReferral(id, from: account, offer: offer, at: now).1
            : try? phones[phone].core.declineReferral(id, at: now)
        take(outputs ?? [], of: phone)
    }

    private mutating func take(_ outputs: [MachineOutput<SandboxEvent>]) {
        for output in outputs {
            switch output {
            case .network(.transmit(let datagram)):
                let local = SocketAddress(.loopback4, port: 5060)
                network.send(Datagram(local: local, remote: datagram.remote, bytes: datagram.bytes), at: now)
            case .event(.stopped(let census)): self.census = census
            case .event(.media(.open(let media, _))):
                let opened = MediaEvent.opened(media, port: 50_000, rtcpPort: 50_001)
                take(sandbox.handle(.command(.media(opened)), at: now))
            case .network, .finished, .event: break
            }
        }
    }

    mutating func run(for duration: Duration) {
        let end = now + duration
        while true {
            let deadlines = phones.map(\.core.nextDeadline) + [sandbox.nextDeadline]
            let deadline = deadlines.reduce(nil as Instant?) { earliest($0, $1) }
            guard let next = earliest(network.nextArrival, deadline), next <= end else { break }
            now = max(now, next)
            while let datagram = network.next(at: now) { arrive(datagram) }
            for index in phones.indices where phones[index].core.nextDeadline.map({ $0 <= now }) == true {
                take(phones[index].core.deadlineReached(at: now), of: index)
            }
            if let own = sandbox.nextDeadline, own <= now { take(sandbox.handle(.deadlineReached, at: now)) }
        }
        now = max(now, end)
    }

    private mutating func arrive(_ datagram: Datagram) {
        let heard = Datagram(local: datagram.remote, remote: datagram.local, bytes: datagram.bytes)
        if datagram.remote.port == 5060 { return take(sandbox.handle(.network(.datagram(heard)), at: now)) }
        guard let index = phones.firstIndex(where: { $0.port == datagram.remote.port }) else { return }
        if let message = try? SIPMessage(parsing: datagram.bytes) {
            phones[index].ladder.note(.received, message, at: now)
        }
        take(phones[index].core.handle(.datagram(heard), at: now), of: index)
    }

    // MARK: Usual things

    mutating func register(_ phone: Int) throws {
        try perform(phone) { core, account, now in try core.register(account, at: now) }
        run(for: .milliseconds(100))
    }
    mutating func call(_ phone: Int, _ user: String) throws -> UsageID<ClientInviteSession> {
        let id = try perform(phone) { core, account, now in
            try core.invite(account, to: Domain.uri(user), offer: Self.description(of: phone), at: now)
        }
        run(for: .milliseconds(200))
        return id
    }
    /// The terminal events of the phone's calls.
    func ended(_ phone: Int) -> [UsageOutcome] {
        phones[phone].events.compactMap { event in
            guard case .ended(let id, let outcome) = event,
                id.kind == .clientInviteSession || id.kind == .serverInviteSession
            else { return nil }
            return outcome
        }
    }
    mutating func write(_ phone: Int, to user: String, _ text: String) throws {
        try perform(phone) { core, account, now in
            let (id, _, outputs) = try core.message(
                account, to: Domain.uri(user), contentType: "text/plain", body: Array(text.utf8), at: now)
            return (id, outputs)
        }
        run(for: .milliseconds(100))
    }
    mutating func publish(_ phone: Int, _ document: String) throws -> UsageID<ClientPublication> {
        let id = try perform(phone) { core, account, now in
            try core.publish(
                account, event: "presence", contentType: "application/pidf+xml", body: Array(document.utf8),
                expires: .seconds(600), at: now)
        }
        run(for: .milliseconds(100))
        return id
    }
    mutating func watch(_ phone: Int, _ user: String) throws {
        try perform(phone) { core, account, now in
            try core.subscribe(
                account, to: Domain.uri(user), event: EventType(package: "presence"), accept: ["application/pidf+xml"],
                expires: .seconds(600), at: now)
        }
        run(for: .milliseconds(100))
    }

    func texts(_ phone: Int) -> [String] {
        phones[phone].events.compactMap {
            if case .message(_, let request) = $0 { request.request.bodyText } else { nil }
        }
    }
    func delivered(_ phone: Int) -> [StatusCode] {
        phones[phone].events.compactMap { event in
            switch event {
            case .pager(_, .delivered(_, let status)): status
            case .pager(_, .failed(_, let failure)): failure.status
            default: nil
            }
        }
    }
    func documents(_ phone: Int) -> [String] {
        phones[phone].events.compactMap { event in
            guard case .subscription(_, .notified(_, _, let body, _)) = event else { return nil }
            return String(decoding: body, as: UTF8.self)
        }
    }

    /// All go, and none leaves anything behind.
    mutating func finish(sourceLocation: SourceLocation = #_sourceLocation) {
        for index in phones.indices {
            take(phones[index].core.forceShutdown(at: now), of: index)
            #expect(phones[index].core.census == ManagerCensus(), sourceLocation: sourceLocation)
        }
        take(sandbox.handle(.command(.stop), at: now))
        #expect(census == ManagerCensus(), sourceLocation: sourceLocation)
    }
}
