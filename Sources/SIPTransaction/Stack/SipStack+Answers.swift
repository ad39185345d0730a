import SIPMessage
import SansIO

/// Responses to our requests (RFC 3261 §17.1.3, §18.1.2), and what the client machines ask for.
extension SipStack {
    /// Malformed ones are dropped. So are those that are not for us: whose sent-by we did not send, that have a Via below
    /// ours (§8.1.3.3), or that come from an address the request never went to (H-047).
    mutating func response(_ message: SIPMessage, _ bytes: [UInt8], from source: Source, at now: Instant) {
        let core: CoreFields
        do {
            core = try message.checkedCoreFields()
        } catch {
            traceAnswer(message, bytes, source, of: nil)
            outputs.append(.malformed(error, source, bytes))
            return
        }
        let method = message.method
        var id: ClientTransactionID?
        if let via = core.via(0), via.branch.isPresent, let branch = Branch(message.bytes[via.branch.bounds]) {
            id = clients[ClientKey(branch: branch, isCancel: method == .cancel)]
        }
        let known = id.flatMap { id in
            clients.read(id) { entry in
                (
                    isMatch: entry.request.method == method, local: entry.local, remote: entry.remote,
                    name: entry.isNamed ? entry.target : nil
                )
            }
        }
        guard isOurs(message, core, source.transport, sentBy: known?.local) else {
            return traceAnswer(message, bytes, source, of: nil)
        }
        guard let id, let known, known.isMatch, let status = message.status else {
            traceAnswer(message, bytes, source, of: nil)
            outputs.append(.stray(message, source))
            return
        }
        guard let remote = known.remote, remote.ip == source.remote.ip else {
            return traceAnswer(message, bytes, source, of: nil)
        }
        traceAnswer(message, bytes, source, of: id)
        if let name = known.name { reached.learn(name, remote, limit: configuration.limits.reachedAddresses) }
        let input: ClientMachine.Input = status.isProvisional ? .provisional : status.isSuccess ? .accepted : .refused
        driveClient(id, input, message, at: now)
    }

    private mutating func traceAnswer(
        _ message: SIPMessage, _ bytes: [UInt8], _ source: Source, of id: ClientTransactionID?
    ) {
        outputs.append(
            .traced(
                Trace(
                    .received, bytes, message: message, remote: source.remote, transport: source.transport, client: id))
        )
    }

    /// Whether the one Via names an address that we put there: that of the request it answers, or any of ours.
    private func isOurs(
        _ message: SIPMessage, _ core: CoreFields, _ transport: TransportProtocol, sentBy: SocketAddress?
    ) -> Bool {
        guard core.viaCount == 1, let via = core.via(0), let ip = IPAddress(message.text(via.host)) else {
            return false
        }
        let local = sentBy ?? configuration.local.facing(ip)
        return local == SocketAddress(ip, port: via.port == 0 ? transport.defaultPort : via.port)
    }

    mutating func driveClient(
        _ id: ClientTransactionID, _ input: ClientMachine.Input, _ message: SIPMessage? = nil, at now: Instant
    ) {
        guard let actions = clients.change(id, { $0.machine?.handle(input, at: now) }) else { return }
        guard let actions else { return waitEnded(id, input, at: now) }
        if input == .accepted || input == .refused {
            clients.change(id) { $0.forgetRequest(isRefused: input == .refused) }
        }
        for action in actions {
            switch action {
            case .retransmit: retransmit(id)
            case .pass: if let message { outputs.append(.answered(id, message)) }
            case .acknowledge: if let message { acknowledge(id, message) }
            case .fail(let failure): if fail(id, failure, at: now) { return }
            case .terminate: end(id)
            }
        }
        reschedule(client: id)
    }

    /// No address or connection yet, and now there will be none.
    private mutating func waitEnded(_ id: ClientTransactionID, _ input: ClientMachine.Input, at now: Instant) {
        switch input {
        case .deadlineReached:
            let wasResolving = clients.read(id) { $0.resolution != nil } == true
            tryNext(id, after: wasResolving ? .noAddress : .timedOut, at: now)
        case .transportFailed(let failure): retreat(id, failure, at: now)
        case .provisional, .accepted, .refused, .limited: break
        }
    }

    /// True when another way is tried instead.
    private mutating func fail(_ id: ClientTransactionID, _ failure: TransactionFailure, at now: Instant) -> Bool {
        if failure != .timedOut, clients.read(id, { !$0.candidates.isEmpty || $0.isEnlarged }) == true {
            retreat(id, failure, at: now)
            return true
        }
        outputs.append(.failed(id, failure))
        return false
    }

    mutating func end(_ id: ClientTransactionID) {
        outputs.append(.ended(id))
        remove(id)
    }

    mutating func remove(_ id: ClientTransactionID) {
        leaveFlow(id)
        guard let entry = clients.remove(id) else { return }
        if let alarm = entry.alarm { wheel.cancel(alarm.token) }
        if let resolution = entry.resolution { resolutions[resolution] = nil }
    }

    mutating func reschedule(client id: ClientTransactionID) {
        guard case .some(.some(let machine)) = clients.read(id, { $0.machine }) else { return }
        setAlarm(of: id, at: machine.nextDeadline)
    }

    /// An ICMP error names one datagram of ours, and fails only its transaction (`shutdown.md` R7). One that names a
    /// response fails nothing: its transaction stays to absorb repetitions (RFC 6026 §7.1).
    mutating func unreachable(_ remote: SocketAddress, _ payload: [UInt8], at now: Instant) {
        guard let branch = Self.branch(in: payload) else { return }
        let key = ClientKey(branch: branch, isCancel: payload.starts(with: "CANCEL ".utf8))
        guard let id = clients[key], clients.read(id, { $0.remote == remote }) == true else { return }
        driveClient(id, .transportFailed(.unreachable), at: now)
    }

    /// The first branch parameter in what the kernel kept of a datagram, which may be cut short anywhere.
    private static func branch(in payload: [UInt8]) -> Branch? {
        let word = Array("branch=".utf8)
        let length = Via.magicCookie.utf8.count + 24
        guard payload.count >= word.count + length, !payload.starts(with: "SIP/2.0 ".utf8) else { return nil }
        for start in 0...(payload.count - word.count - length) where payload[start...].starts(with: word) {
            return Branch(payload[(start + word.count)..<(start + word.count + length)])
        }
        return nil
    }
}
