package import SIPMessage
package import SansIO

/// Answers to requests from outside, and the way they take (RFC 3261 §18.2.2, RFC 3581 §4).
extension SipStack {
    /// Provisional or final. A 2xx to INVITE given again is repeated: its timer is the usage's (RFC 6026 §7.1). What
    /// RFC 4320 forbids to a request other than INVITE (provisionals but 100, 408) is not sent.
    package mutating func respond(
        to id: ServerTransactionID, with response: ResponseDraft, contact: ContactTemplate? = nil, at now: Instant
    ) -> [StackOutput] {
        respond(to: id, response, contact: contact, at: now)
        return take(at: now)
    }

    mutating func respond(
        to id: ServerTransactionID, _ response: ResponseDraft, contact: ContactTemplate?, at now: Instant
    ) {
        guard let entry = servers.entry(id) else { return }
        let bytes = complete(response, via: entry.via, entry.way.source, contact: contact)
        driveServer(id, .responded(response.status), sending: bytes, at: now)
    }

    /// The 2xx to this INVITE has been acknowledged, and is not given again; its transaction goes on taking in what comes
    /// late (RFC 6026 §7.1).
    package mutating func forgetAnswer(to id: ServerTransactionID) { servers.change(id) { $0.forgetAnswer() } }

    /// A response outside any transaction: to what is malformed or too much. Nobody answers an ACK (§17.2.1).
    mutating func refuse(_ message: SIPMessage, with status: StatusCode, _ source: Source, retryAfter: Int? = nil) {
        guard message.method != .ack, let via = message.replyVia(from: source.remote) else { return }
        var draft = ResponseDraft(status, to: message, toTag: entropy.token())
        if let retryAfter { draft.fields.append(.retryAfter, "\(retryAfter)") }
        let bytes = complete(draft, via: via, source, contact: nil)
        emit(bytes, wayBack(of: message, from: source), server: nil, retransmission: 0)
    }

    /// The topmost Via says where the request really came from; every other field stays as the draft has it.
    func complete(
        _ response: ResponseDraft, via: String, _ source: Source, contact: ContactTemplate?
    ) -> [UInt8] {
        var complete = response
        complete.fields.setFirst(.via, via)
        if let contact {
            let local = localAddress(facing: source.remote)
            complete.fields.append(.contact, contact.address(at: local, transport: source.transport).description)
        }
        return complete.serialised()
    }

    /// On the connection of the request, or as a datagram.
    mutating func emit(_ bytes: [UInt8], _ way: WayBack, server: ServerTransactionID?, retransmission: Int) {
        let source = way.source
        var remote = way.remote
        if let flow = source.flow, flows[flow] != nil {
            write(bytes, to: flow)
        } else if source.transport.isReliable {
            // The connection is gone: a new one, to where the request said it came from.
            remote.port = way.sentBy?.port ?? source.transport.defaultPort
            write(bytes, to: flow(to: remote, transport: source.transport), sentBy: way.sentBy)
        } else {
            outputs.append(.network(.transmit(Datagram(local: source.local, remote: remote, bytes: bytes))))
        }
        outputs.append(
            .traced(
                Trace(
                    .sent, bytes, remote: remote, transport: source.transport, retransmission: retransmission,
                    server: server)))
    }
    func wayBack(of request: SIPMessage, from source: Source) -> WayBack {
        WayBack(of: request, from: source, toMaddr: configuration.answersToMaddr)
    }

    // MARK: The machines

    /// `sending`: the response that comes with `.responded`; `carrying`: the ACK that comes with `.acknowledged`.
    mutating func driveServer(
        _ id: ServerTransactionID, _ input: ServerMachine.Input, sending bytes: [UInt8] = [],
        carrying ack: (SIPMessage, Source)? = nil, at now: Instant
    ) {
        guard let actions = servers.change(id, { $0.handle(input, at: now) }) else { return }
        for action in actions {
            switch action {
            case .sendTrying: sendTrying(id)
            case .send: sendNew(id, bytes)
            case .resend: resend(id)
            case .passAcknowledgement: if let ack { outputs.append(.acknowledged(ack.0, ack.1)) }
            case .refusalAcknowledged: outputs.append(.refusalAcknowledged(id))
            case .terminate(let acknowledged): end(id, acknowledged: acknowledged)
            }
        }
        reschedule(server: id)
    }

    private mutating func sendTrying(_ id: ServerTransactionID) {
        guard let entry = servers.entry(id), let request = entry.request else { return }
        sendNew(id, complete(ResponseDraft(100, to: request), via: entry.via, entry.way.source, contact: nil))
    }

    private mutating func sendNew(_ id: ServerTransactionID, _ bytes: [UInt8]) {
        guard let entry = servers.entry(id), !bytes.isEmpty else { return }
        let copies = entry.response == bytes ? entry.copies + 1 : 0
        servers.change(id) { entry in
            entry.response = bytes
            entry.copies = copies
        }
        emit(bytes, entry.way, server: id, retransmission: copies)
    }

    private mutating func resend(_ id: ServerTransactionID) {
        guard let entry = servers.entry(id), !entry.response.isEmpty else { return }
        servers.change(id) { $0.copies += 1 }
        emit(entry.response, entry.way, server: id, retransmission: entry.copies + 1)
    }

    private mutating func end(_ id: ServerTransactionID, acknowledged: Bool) {
        guard let entry = servers.remove(id) else { return }
        if let alarm = entry.alarm { wheel.cancel(alarm.token) }
        outputs.append(.serverEnded(id, acknowledged: acknowledged))
    }

    mutating func reschedule(server id: ServerTransactionID) {
        guard let (alarm, deadline) = servers.read(id, { ($0.alarm, $0.machine.nextDeadline) }) else { return }
        let next = rescheduled(alarm, .server(id), at: deadline)
        if next != alarm { servers.change(id) { $0.alarm = next } }
    }
}
