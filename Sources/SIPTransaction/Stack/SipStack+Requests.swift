import SIPMessage
import SansIO

/// Requests from outside (RFC 3261 §17.2, §18.2).
extension SipStack {
    /// What came in one datagram or, framed, on a connection.
    mutating func received(_ bytes: [UInt8], from source: Source, at now: Instant) {
        // Keep-alives (RFC 5626 §4.4.1) and STUN are not SIP.
        guard let first = bytes.first, first > 3 else { return }
        if source.transport == .udp, first <= 13, bytes.allSatisfy({ $0 == 13 || $0 == 10 || $0 == 0 }) { return }
        do {
            let message = try SIPMessage(parsing: bytes, from: source.transport == .udp ? .datagram : .stream)
            if message.isResponse {
                response(message, bytes, from: source, at: now)
            } else {
                request(message, bytes, from: source, at: now)
            }
        } catch {
            outputs.append(.malformed(error, source, bytes))
        }
    }

    private mutating func request(_ message: SIPMessage, _ bytes: [UInt8], from source: Source, at now: Instant) {
        guard let key = ServerKey(message) else {
            // Without a Via nobody can be answered; what is wrong is for the log.
            refuseUnsound(message, bytes, from: source, answering: false)
            return
        }
        if key.method == .ack { return acknowledge(message, bytes, key, from: source, at: now) }
        if let id = serversByKey[key] {
            servers[id]?.repetitions += 1
            trace(message, bytes, from: source, server: id, retransmission: servers[id]?.repetitions ?? 0)
            return driveServer(id, .repeated, at: now)
        }
        if refuseUnsound(message, bytes, from: source, answering: true) { return }
        if key.method == .cancel { return cancel(message, bytes, key, from: source, at: now) }
        let limits = configuration.limits
        guard counts.unansweredServers < limits.unansweredServerTransactions, servers.count < limits.serverTransactions
        else {
            trace(message, bytes, from: source, server: nil)
            return respondOnce(503, to: message, source, retryAfter: limits.retryAfter)
        }
        let id = open(message, key, from: source, at: now)
        trace(message, bytes, from: source, server: id)
        outputs.append(.received(id, message, source))
        reschedule(server: id)
    }

    /// True if the request is not fit to be processed; then it has been told, and answered where that is possible.
    @discardableResult
    private mutating func refuseUnsound(
        _ message: SIPMessage, _ bytes: [UInt8], from source: Source, answering: Bool
    ) -> Bool {
        do {
            try message.checkedForProcessing()
            return false
        } catch {
            trace(message, bytes, from: source, server: nil)
            outputs.append(.malformed(error, source, bytes))
            if answering, let status = error.suggestedStatus { respondOnce(status, to: message, source) }
            return true
        }
    }

    private mutating func open(
        _ message: SIPMessage, _ key: ServerKey, from source: Source, at now: Instant
    ) -> ServerTransactionID {
        last.server += 1
        let id = ServerTransactionID(serial: last.server)
        let (timers, isReliable) = (configuration.timers, source.transport.isReliable)
        let machine: ServerEntry.Machine =
            key.method == .invite
            ? .invite(InviteServerTransaction(timers: timers, isReliable: isReliable, at: now))
            : .nonInvite(NonInviteServerTransaction(timers: timers, isReliable: isReliable, at: now))
        servers[id] = ServerEntry(key: key, request: message, source: source, machine: machine)
        serversByKey[key] = id
        counts.unansweredServers += 1
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

    /// ACK to a refusal belongs to its transaction; any other goes up, and is never answered (§17.2.3).
    private mutating func acknowledge(
        _ message: SIPMessage, _ bytes: [UInt8], _ key: ServerKey, from source: Source, at now: Instant
    ) {
        let id = serversByKey[key.ofInvite]
        trace(message, bytes, from: source, server: id)
        if let id {
            driveServer(id, .acknowledged(message, source), at: now)
        } else {
            outputs.append(.acknowledged(message, source))
        }
    }

    /// 200 if it matches an INVITE, 481 if not (§9.2). Only an INVITE without final answer is really cancelled.
    private mutating func cancel(
        _ message: SIPMessage, _ bytes: [UInt8], _ key: ServerKey, from source: Source, at now: Instant
    ) {
        let invite = serversByKey[key.ofInvite]
        let id = open(message, key, from: source, at: now)
        trace(message, bytes, from: source, server: id)
        respondInside(id, ResponseDraft(invite == nil ? 481 : 200, to: message, toTag: entropy.token()), at: now)
        if let invite, servers[invite]?.machine.isUnanswered == true { outputs.append(.cancelled(invite, message)) }
    }
}
