package import SIPMessage
package import SansIO

/// Requests from outside (RFC 3261 §17.2, §18.2).
extension SipStack {
    /// What came in one datagram or, framed, on a connection.
    mutating func received(_ bytes: [UInt8], from source: Source, at now: Instant) {
        // Keep-alives (RFC 5626 §4.4.1) and STUN are not SIP.
        guard let first = bytes.first, first > 3 else { return }
        if source.transport == .udp, bytes.allSatisfy({ $0 == 13 || $0 == 10 || $0 == 0 }) { return }
        let message: SIPMessage
        do {
            message = try SIPMessage(parsing: bytes, from: source.transport == .udp ? .datagram : .stream)
        } catch {
            outputs.append(.malformed(error, source, bytes))
            return
        }
        if message.isResponse {
            response(message, bytes, from: source, at: now)
        } else {
            request(message, bytes, from: source, at: now)
        }
    }

    private mutating func request(_ message: SIPMessage, _ bytes: [UInt8], from source: Source, at now: Instant) {
        guard let key = Self.key(of: message) else {
            // Without a Via nobody can be answered; what is wrong is for the log.
            do {
                try message.checkedForProcessing()
            } catch {
                outputs.append(.malformed(error, source, bytes))
            }
            return
        }
        if message.method == .ack { return acknowledge(message, bytes, key, from: source, at: now) }
        if let id = serversByKey[key] {
            servers[id]?.copies += 1
            let copies = servers[id]?.copies ?? 0
            trace(message, bytes, from: source, server: id, retransmission: copies)
            return driveServer(id, .repeated, at: now)
        }
        do {
            try message.checkedForProcessing()
        } catch {
            trace(message, bytes, from: source, server: nil, retransmission: 0)
            outputs.append(.malformed(error, source, bytes))
            if let status = error.suggestedStatus { respondOnce(status, to: message, source, at: now) }
            return
        }
        if message.method == .cancel { return cancel(message, bytes, key, from: source, at: now) }
        guard unansweredServers < configuration.limits.unansweredServerTransactions else {
            trace(message, bytes, from: source, server: nil, retransmission: 0)
            return respondOnce(503, to: message, source, retryAfter: configuration.limits.retryAfter, at: now)
        }
        let id = open(message, key, from: source, at: now)
        trace(message, bytes, from: source, server: id, retransmission: 0)
        outputs.append(.received(id, message, source))
        reschedule(server: id)
    }

    private mutating func open(
        _ message: SIPMessage, _ key: ServerKey, from source: Source, at now: Instant
    ) -> ServerTransactionID {
        lastServer += 1
        let id = ServerTransactionID(serial: lastServer)
        let isReliable = source.transport.isReliable
        let timers = configuration.timers
        let machine: ServerMachine =
            message.method == .invite
            ? .invite(InviteServerTransaction(timers: timers, isReliable: isReliable, at: now))
            : .nonInvite(NonInviteServerTransaction(timers: timers, isReliable: isReliable, at: now))
        servers[id] = ServerEntry(key: key, request: message, source: source, machine: machine)
        serversByKey[key] = id
        unansweredServers += 1
        return id
    }

    private mutating func trace(
        _ message: SIPMessage, _ bytes: [UInt8], from source: Source, server: ServerTransactionID?, retransmission: Int
    ) {
        outputs.append(
            .traced(
                Trace(
                    .received, bytes, message: message, remote: source.remote, transport: source.transport,
                    retransmission: retransmission, server: server)))
    }

    /// ACK to a refusal belongs to its transaction; any other goes up, and is never answered.
    private mutating func acknowledge(
        _ message: SIPMessage, _ bytes: [UInt8], _ key: ServerKey, from source: Source, at now: Instant
    ) {
        let id = serversByKey[ServerKey(identity: key.identity, method: .invite)]
        trace(message, bytes, from: source, server: id, retransmission: 0)
        if let id, servers[id] != nil {
            driveServer(id, .acknowledged(message, source), at: now)
        } else {
            outputs.append(.acknowledged(message, source))
        }
    }

