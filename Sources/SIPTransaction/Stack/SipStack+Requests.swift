import SIPMessage
import SansIO

/// Requests from outside (RFC 3261 §17.2.3, §18.2.1).
extension SipStack {
    /// What came in one datagram or, framed, on a connection.
    mutating func received(_ bytes: [UInt8], from source: Source, at now: Instant) {
        // Keep-alives (RFC 5626 §4.4.1) and STUN are not SIP.
        guard let first = bytes.first, first > 3 else { return }
        if first == 13 || first == 10, bytes.allSatisfy({ $0 == 13 || $0 == 10 || $0 == 0 }) { return }
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
        let core: CoreFields
        do {
            core = try message.checkedCoreFields()
        } catch {
            trace(message, bytes, from: source, server: nil)
            outputs.append(.malformed(error, source, bytes))
            if let status = error.suggestedStatus { refuse(message, with: status, source) }
            return
        }
        guard let key = ServerKey(message, core) else { return }
        if message.method == .ack { return acknowledge(message, bytes, core, key, from: source, at: now) }
        if let id = servers[key] {
            let copies = servers.change(id) { entry in
                entry.repetitions += 1
                return entry.repetitions
            }
            trace(message, bytes, from: source, server: id, retransmission: copies ?? 0)
            return driveServer(id, .repeated, at: now)
        }
        let limits = configuration.limits
        let isCancel = message.method == .cancel
        guard servers.answered < limits.answeredServerTransactions,
            isCancel || servers.unanswered < limits.unansweredServerTransactions
        else {
            trace(message, bytes, from: source, server: nil)
            return refuse(message, with: 503, source, retryAfter: limits.retryAfter)
        }
        let id = open(message, key, from: source, at: now)
        trace(message, bytes, from: source, server: id)
        if isCancel { return cancel(message, id, key, from: source, at: now) }
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
        let via = message.replyVia(from: source.remote) ?? ""
        let way = wayBack(of: message, from: source)
        servers.insert(id, ServerEntry(key: key, request: message, way: way, machine: machine, via: via))
        return id
    }

    private mutating func trace(
        _ message: SIPMessage, _ bytes: [UInt8], from source: Source, server: ServerTransactionID?,
        retransmission: Int = 0
    ) {
        outputs.append(
            .traced(
                Trace(
                    .received, bytes, message: message, remote: source.remote, transport: source.transport,
                    retransmission: retransmission, server: server)))
    }

    /// ACK to a refusal belongs to its transaction; any other goes up, and is never answered.
    private mutating func acknowledge(
        _ message: SIPMessage, _ bytes: [UInt8], _ core: CoreFields, _ key: ServerKey, from source: Source,
        at now: Instant
    ) {
        let id = servers[key.with(.invite)] ?? oldInvite(message, core, key)
        trace(message, bytes, from: source, server: id)
        guard let id else {
            outputs.append(.acknowledged(message, source))
            return
        }
        driveServer(id, .acknowledged, carrying: (message, source), at: now)
    }

    /// The INVITE of a peer of RFC 2543, which had no To tag; the ACK has that of our answer (§17.2.3).
    private mutating func oldInvite(
        _ message: SIPMessage, _ core: CoreFields, _ key: ServerKey
    ) -> ServerTransactionID? {
        guard key.isOld, let initial = ServerKey(message, core, ignoringToTag: true),
            let id = servers[initial.with(.invite)], let answered = servers.entry(id)?.answeredTo,
            let to = core.to, message.text(to.tag) == answered.tag
        else { return nil }
        return id
    }

    /// 200 if it matches a request, 481 if not (§9.2), with the tag of that request's answers. Only an INVITE without
    /// final answer is really cancelled. A CANCEL goes hop by hop like its request, so it comes from the same address; one
    /// from another is somebody else's, however much it knows (H-063).
    private mutating func cancel(
        _ message: SIPMessage, _ id: ServerTransactionID, _ key: ServerKey, from source: Source, at now: Instant
    ) {
        var matched: ServerTransactionID?
        for method in Self.cancellable where matched == nil { matched = servers[key.with(method)] }
        if let found = matched, servers.entry(found)?.way.source.remote.ip != source.remote.ip { matched = nil }
        let entry = matched.flatMap { servers.entry($0) }
        var draft = ResponseDraft(matched == nil ? 481 : 200, to: message, toTag: entropy.token())
        if let answered = entry?.answeredTo { draft.fields.set(.to, answered.field) }
        respond(to: id, draft, contact: nil, at: now)
        if let matched, case .invite? = entry?.machine, entry?.isUnanswered == true {
            outputs.append(.cancelled(matched, message))
        }
    }

    /// What a CANCEL may name: INVITE, and what a client should not cancel (RFC 6665 §4.6) but is answered for.
    private static let cancellable: [Method] = [
        .invite, .bye, .options, .register, .subscribe, .notify, .publish, .message, .refer, .prack, .update, .info,
    ]
}
