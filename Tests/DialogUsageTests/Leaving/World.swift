import DialogUsage
import SDP
import SIPMessage
import SIPTransaction
import SansIO
import Testing

/// One user agent under virtual time, with a peer at 127.0.0.1:5090 that plays every server and user it needs. The clock
/// moves only when the test says so and stops at every deadline and every datagram on the way.
struct World {
    /// How the peer treats a method.
    enum Manner {
        case healthy
        case silent
        case status(StatusCode)
        /// Answers 2xx to SUBSCRIBE, but no NOTIFY ever comes.
        case noNotify
    }
    struct Flight {
        var at: Instant
        var bytes: [UInt8]
    }

    static let agent = SocketAddress(.loopback4, port: 5060)
    static let peer = SocketAddress(.loopback4, port: 5090)

    var core: UsageCore
    var now = Instant.zero
    var latency = Duration.milliseconds(20)
    var manners: [Method: Manner] = [:]
    /// Start lines as they passed, with their times.
    var ladder: [String] = []
    var events: [UsageEvent] = []
    var ended: [AnyUsageID: [UsageOutcome]] = [:]
    var reports: [ShutdownReport] = []
    var afterReport = 0
    /// Every request of ours that reached the peer, in order.
    var requests: [SIPMessage] = []
    var account: AccountID
    private var toPeer: [Flight] = []
    private var toAgent: [Flight] = []
    private var serial = 0
    private var notifySequence: [String: Int] = [:]
    /// Called for each request of ours before the peer's usual manner; true: it has been dealt with.
    var intercept: ((inout World, SIPMessage) -> Bool)?

    init(limits: (inout UserAgentConfiguration) -> Void = { _ in }) {
        var configuration = UserAgentConfiguration(
            stack: StackConfiguration(local: .loopback(port: 5060)), notifierPackages: ["presence"],
            servedMethods: [.message])
        limits(&configuration)
        core = UsageCore(configuration, entropy: Entropy(seed: 7))
        let address = SIPURI(user: "alice", host: "example.com", port: nil)
        let proxy = SIPURI(user: nil, host: "127.0.0.1", port: 5090)
        account = core.addAccount(
            Account(
                name: "alice", addressOfRecord: NameAddress(uri: .sip(address)), outboundProxy: proxy,
                password: Secret("secret")))
    }

    static func uri(_ user: String) -> AnyURI { .sip(SIPURI(user: user, host: "example.com", port: nil)) }
    static let sdp = """
        v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n
        """
    static func description() throws -> SessionDescription { try SessionDescription(parsing: Array(sdp.utf8)) }

    // MARK: Doing

    @discardableResult
    mutating func perform<Result>(_ work: (inout UsageCore, Instant) throws -> (Result, [UsageOutput])) rethrows -> Result {
        let (result, outputs) = try work(&core, now)
        take(outputs)
        return result
    }
    mutating func take(_ outputs: [UsageOutput]) {
        for output in outputs {
            if !reports.isEmpty { afterReport += 1 }
            switch output {
            case .network(.transmit(let datagram)): sent(datagram.bytes)
            case .network: break
            case .event(let event):
                events.append(event)
                if case .ended(let id, let outcome) = event { ended[id, default: []].append(outcome) }
                if case .session(.server(let id), .incoming) = event { incoming.append(id) }
                if case .watcher(let id, .requested) = event { watchers.append(id) }
            case .ended(let report): reports.append(report)
            }
        }
    }
    var incoming: [UsageID<ServerInviteSession>] = []
    var watchers: [UsageID<ServerSubscription>] = []

