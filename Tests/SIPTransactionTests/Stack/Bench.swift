import Ladder
import SIPMessage
import SIPTransaction
import SansIO
import Testing

/// One stack over virtual time, and everything that came out of it, sorted. What it sent is read again from the octets.
struct Bench {
    struct Sent {
        var at: Instant
        var message: SIPMessage
        /// Where the datagram went; of a connection, its far end.
        var remote: SocketAddress
        /// nil: a datagram.
        var flow: FlowID?
    }
    struct Connection: Hashable {
        var id: FlowID
        var transport: TransportProtocol
        var remote: SocketAddress
    }

    static let us = SocketAddress(.v4(0xC000_0201), port: 5060)
    static let peer = SocketAddress(.v4(0xC000_0202), port: 5060)
    static let other = SocketAddress(.v4(0xC000_0203), port: 5060)
    static let stranger = SocketAddress(.v4(0xC633_6401), port: 40_000)

    var stack: SipStack
    private(set) var now = Instant.zero
    private(set) var ladder = Ladder()

    private(set) var sent: [Sent] = []
    private(set) var connections: [Connection] = []
    private(set) var closed: [FlowID] = []
    private(set) var questions: [(id: ResolutionID, host: String)] = []
    /// Octets on connections that are no message: keep-alives.
    private(set) var keepAlives: [[UInt8]] = []
    private(set) var received: [(id: ServerTransactionID, message: SIPMessage, source: Source)] = []
    private(set) var answered: [(id: ClientTransactionID, message: SIPMessage)] = []
    private(set) var failed: [(id: ClientTransactionID, failure: TransactionFailure, at: Instant)] = []
    private(set) var ended: [ClientTransactionID] = []
    private(set) var serverEnded: [(id: ServerTransactionID, acknowledged: Bool)] = []
    private(set) var cancelled: [ServerTransactionID] = []
    private(set) var acknowledged: [SIPMessage] = []
    private(set) var refusalsAcknowledged: [ServerTransactionID] = []
    private(set) var strays: [SIPMessage] = []
    private(set) var malformed: [SIPParseError] = []
    private(set) var traces: [Trace] = []
    private var ends: [FlowID: SocketAddress] = [:]

    init(
        limits: StackLimits = StackLimits(), timers: TimerValues = TimerValues(), seed: UInt64 = 1,
        answersToMaddr: Bool = false
    ) {
        let local = LocalAddresses(port: Self.us.port, ipv4: Self.us.ip, ipv6: .v6(0x2001_0DB8_0000_0000, 1))
        var configuration = StackConfiguration(local: local, timers: timers, limits: limits)
        configuration.answersToMaddr = answersToMaddr
        stack = SipStack(configuration, entropy: Entropy(seed: seed))
    }

    // MARK: The user's side

    mutating func send(
        _ request: RequestDraft = .sample(.options), to target: Target = Target(peer), contact: ContactTemplate? = nil
    ) -> ClientTransactionID {
        let (id, outputs) = stack.send(request, to: target, contact: contact, at: now)
        note(outputs)
        return id
    }
    mutating func cancel(_ id: ClientTransactionID, fields: FieldList = FieldList()) -> ClientTransactionID? {
        guard let (cancelID, outputs) = stack.cancel(id, fields: fields, at: now) else { return nil }
        note(outputs)
        return cancelID
    }
    mutating func sendAck(_ ack: RequestDraft) { note(stack.sendAck(ack, to: Target(Self.peer), at: now)) }
    mutating func acknowledge(_ ack: RequestDraft, to target: Target, as id: AcknowledgementID? = nil) {
        note(stack.sendAck(ack, to: target, as: id, at: now))
    }
    mutating func sendOnce(_ request: RequestDraft, to target: Target) {
        note(stack.sendOnce(request, to: target, at: now))
    }
    mutating func respond(
        _ status: StatusCode, to request: Int = 0, tag: String = "ours", contact: ContactTemplate? = nil
    ) {
        let (id, message, _) = received[request]
        note(stack.respond(to: id, with: ResponseDraft(status, to: message, toTag: tag), contact: contact, at: now))
    }
    mutating func close() { note(stack.close(at: now)) }

