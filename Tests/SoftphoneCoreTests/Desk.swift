import DialogUsage
import Media
import SDP
import SIPMessage
import SansIO
import SoftphoneCore
import Testing

/// A softphone on a test desk: commands are typed as at the prompt, the audio thread answers by itself, and the one
/// server in the world, 192.0.2.1, is played by the test. Time moves only when it is told to.
struct Desk {
    var softphone: Softphone
    private(set) var now = Instant.zero
    private(set) var results: [RequestID: [CommandResult]] = [:]
    private(set) var happenings: [Happening] = []
    private(set) var media: [MediaCommand] = []
    /// Every message sent, oldest first, repetitions included.
    private(set) var sent: [SIPMessage] = []
    private(set) var faults: [(RequestID, SandboxFault)] = []
    private(set) var pastCalls: [PastCall] = []
    private(set) var keepings: [(request: RequestID, what: Keeping)] = []
    private(set) var endings: [(kind: UsageKind, phase: Int, name: String?)] = []
    private(set) var traces: [TraceLine] = []
    private(set) var report: ShutdownReport?
    /// What the receipt would say.
    private(set) var bindings: [AnyUsageID: Leftover] = [:]
    private(set) var leftovers: [Leftover]?
    private(set) var isFinished = false
    private(set) var saidAfterFinish = 0
    /// Whether the audio thread opens ports; if not, it says that it cannot.
    var hasAudio = true
    /// Whether it answers at once, or only when asked to.
    var isAudioPrompt = true
    private var unanswered: [MediaEvent] = []
    /// What the audio thread writes both sides of calls to.
    private(set) var recordings: [MediaID: String] = [:]
    private var lastRequest: UInt64 = 0
    private var branches = 0
    private var lastSequence: UInt32 = 100

    static let server = SocketAddress(.v4(0xC000_0201), port: 5060)
    static let local = LocalAddresses(port: 5070, ipv4: .v4(0xC000_0264))

    init(
        accounts: [String] = ["alice"], password: String? = "sesame", sandbox: SocketAddress? = nil,
        traces: Bool = false, leftovers: [Leftover] = [], contacts: [Contact] = []
    ) throws {
        let known = try accounts.map { name in
            Account(
                name: name, addressOfRecord: NameAddress(try SIPURI(parsing: "sip:\(name)@192.0.2.1")),
                password: password.map { Secret($0) })
        }
        var configuration = SoftphoneConfiguration(accounts: known, sandbox: sandbox, tracesMessages: traces)
        configuration.leftovers = leftovers
        configuration.contacts = contacts
        softphone = Softphone(configuration, local: Self.local, entropy: Entropy(seed: 7))
    }

    // MARK: The user

    @discardableResult
    mutating func type(_ line: String) throws -> RequestID {
        lastRequest += 1
        let request = RequestID(serial: lastRequest)
        take(softphone.handle(.command(.request(request, try Command.parse(line: line))), at: now))
        return request
    }
    /// What the command came to; nil while it is under way.
    func result(_ request: RequestID) -> CommandResult? { results[request]?.first }
    func success(_ request: RequestID) -> CommandResult.Success? {
        if case .succeeded(let success) = result(request) { success } else { nil }
    }
    func failure(_ request: RequestID) -> CommandFailure? {
        if case .failed(let failure) = result(request) { failure } else { nil }
    }
    /// Commands that were answered more than once.
    var answeredTwice: [RequestID] { results.filter { $0.value.count > 1 }.map(\.key) }
    func names(of prefix: String) -> [String] { happenings.map(\.name).filter { $0.hasPrefix(prefix) } }
    func value(_ path: String) -> StateValue? { softphone.model.value(at: path) }
    mutating func give(_ input: SoftphoneInput) { take(softphone.handle(.command(input), at: now)) }

    // MARK: Time

    mutating func run(for duration: Duration) {
        let end = now + duration
        while let deadline = softphone.nextDeadline, deadline <= end, !isFinished {
            now = max(now, deadline)
            take(softphone.handle(.deadlineReached, at: now))
        }
        now = end
    }