    private mutating func sent(_ bytes: [UInt8]) {
        if let message = try? SIPMessage(parsing: bytes) { note("-->", message) }
        toPeer.append(Flight(at: now + latency, bytes: bytes))
    }
    private mutating func note(_ arrow: String, _ message: SIPMessage) {
        let text = message.isRequest ? message.method.description : "\(message.status?.value ?? 0) \(message.method)"
        var extra = ""
        if message.isRequest, message.value(.expires) == "0" { extra = " expires=0" }
        if message.method == .notify, message.isRequest, let state = message.value(.subscriptionState) { extra = " \(state.prefix { $0 != ";" })" }
        ladder.append("\(Self.time(now)) \(arrow) \(text)\(extra)")
    }
    static func time(_ instant: Instant) -> String {
        let all = instant.nanoseconds / 1_000_000
        let rest = "\(all % 1000)"
        return "\(all / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }

    /// Lets time pass, or stops before when `until` holds.
    mutating func run(for duration: Duration, until: (World) -> Bool = { _ in false }) {
        let end = now + duration
        while !until(self) {
            let network = (toPeer + toAgent).map(\.at).min()
            guard let next = earliest(network, core.nextDeadline), next <= end else { break }
            now = max(now, next)
            let arrived = toPeer.filter { $0.at <= now }
            toPeer.removeAll { $0.at <= now }
            for flight in arrived { peerReceived(flight.bytes) }
            let answers = toAgent.filter { $0.at <= now }
            toAgent.removeAll { $0.at <= now }
            for flight in answers { agentReceives(flight.bytes) }
            if let deadline = core.nextDeadline, deadline <= now { take(core.deadlineReached(at: now)) }
        }
        if !until(self) { now = max(now, end) }
    }

    private mutating func agentReceives(_ bytes: [UInt8]) {
        guard reports.isEmpty else { return }
        if let message = try? SIPMessage(parsing: bytes) { note("<--", message) }
        take(core.handle(.datagram(Datagram(local: Self.agent, remote: Self.peer, bytes: bytes)), at: now))
    }
    mutating func peerSends(_ bytes: [UInt8], after delay: Duration = .zero) {
        toAgent.append(Flight(at: now + latency + delay, bytes: bytes))
    }
    /// The kernel reports that nobody listens where our datagrams go.
    mutating func refuseAll() { take(toPeer.isEmpty ? [] : []) }

    // MARK: The peer

    private mutating func peerReceived(_ bytes: [UInt8]) {
        guard let message = try? SIPMessage(parsing: bytes) else { return }
        guard message.isRequest else { return peerAnswered(message) }
        requests.append(message)
        if let intercept, intercept(&self, message) { return }
        switch manners[message.method] ?? .healthy {
        case .silent: return
        case .status(let status): return answer(message, status)
        case .noNotify: return answer(message, 200) { $0.append(.expires, message.value(.expires) ?? "600") }
        case .healthy: serve(message)
        }
    }

    private mutating func serve(_ message: SIPMessage) {
        switch message.method {
        case .register:
            answer(message, 200) { fields in
                if message.value(.expires) != "0", let contact = message.value(.contact) { fields.append(.contact, contact) }
            }
        case .publish:
            serial += 1
            let tag = "tag\(serial)"
            answer(message, 200) { fields in
                fields.append(.sipETag, tag)
                fields.append(.expires, message.value(.expires) ?? "0")
            }
        case .subscribe:
            answer(message, 200) { $0.append(.expires, message.value(.expires) ?? "0") }
            notify(message, state: message.value(.expires) == "0" ? "terminated;reason=timeout" : "active;expires=600")
        case .invite:
            answer(message, 180)
            answer(message, 200, body: Self.sdp)
        case .message, .bye, .notify, .options, .info, .cancel: answer(message, 200)
        case .ack, .refer, .prack, .update, .other: break
        }
    }

    /// An answer made from the request that really came.
    mutating func answer(
        _ request: SIPMessage, _ status: StatusCode, after delay: Duration = .zero, tag: String? = nil,
        body: String = "", _ more: (inout FieldList) -> Void = { _ in }
    ) {
        var draft = ResponseDraft(status, to: request, toTag: tag ?? "peer")
        draft.fields.append(.contact, "<sip:peer@127.0.0.1:5090>")
        if !body.isEmpty {
            draft.fields.append(.contentType, "application/sdp")
            draft.body = Array(body.utf8)
        }
        more(&draft.fields)
        peerSends(draft.serialised(), after: delay)
    }

    /// A NOTIFY in the dialog that this SUBSCRIBE made or is in.
    mutating func notify(_ subscribe: SIPMessage, state: String, after delay: Duration = .zero) {
        guard let call = try? subscribe.callID(), let from = try? subscribe.from() else { return }
        let sequence = (notifySequence[call] ?? 0) + 1
        notifySequence[call] = sequence
        var to = (try? subscribe.to()) ?? from
        if to.tag == nil { to.tag = "peer" }
        inDialog(.notify, call: call, from: to, to: from, sequence: sequence, after: delay) { fields in
            fields.append(.event, subscribe.value(.event) ?? "presence")
            fields.append(.subscriptionState, state)
        }
    }

    mutating func inDialog(
        _ method: Method, call: String, from: NameAddress, to: NameAddress, sequence: Int, after delay: Duration = .zero,
        body: String = "", _ more: (inout FieldList) -> Void = { _ in }
    ) {
        serial += 1
        var fields = FieldList()
        fields.append(.via, "SIP/2.0/UDP 127.0.0.1:5090;branch=z9hG4bKpeer\(serial);rport")
        fields.append(.maxForwards, "70")
        fields.append(.from, from.description)
        fields.append(.to, to.description)
        fields.append(.callID, call)
        fields.append(.cSeq, "\(sequence) \(method)")
        fields.append(.contact, "<sip:peer@127.0.0.1:5090>")
        if !body.isEmpty { fields.append(.contentType, "application/sdp") }
        more(&fields)
        let uri = AnyURI.sip(SIPURI(user: "alice", host: "127.0.0.1", port: 5060))
        peerSends(RequestDraft(method: method, uri: uri, fields: fields, body: Array(body.utf8)).serialised(), after: delay)
    }

    /// A request from outside any dialog.
    mutating func outside(_ method: Method, body: String = "", expires: String? = nil) {
        let from = NameAddress(uri: Self.uri("carol"), displayName: nil)
        var tagged = from
        tagged.tag = "carol\(serial)"
        inDialog(
            method, call: "outside\(serial)", from: tagged, to: NameAddress(uri: Self.uri("alice")), sequence: 1, body: body
        ) { fields in
            if method == .subscribe || method == .publish { fields.append(.event, "presence") }
            if let expires { fields.append(.expires, expires) }
        }
    }

    private mutating func peerAnswered(_ response: SIPMessage) {
        responses.append(response)
        guard response.method == .invite, let status = response.status, status.isFinal,
            let from = try? response.from(), let to = try? response.to(), let call = try? response.callID(),
            let sequence = try? response.cSeq().number
        else { return }
        guard acknowledges else { return }
        inviteDialogs[call] = (from, to, Int(sequence))
        var fields = FieldList()
        let branch = status.isSuccess ? "z9hG4bKack\(serial)" : (try? response.topVia())?.branch ?? ""
        fields.append(.via, "SIP/2.0/UDP 127.0.0.1:5090;branch=\(branch);rport")
        fields.append(.from, from.description)
        fields.append(.to, to.description)
        fields.append(.callID, call)
        fields.append(.cSeq, "\(sequence) ACK")
        let uri = AnyURI.sip(SIPURI(user: "alice", host: "127.0.0.1", port: 5060))
        peerSends(RequestDraft(method: .ack, uri: uri, fields: fields, body: []).serialised())
    }
    var responses: [SIPMessage] = []
    /// Whether the peer acknowledges our final answers to its INVITEs.
    var acknowledges = true
    var inviteDialogs: [String: (from: NameAddress, to: NameAddress, sequence: Int)] = [:]
}