    // MARK: The network's side

    mutating func take(_ input: NetworkInput) { note(stack.handle(input, at: now)) }
    mutating func datagram(_ bytes: [UInt8], from remote: SocketAddress = peer) {
        take(.datagram(Datagram(local: Self.us, remote: remote, bytes: bytes)))
    }
    mutating func datagram(_ text: String, from remote: SocketAddress = peer) {
        datagram(Array(text.utf8), from: remote)
    }
    /// The peer's answer, made from what it really heard.
    mutating func answer(
        _ index: Int = 0, _ status: StatusCode, tag: String = "theirs", from remote: SocketAddress = peer,
        _ change: (inout ResponseDraft) -> Void = { _ in }
    ) {
        var draft = ResponseDraft(status, to: sent[index].message, toTag: tag)
        change(&draft)
        if let flow = sent[index].flow {
            take(.received(flow, draft.serialised()))
        } else {
            datagram(draft.serialised(), from: remote)
        }
    }
    mutating func accept(_ serial: UInt64 = 1, from remote: SocketAddress = peer) -> FlowID {
        let id = FlowID(serial: serial)
        ends[id] = remote
        take(.accepted(id, FlowEnds(transport: .tcp, local: Self.us, remote: remote)))
        return id
    }
    mutating func connect(_ id: FlowID) {
        guard let remote = ends[id] else { return }
        take(.connected(id, FlowEnds(transport: .tcp, local: Self.us, remote: remote)))
    }
    mutating func stream(_ text: String, on flow: FlowID) { take(.received(flow, Array(text.utf8))) }

    /// Lets the time pass, stopping at each deadline.
    mutating func pass(until end: Instant) {
        while let deadline = stack.nextDeadline, deadline <= end {
            now = max(now, deadline)
            note(stack.deadlineReached(at: now))
        }
        now = end
    }
    mutating func pass(_ milliseconds: Int64) { pass(until: now + .milliseconds(milliseconds)) }

    private mutating func note(_ outputs: [StackOutput]) {
        for output in outputs {
            switch output {
            case .network(let output): note(output)
            case .received(let id, let message, let source): received.append((id, message, source))
            case .cancelled(let id, _): cancelled.append(id)
            case .acknowledged(let message, _): acknowledged.append(message)
            case .refusalAcknowledged(let id): refusalsAcknowledged.append(id)
            case .answered(let id, let message): answered.append((id, message))
            case .failed(let id, let failure): failed.append((id, failure, now))
            case .stray(let message, _): strays.append(message)
            case .ended(let id): ended.append(id)
            case .serverEnded(let id, let acknowledged): serverEnded.append((id, acknowledged))
            case .malformed(let error, _, _): malformed.append(error)
            case .traced(let trace):
                traces.append(trace)
                if let message = trace.message {
                    ladder.note(trace.direction == .sent ? .sent : .received, message, at: now)
                }
            }
        }
    }
    private mutating func note(_ output: NetworkOutput) {
        switch output {
        case .transmit(let datagram): read(datagram.bytes, to: datagram.remote, flow: nil)
        case .connect(let id, let transport, let remote):
            ends[id] = remote
            connections.append(Connection(id: id, transport: transport, remote: remote))
        case .write(let id, let bytes): read(bytes, to: ends[id] ?? Self.stranger, flow: id)
        case .close(let id): closed.append(id)
        case .resolve(let id, let host): questions.append((id, host))
        }
    }
    private mutating func read(_ bytes: [UInt8], to remote: SocketAddress, flow: FlowID?) {
        if let message = try? SIPMessage(parsing: bytes, from: flow == nil ? .datagram : .stream) {
            // Of a flood the first hundred.
            if sent.count < 100 { #expect(WireForm.faults(in: bytes).isEmpty) }
            sent.append(Sent(at: now, message: message, remote: remote, flow: flow))
        } else {
            keepAlives.append(bytes)
        }
    }

    // MARK: What a test asks

    /// The statuses that went out, in order.
    var statuses: [UInt16] { sent.compactMap { $0.message.status?.value } }
    var times: [Instant] { sent.map(\.at) }
    var lastStatus: UInt16? { sent.last?.message.status?.value }
}