    // MARK: The server

    func requests(_ method: Method) -> [SIPMessage] { sent.filter { $0.isRequest && $0.method == method } }
    func responses(_ status: StatusCode) -> [SIPMessage] { sent.filter { $0.status == status } }

    /// Answers the newest request of this method.
    mutating func answer(
        _ method: Method, _ status: StatusCode, _ fields: KeyValuePairs<FieldName, String> = [:], body: [UInt8] = []
    ) throws {
        let request = try #require(requests(method).last)
        var response = ResponseDraft(status, to: request, toTag: "server")
        for (name, value) in fields { response.fields.append(name, value) }
        if method == .invite { response.fields.append(.contact, "<sip:bob@192.0.2.1>") }
        response.body = body
        deliver(response.serialised())
    }
    mutating func answer(_ method: Method, _ status: StatusCode, _ description: SessionDescription) throws {
        try answer(method, status, [.contentType: "application/sdp"], body: description.serialised())
    }

    /// A request of the server in the dialog that the newest request of `method` made, or that it answered.
    mutating func send(
        _ method: Method, inDialogOf ours: Method, _ fields: KeyValuePairs<FieldName, String> = [:], body: [UInt8] = []
    ) throws {
        let first = try #require(requests(ours).last)
        let from = try #require(first.value(.to))
        var draft = try draft(method, callID: first.callID(), to: try #require(first.value(.from)))
        draft.fields.append(.from, from.contains(";tag=") ? from : from + ";tag=server")
        for (name, value) in fields { draft.fields.append(name, value) }
        draft.body = body
        deliver(draft.serialised())
    }

    /// An INVITE or MESSAGE from outside.
    mutating func send(
        _ method: Method, to user: String, _ fields: KeyValuePairs<FieldName, String> = [:], body: [UInt8] = []
    ) throws {
        branches += 1
        var draft = try draft(method, callID: "call-\(branches)", to: "<sip:\(user)@192.0.2.1>", user: user)
        draft.fields.append(.from, "\"Bob\" <sip:bob@192.0.2.1>;tag=bob\(branches)")
        for (name, value) in fields { draft.fields.append(name, value) }
        draft.body = body
        lastFromOutside = draft
        deliver(draft.serialised())
    }
    private(set) var lastFromOutside: RequestDraft?

    /// A further request of the caller in the dialog which our 2xx to its INVITE has made (or CANCEL and ACK of it).
    mutating func follow(
        _ method: Method, _ fields: KeyValuePairs<FieldName, String> = [:], body: [UInt8] = []
    ) throws {
        let invite = try #require(lastFromOutside)
        var draft = invite
        draft.method = method
        draft.body = body
        draft.fields.remove(.contentType)
        if method == .cancel {
            draft.fields.remove(.contact)
        } else {
            draft.fields.set(.via, "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKfollow\(sent.count)\(method);rport")
            draft.fields.set(.to, try #require(responses(200).last { $0.method == .invite }?.value(.to)))
        }
        if method != .ack && method != .cancel { lastSequence += 1 }
        let number = method == .cancel || method == .ack ? invite.fields.first(.cSeq)?.prefix { $0 != " " } : nil
        draft.fields.set(.cSeq, "\(number.map(String.init) ?? "\(lastSequence)") \(method)")
        for (name, value) in fields { draft.fields.append(name, value) }
        deliver(draft.serialised())
    }

    private mutating func draft(_ method: Method, callID: String, to: String, user: String = "alice") throws
        -> RequestDraft
    {
        lastSequence += 1
        branches += 1
        var draft = RequestDraft(method: method, uri: try AnyURI(parsing: "sip:\(user)@192.0.2.100:5070"))
        draft.fields.append(.via, "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKdesk\(branches);rport")
        draft.fields.append(.maxForwards, "70")
        draft.fields.append(.to, to)
        draft.fields.append(.callID, callID)
        draft.fields.append(.cSeq, "\(lastSequence) \(method)")
        draft.fields.append(.contact, "<sip:bob@192.0.2.1>")
        return draft
    }

    mutating func deliver(_ bytes: [UInt8]) {
        let datagram = Datagram(local: SocketAddress(.v4(0xC000_0264), port: 5070), remote: Self.server, bytes: bytes)
        take(softphone.handle(.network(.datagram(datagram)), at: now))
    }

    // MARK: The audio thread

    var opened: [MediaID] { media.compactMap { if case .open(let id, _) = $0 { id } else { nil } } }
    var closed: [MediaID] { media.compactMap { if case .close(let id) = $0 { id } else { nil } } }
    var plans: [MediaPlan] {
        media.compactMap {
            switch $0 {
            case .start(_, let plan), .update(_, let plan): plan
            case .open, .sendDigits, .close, .closeAll: nil
            }
        }
    }
    /// Whether each port that was opened has been closed, once.
    var isAudioSettled: Bool { opened.map(\.serial).sorted() == closed.map(\.serial).sorted() }

    /// Lets a slow audio thread say what it has to say.
    mutating func letAudioAnswer() {
        let events = unanswered
        unanswered = []
        for event in events { give(.media(event)) }
    }

    private mutating func heed(_ command: MediaCommand) {
        media.append(command)
        switch command {
        case .open(let id, let local):
            let port = UInt16(40_000 + 2 * id.serial)
            unanswered.append(
                hasAudio
                    ? .opened(id, port: port, rtcpPort: port + 1)
                    : .failed(id, .noPort(address: "\(local)", reason: "none is free")))
        case .sendDigits(let id, let digits, _, _): unanswered.append(.digitsSent(id, digits))
        case .close(let id): unanswered.append(.closed(id, MediaCounters()))
        case .start(let id, let plan), .update(let id, let plan):
            guard plan.recording?.path != recordings[id] else { return }
            recordings[id] = plan.recording?.path
            guard let path = plan.recording?.path else { return }
            unanswered.append(
                hasAudio ? .recording(id, path) : .failed(id, .cannotWrite(path: path, reason: "the disk is full")))
        case .closeAll: break
        }
    }

    private mutating func take(_ outputs: [MachineOutput<SoftphoneEvent>]) {
        for output in outputs {
            if isFinished { saidAfterFinish += 1 }
            switch output {
            case .network(.transmit(let datagram)):
                if let message = try? SIPMessage(parsing: datagram.bytes) { sent.append(message) }
            case .network: break
            case .finished: isFinished = true
            case .event(let event): hear(event)
            }
        }
        if isAudioPrompt, !unanswered.isEmpty, !isFinished { letAudioAnswer() }
    }

    private mutating func hear(_ event: SoftphoneEvent) {
        switch event {
        case .completed(let request, let result): results[request, default: []].append(result)
        case .happened(let happening): happenings.append(happening)
        case .media(let command): heed(command)
        case .fault(let request, let fault): faults.append((request, fault))
        case .keep(let request, let what): keepings.append((request, what))
        case .reload: break
        case .callEnded(let call): pastCalls.append(call)
        case .shutdownUsage(let row, let phase, let name): endings.append((row.id.kind, phase, name))
        case .stopped(let report): self.report = report
        case .traced(let line): traces.append(line)
        case .bound(let id, let binding): bindings[id] = binding
        case .leftovers(let leftovers): self.leftovers = leftovers
        case .changed, .snapshot: break
        }
    }
}

/// What the server says about its audio: a port of its own, and what it has.
func description(_ direction: MediaDirection = .sendReceive, port: UInt16 = 20_000) -> SessionDescription {
    .offer(at: SocketAddress(Desk.server.ip, port: port), direction: direction, sessionID: 1)
}
func answer(to request: SIPMessage?, _ direction: MediaDirection = .sendReceive) throws -> SessionDescription {
    let offer = try SessionDescription(parsing: Array(try #require(request).body))
    return try .answer(to: offer, at: SocketAddress(Desk.server.ip, port: 20_000), direction: direction, sessionID: 1)
}
