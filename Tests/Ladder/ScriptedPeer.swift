package import SIPMessage
package import SansIO

/// The server and the user that a test needs, at one address: it answers each request from the bytes that really came,
/// healthy unless the test says otherwise. What it sends is collected in `outgoing`; the test puts it on its network.
package struct ScriptedPeer: Sendable {
    /// How the peer treats a method.
    package enum Manner: Sendable {
        case healthy
        case silent
        case status(StatusCode)
        /// Answers 2xx to SUBSCRIBE, but no NOTIFY ever comes.
        case noNotify
    }
    package struct Outgoing: Sendable {
        package var bytes: [UInt8]
        package var delay: Duration
    }

    package let address: SocketAddress
    /// Where the user agent under test listens.
    package let agent: SocketAddress
    package var manners: [Method: Manner] = [:]
    /// Put into the Contact it gives, as `;transport=tcp`.
    package var contactParameters = ""
    /// Whether it acknowledges our final answers to its INVITEs.
    package var acknowledges = true
    package private(set) var responses: [SIPMessage] = []
    /// Of the INVITEs that it sent and we answered, what a request in that dialog needs; by Call-ID.
    package internal(set) var inviteDialogs: [String: (from: NameAddress, to: NameAddress, sequence: Int)] = [:]
    package private(set) var outgoing: [Outgoing] = []
    /// Its own INVITEs, to be cancelled by; by Call-ID.
    var invites: [String: RequestDraft] = [:]
    var serial = 0
    private var last: [UInt8] = []
    var notifySequence: [String: Int] = [:]

    package static let sdp = """
        v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n
        """

    package init(address: SocketAddress, agent: SocketAddress) {
        self.address = address
        self.agent = agent
    }

    /// What it sends, once.
    package mutating func take() -> [Outgoing] {
        defer { outgoing = [] }
        return outgoing
    }
    package mutating func send(_ bytes: [UInt8], after delay: Duration = .zero) {
        last = bytes
        outgoing.append(Outgoing(bytes: bytes, delay: delay))
    }

    /// The same octets once more, as a retransmission.
    package mutating func repeatLast() { send(last) }

    /// Answers a request of ours by its manner; acknowledges a final answer of ours.
    package mutating func receive(_ message: SIPMessage) {
        guard message.isRequest else { return acknowledge(message) }
        switch manners[message.method] ?? .healthy {
        case .silent: return
        case .status(let status): answer(message, status)
        case .noNotify: answer(message, 200) { $0.append(.expires, message.value(.expires) ?? "600") }
        case .healthy: serve(message)
        }
    }

    private mutating func serve(_ message: SIPMessage) {
        switch message.method {
        case .register:
            answer(message, 200) { fields in
                if message.value(.expires) != "0", let contact = message.value(.contact) {
                    fields.append(.contact, contact)
                }
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
            let isLast = message.value(.expires) == "0"
            notify(message, state: isLast ? "terminated;reason=timeout" : "active;expires=600")
        case .invite:
            answer(message, 180)
            answer(message, 200, body: Self.sdp)
        case .message, .bye, .notify, .options, .info, .cancel, .prack: answer(message, 200)
        case .update: answer(message, 200, body: message.body.isEmpty ? "" : Self.sdp)
        case .ack, .refer, .other: break
        }
    }

    private mutating func acknowledge(_ response: SIPMessage) {
        responses.append(response)
        guard response.method == .invite, let status = response.status, status.isFinal,
            let from = try? response.from(), let to = try? response.to(), let call = try? response.callID(),
            let sequence = try? response.cSeq().number
        else { return }
        inviteDialogs[call] = (from, to, Int(sequence))
        guard acknowledges else { return }
        var fields = FieldList()
        let branch = status.isSuccess ? "z9hG4bKack\(serial)" : (try? response.topVia())?.branch ?? ""
        fields.append(.via, "SIP/2.0/UDP \(address);branch=\(branch);rport")
        fields.append(.from, from.description)
        fields.append(.to, to.description)
        fields.append(.callID, call)
        fields.append(.cSeq, "\(sequence) ACK")
        send(RequestDraft(method: .ack, uri: agentURI, fields: fields, body: []).serialised())
    }

    var contact: String { "<sip:peer@\(address)\(contactParameters)>" }
    var agentURI: AnyURI { .sip(SIPURI(user: "alice", host: "\(agent.ip)", port: agent.port)) }
}