    /// 200 if it matches an INVITE, 481 if not (§9.2). Only an INVITE without final answer is really cancelled.
    private mutating func cancel(
        _ message: SIPMessage, _ bytes: [UInt8], _ key: ServerKey, from source: Source, at now: Instant
    ) {
        let invite = serversByKey[ServerKey(identity: key.identity, method: .invite)]
        let id = open(message, key, from: source, at: now)
        trace(message, bytes, from: source, server: id, retransmission: 0)
        let draft = ResponseDraft(invite == nil ? 481 : 200, to: message, toTag: entropy.token())
        respondInside(id, draft, contact: nil, at: now)
        if let invite, case .invite(let machine)? = servers[invite]?.machine, machine.isUnanswered {
            outputs.append(.cancelled(invite, message))
        }
    }

    // MARK: Responses

    /// Provisional or final. A 2xx to INVITE given again is repeated: its timer is the usage's (RFC 6026).
    package mutating func respond(
        to id: ServerTransactionID, with response: ResponseDraft, contact: ContactTemplate? = nil, at now: Instant
    ) -> [StackOutput] {
        respondInside(id, response, contact: contact, at: now)
        return take()
    }

    private mutating func respondInside(
        _ id: ServerTransactionID, _ response: ResponseDraft, contact: ContactTemplate?, at now: Instant
    ) {
        guard let entry = servers[id] else { return }
        let bytes = complete(response, to: entry.request, entry.source, contact: contact)
        let wasUnanswered = entry.machine.isUnanswered
        let input: ServerInput =
            response.status.isProvisional
            ? .respondedProvisional(bytes)
            : response.status.isSuccess ? .respondedAccepted(bytes) : .respondedRefused(bytes)
        driveServer(id, input, at: now)
        if wasUnanswered, servers[id]?.machine.isUnanswered != true { unansweredServers -= 1 }
    }

    /// A response outside any transaction: to what is malformed or too much.
    private mutating func respondOnce(
        _ status: StatusCode, to message: SIPMessage, _ source: Source, retryAfter: Int? = nil, at now: Instant
    ) {
        var draft = ResponseDraft(status, to: message, toTag: entropy.token())
        if let retryAfter { draft.fields.append(.retryAfter, "\(retryAfter)") }
        emit(complete(draft, to: message, source, contact: nil), to: message, source, server: nil, retransmission: 0)
    }

    /// The topmost Via says where the request really came from (§18.2.1, RFC 3581 §4).
    private func complete(
        _ response: ResponseDraft, to request: SIPMessage, _ source: Source, contact: ContactTemplate?
    ) -> [UInt8] {
        var complete = response
        if var vias = try? request.vias(), !vias.isEmpty {
            let asksForPort = vias[0].rport.present
            if asksForPort { vias[0].rport = (true, source.remote.port) }
            if asksForPort || vias[0].host != "\(source.remote.ip)" { vias[0].received = "\(source.remote.ip)" }
            complete.fields.remove(.via)
            for via in vias.reversed() { complete.fields.prepend(.via, via.description) }
        }
        if let contact {
            let local = localAddress(facing: source.remote)
            complete.fields.append(.contact, contact.address(at: local, transport: source.transport).description)
        }
        return complete.serialised()
    }

    private mutating func emit(
        _ bytes: [UInt8], to request: SIPMessage, _ source: Source, server: ServerTransactionID?, retransmission: Int
    ) {
        var remote = source.remote
        if let flow = source.flow, flows[flow] != nil {
            write(bytes, to: flow)
        } else if source.transport.isReliable {
            // The connection is gone: a new one, to where the request said it came from (§18.2.2).
            let port = (try? request.topVia())?.port ?? source.transport.defaultPort
            remote = SocketAddress(source.remote.ip, port: port)
            write(bytes, to: flow(to: remote, transport: source.transport))
        } else {
            if let via = try? request.topVia(), !via.rport.present {
                remote.port = via.port ?? TransportProtocol.udp.defaultPort
            }
            outputs.append(.network(.transmit(Datagram(local: source.local, remote: remote, bytes: bytes))))
        }
        outputs.append(
            .traced(
                Trace(
                    .sent, bytes, remote: remote, transport: source.transport, retransmission: retransmission,
                    server: server)))
    }

    // MARK: The machines

    enum ServerInput {
        case repeated
        case respondedProvisional([UInt8]), respondedAccepted([UInt8]), respondedRefused([UInt8])
        case acknowledged(SIPMessage, Source)
        case deadlineReached
    }

