import Ladder
import SIPMessage
import SIPTransaction
import SansIO
import Testing

/// One stack over virtual time, and a peer that is the test itself: what was sent can be read and answered, nothing is
/// answered by itself.
struct Line {
    static let own = SocketAddress(.loopback4, port: 5060)
    static let peer = SocketAddress(.loopback4, port: 5090)

    var stack: SipStack
    var now = Instant.zero
    var ladder = Ladder()
    /// What left in datagrams, and where to.
    var datagrams: [Datagram] = []
    var written: [(flow: FlowID, bytes: [UInt8])] = []
    var connects: [(flow: FlowID, remote: SocketAddress)] = []
    var closed: [FlowID] = []
    var questions: [(id: ResolutionID, host: String)] = []
    var outputs: [StackOutput] = []

    init(limits: (inout StackLimits) -> Void = { _ in }) {
        var configured = StackLimits()
        limits(&configured)
        stack = SipStack(
            StackConfiguration(local: .loopback(port: 5060), limits: configured), entropy: Entropy(seed: 3))
    }

    // MARK: Doing

    mutating func take(_ new: [StackOutput]) {
        for output in new {
            switch output {
            case .network(.transmit(let datagram)):
                datagrams.append(datagram)
                note(.sent, datagram.bytes)
            case .network(.write(let flow, let bytes)):
                written.append((flow, bytes))
                note(.sent, bytes)
            case .network(.connect(let flow, _, let remote)): connects.append((flow, remote))
            case .network(.close(let flow)): closed.append(flow)
            case .network(.resolve(let id, let host)): questions.append((id, host))
            case .received, .cancelled, .acknowledged, .refusalAcknowledged, .answered, .failed, .stray, .ended,
                .serverEnded, .malformed, .traced:
                outputs.append(output)
            }
        }
    }
    private mutating func note(_ direction: Ladder.Direction, _ bytes: [UInt8]) {
        if let message = try? SIPMessage(parsing: bytes) { ladder.note(direction, message, at: now) }
    }

    mutating func run(for duration: Duration) {
        let end = now + duration
        while let next = stack.nextDeadline, next <= end {
            now = max(now, next)
            take(stack.deadlineReached(at: now))
        }
        now = end
    }

    mutating func hear(_ text: String, from remote: SocketAddress = peer) {
        hear(Array(text.utf8), from: remote)
    }
    mutating func hear(_ bytes: [UInt8], from remote: SocketAddress = peer) {
        note(.received, bytes)
        take(stack.handle(.datagram(Datagram(local: Self.own, remote: remote, bytes: bytes)), at: now))
    }
    mutating func hear(_ text: String, on flow: FlowID) { hear(Array(text.utf8), on: flow) }
    mutating func hear(_ bytes: [UInt8], on flow: FlowID) { take(stack.handle(.received(flow, bytes), at: now)) }

    @discardableResult
    mutating func send(_ method: Method, to target: Target = Line.target(), padding: Int = 0) -> ClientTransactionID {
        var fields = FieldList()
        fields.append(.from, "<sip:alice@example.com>;tag=a")
        fields.append(.to, "<sip:bob@example.com>")
        fields.append(.callID, "call")
        fields.append(.cSeq, "7 \(method)")
        if padding > 0 { fields.append(.subject, String(repeating: "x", count: padding)) }
        let uri = AnyURI.sip(SIPURI(user: "bob", host: "example.com", port: nil))
        let (id, new) = stack.send(RequestDraft(method: method, uri: uri, fields: fields), to: target, at: now)
        take(new)
        return id
    }
    static func target(_ transport: TransportProtocol? = nil, host: String = "127.0.0.1") -> Target {
        Target(host: host, port: 5090, transport: transport)
    }

    // MARK: Reading

    func message(_ index: Int) throws -> SIPMessage {
        try #require(datagrams.indices.contains(index), "only \(datagrams.count) datagrams")
        return try SIPMessage(parsing: datagrams[index].bytes)
    }
    var lastMessage: SIPMessage {
        get throws { try SIPMessage(parsing: try #require(datagrams.last).bytes) }
    }
    /// An answer made from the bytes that were really sent.
    func answer(_ request: SIPMessage, _ status: StatusCode, tag: String = "b") -> [UInt8] {
        ResponseDraft(status, to: request, toTag: tag).serialised()
    }

    var failures: [TransactionFailure] {
        outputs.compactMap { if case .failed(_, let failure) = $0 { failure } else { nil } }
    }
    var answers: [Int] {
        outputs.compactMap {
            if case .answered(_, let message) = $0 { message.status.map { Int($0.value) } } else { nil }
        }
    }
    var requests: [(id: ServerTransactionID, message: SIPMessage)] {
        outputs.compactMap { if case .received(let id, let message, _) = $0 { (id, message) } else { nil } }
    }
    var strays: Int { outputs.count { if case .stray = $0 { true } else { false } } }
    var acknowledged: Int { outputs.count { if case .acknowledged = $0 { true } else { false } } }
    var ended: Int { outputs.count { if case .ended = $0 { true } else { false } } }
    var serversEnded: [Bool] {
        outputs.compactMap { if case .serverEnded(_, let acknowledged) = $0 { acknowledged } else { nil } }
    }
    var malformed: Int { outputs.count { if case .malformed = $0 { true } else { false } } }
    /// When each datagram of this method left.
    func times(_ word: String) -> [String] {
        ladder.lines.filter { $0.hasSuffix("--> \(word)") }.map { String($0.prefix { $0 != " " }) }
    }

    /// A request from outside.
    static func request(
        _ method: String, branch: String = "z9hG4bKp1", via: String = "127.0.0.1:5090;rport", cSeq: Int = 1,
        toTag: String? = nil, more: String = "", length: Bool = true
    ) -> String {
        """
        \(method) sip:alice@127.0.0.1:5060 SIP/2.0\r
        Via: SIP/2.0/UDP \(via);branch=\(branch)\r
        Max-Forwards: 70\r
        From: <sip:bob@example.com>;tag=b\r
        To: <sip:alice@example.com>\(toTag.map { ";tag=\($0)" } ?? "")\r
        Call-ID: incoming\r
        CSeq: \(cSeq) \(method)\r
        \(more)\(length ? "Content-Length: 0\r\n" : "")\r

        """
    }
    mutating func respond(_ status: StatusCode) throws {
        let (id, message) = try #require(requests.last)
        take(stack.respond(to: id, with: ResponseDraft(status, to: message, toTag: "a"), at: now))
    }

    /// Nothing may be left when time has passed.
    mutating func expectEmpty(
        after duration: Duration = .seconds(64), sourceLocation: SourceLocation = #_sourceLocation
    ) {
        run(for: duration)
        var census = stack.census
        census.flows = 0
        #expect(census == StackCensus(), sourceLocation: sourceLocation)
        #expect(stack.isFlushed, sourceLocation: sourceLocation)
        #expect(stack.nextDeadline == nil, sourceLocation: sourceLocation)
    }
}