    mutating func driveServer(_ id: ServerTransactionID, _ input: ServerInput, at now: Instant) {
        guard let entry = servers[id] else { return }
        switch entry.machine {
        case .invite(var machine):
            let actions: [InviteServerTransaction.Action] =
                switch input {
                case .repeated: machine.handle(.repeated, at: now)
                case .respondedProvisional: machine.handle(.respondedProvisional, at: now)
                case .respondedAccepted: machine.handle(.respondedAccepted, at: now)
                case .respondedRefused: machine.handle(.respondedRefused, at: now)
                case .acknowledged: machine.handle(.acknowledged, at: now)
                case .deadlineReached: machine.handle(.deadlineReached, at: now)
                }
            servers[id]?.machine = .invite(machine)
            for action in actions {
                switch action {
                case .sendTrying: sendNew(id, trying(entry))
                case .send: sendNew(id, input.bytes)
                case .resend: resend(id)
                case .passAcknowledgement:
                    if case .acknowledged(let message, let source) = input {
                        outputs.append(.acknowledged(message, source))
                    }
                case .refusalAcknowledged: outputs.append(.refusalAcknowledged(id))
                case .terminate(let acknowledged): end(id, acknowledged: acknowledged)
                }
            }
        case .nonInvite(var machine):
            let actions: [NonInviteServerTransaction.Action] =
                switch input {
                case .repeated: machine.handle(.repeated, at: now)
                case .respondedProvisional: machine.handle(.respondedProvisional, at: now)
                case .respondedAccepted, .respondedRefused: machine.handle(.respondedFinal, at: now)
                case .acknowledged: []
                case .deadlineReached: machine.handle(.deadlineReached, at: now)
                }
            servers[id]?.machine = .nonInvite(machine)
            for action in actions {
                switch action {
                case .send: sendNew(id, input.bytes)
                case .resend: resend(id)
                case .terminate: end(id, acknowledged: true)
                }
            }
        }
        reschedule(server: id)
    }

    private func trying(_ entry: ServerEntry) -> [UInt8] {
        complete(ResponseDraft(100, to: entry.request), to: entry.request, entry.source, contact: nil)
    }
    private mutating func sendNew(_ id: ServerTransactionID, _ bytes: [UInt8]) {
        guard let entry = servers[id], !bytes.isEmpty else { return }
        let repetition = entry.response == bytes ? entry.copies + 1 : 0
        servers[id]?.response = bytes
        if repetition > 0 { servers[id]?.copies = repetition }
        emit(bytes, to: entry.request, entry.source, server: id, retransmission: repetition)
    }
    private mutating func resend(_ id: ServerTransactionID) {
        guard let entry = servers[id], !entry.response.isEmpty else { return }
        servers[id]?.copies += 1
        emit(entry.response, to: entry.request, entry.source, server: id, retransmission: entry.copies + 1)
    }
    private mutating func end(_ id: ServerTransactionID, acknowledged: Bool) {
        guard let entry = servers.removeValue(forKey: id) else { return }
        if let timer = entry.timer { wheel.cancel(timer) }
        serversByKey[entry.key] = nil
        if entry.machine.isUnanswered { unansweredServers -= 1 }
        outputs.append(.serverEnded(id, acknowledged: acknowledged))
    }
    private mutating func reschedule(server id: ServerTransactionID) {
        guard let entry = servers[id] else { return }
        if let timer = entry.timer { wheel.cancel(timer) }
        let timer = entry.machine.nextDeadline.map { wheel.schedule(.server(id), at: $0) }
        servers[id]?.timer = timer
    }

    /// §17.2.3. nil when there is no Via to match by.
    private static func key(of message: SIPMessage) -> ServerKey? {
        guard let via = try? message.topVia() else { return nil }
        if let branch = via.branch, branch.hasPrefix(Via.magicCookie) {
            return ServerKey(
                identity: "\(branch)|\(via.host.lowercased()):\(via.port.map { "\($0)" } ?? "")", method: message.method)
        }
        // A peer of RFC 2543: ACK and CANCEL carry the INVITE's own Request-URI, tags and sequence number.
        let from = (try? message.from())?.tag ?? ""
        let call = (try? message.callID()) ?? ""
        let sequence = (try? message.cSeq())?.number ?? 0
        let uri = (try? message.requestURI())?.description ?? ""
        return ServerKey(identity: "2543|\(uri)|\(from)|\(call)|\(sequence)|\(via.description)", method: message.method)
    }
}

extension SipStack.ServerInput {
    fileprivate var bytes: [UInt8] {
        switch self {
        case .respondedProvisional(let bytes), .respondedAccepted(let bytes), .respondedRefused(let bytes): bytes
        case .repeated, .acknowledged, .deadlineReached: []
        }
    }
}
