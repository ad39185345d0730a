package import SIPMessage
package import SansIO

/// Requests of ours (RFC 3261 §17.1, §18.1).
extension SipStack {
    /// Starts a client transaction for any request but ACK and CANCEL.
    package mutating func send(
        _ request: RequestDraft, to target: Target, contact: ContactTemplate? = nil, at now: Instant
    ) -> (ClientTransactionID, [StackOutput]) {
        lastClient += 1
        let id = ClientTransactionID(serial: lastClient)
        clients[id] = ClientEntry(
            request: request, target: target, contact: contact, branch: newBranch(), startedAt: now)
        begin(id, at: now)
        return (id, take())
    }

    /// CANCEL on the heels of its INVITE: same branch, same way (§9.1). nil when there is nothing to cancel.
    package mutating func cancel(
        _ id: ClientTransactionID, fields: FieldList = FieldList(), at now: Instant
    ) -> (ClientTransactionID, [StackOutput])? {
        guard let invite = clients[id], invite.isAwaitingFinal, let path = invite.path, let remote = invite.remote else {
            return nil
        }
        var draft = RequestDraft(method: .cancel, uri: invite.request.uri, fields: FieldList())
        for name in [FieldName.from, .to, .callID, .route] {
            for value in invite.request.fields.all(name) { draft.fields.append(name, value) }
        }
        let sequence = invite.request.fields.first(.cSeq)?.split(separator: " ").first ?? "1"
        draft.fields.append(.cSeq, "\(sequence) CANCEL")
        for entry in fields.entries { draft.fields.append(entry.name, entry.value) }
        lastClient += 1
        let cancelID = ClientTransactionID(serial: lastClient)
        clients[cancelID] = ClientEntry(
            request: draft, target: invite.target, contact: nil, branch: invite.branch, startedAt: now)
        clients[cancelID]?.remote = remote
        dispatch(cancelID, on: path, remote: remote, at: now)
        return (cancelID, take())
    }

    /// ACK for a 2xx: no transaction, a branch of its own (§13.2.2.4).
    package mutating func sendAck(_ ack: RequestDraft, to target: Target, at now: Instant) -> [StackOutput] {
        sendOnce(ack, to: target, at: now)
    }

    /// One copy and no transaction. A name that would have to be resolved first is not waited for.
    package mutating func sendOnce(
        _ request: RequestDraft, to target: Target, contact: ContactTemplate? = nil, at now: Instant
    ) -> [StackOutput] {
        guard let ip = IPAddress(target.host) else { return [] }
        let transport = target.transport ?? .udp
        let remote = SocketAddress(ip, port: target.port ?? transport.defaultPort)
        let branch = newBranch()
        let local = localAddress(facing: remote)
        let bytes = complete(request, branch: branch, contact: contact, local: local, transport: transport)
        switch transport {
        case .udp:
            if bytes.count > configuration.limits.datagramRequest {
                let key = FlowKey(transport: .tcp, remote: remote)
                if let flow = flowsByRemote[key], flows[flow]?.isOpen == true {
                    let again = complete(request, branch: branch, contact: contact, local: local, transport: .tcp)
                    write(again, to: flow)
                    outputs.append(.traced(Trace(.sent, again, remote: remote, transport: .tcp)))
                    return take()
                }
            }
            outputs.append(.network(.transmit(Datagram(local: local, remote: remote, bytes: bytes))))
        case .tcp, .tls:
            write(bytes, to: flow(to: remote, transport: transport))
        }
        outputs.append(.traced(Trace(.sent, bytes, remote: remote, transport: transport)))
        return take()
    }

    /// Forgets a transaction without a word: its answers become stray.
    package mutating func abandon(_ id: ClientTransactionID) { remove(id) }

    package func request(of id: ClientTransactionID) -> RequestDraft? { clients[id]?.request }

    private mutating func newBranch() -> String { Via.magicCookie + entropy.token(digits: 24) }

    // MARK: Finding the way

    private mutating func begin(_ id: ClientTransactionID, at now: Instant) {
        guard let entry = clients[id] else { return }
        let transport = entry.target.transport ?? .udp
        if let ip = IPAddress(entry.target.host) {
            clients[id]?.candidates = [SocketAddress(ip, port: entry.target.port ?? transport.defaultPort)]
            tryNext(id, after: .noAddress, at: now)
        } else {
            lastResolution += 1
            let resolution = ResolutionID(serial: lastResolution)
            resolutions[resolution] = id
            outputs.append(.network(.resolve(resolution, host: entry.target.host)))
            let timer = wheel.schedule(.client(id), at: now + configuration.timers.timeout)
            clients[id]?.timer = timer
        }
    }

    mutating func resolved(_ resolution: ResolutionID, _ addresses: [IPAddress], at now: Instant) {
        guard let id = resolutions.removeValue(forKey: resolution), let entry = clients[id] else { return }
        let transport = entry.target.transport ?? .udp
        let port = entry.target.port ?? transport.defaultPort
        clients[id]?.candidates = addresses.map { SocketAddress($0, port: port) }
        tryNext(id, after: .noAddress, at: now)
    }

    /// The next address that has not been tried, with a branch of its own (RFC 3263 §4.3); none: it has failed.
    private mutating func tryNext(_ id: ClientTransactionID, after failure: TransactionFailure, at now: Instant) {
        guard var entry = clients[id] else { return }
        guard !entry.candidates.isEmpty else {
            outputs.append(.failed(id, failure))
            outputs.append(.ended(id))
            return remove(id)
        }
        let remote = entry.candidates.removeFirst()
        if entry.path != nil {
            clientsByKey[ClientKey(branch: entry.branch, isCancel: false)] = nil
            entry.branch = newBranch()
            entry.machine = nil
        }
        entry.remote = remote
        entry.isEnlarged = false
        clients[id] = entry
        choose(id, remote: remote, at: now)
    }

    private mutating func choose(_ id: ClientTransactionID, remote: SocketAddress, at now: Instant) {
        guard let entry = clients[id] else { return }
        let local = localAddress(facing: remote)
        switch entry.target.transport ?? .udp {
        case .udp:
            let size = complete(
                entry.request, branch: entry.branch, contact: entry.contact, local: local, transport: .udp
            ).count
            if size > configuration.limits.datagramRequest, !entry.mustUseUDP {
                clients[id]?.isEnlarged = true
                connect(id, remote: remote, transport: .tcp, at: now)
            } else {
                dispatch(id, on: .datagram(local: local, remote: remote), remote: remote, at: now)
            }
        case .tcp: connect(id, remote: remote, transport: .tcp, at: now)
        case .tls: connect(id, remote: remote, transport: .tls, at: now)
        }
    }

    private mutating func connect(
        _ id: ClientTransactionID, remote: SocketAddress, transport: TransportProtocol, at now: Instant
    ) {
        let flow = flow(to: remote, transport: transport)
        if flows[flow]?.isOpen == true { return dispatch(id, on: .flow(flow), remote: remote, at: now) }
        clients[id]?.path = .flow(flow)
        flows[flow]?.clients.append(id)
        if clients[id]?.timer == nil {
            let timer = wheel.schedule(.client(id), at: now + configuration.timers.timeout)
            clients[id]?.timer = timer
        }
    }

    // MARK: On the wire

    mutating func dispatch(_ id: ClientTransactionID, on path: Path, remote: SocketAddress, at now: Instant) {
        guard var entry = clients[id] else { return }
        let transport = transport(of: path)
        let local = localAddress(facing: remote)
        entry.bytes = complete(
            entry.request, branch: entry.branch, contact: entry.contact, local: local, transport: transport)
        entry.path = path
        entry.copies = 1
        entry.machine =
            entry.request.method == .invite
            ? .invite(InviteClientTransaction(timers: configuration.timers, isReliable: transport.isReliable, at: now))
            : .nonInvite(
                NonInviteClientTransaction(timers: configuration.timers, isReliable: transport.isReliable, at: now))
        clients[id] = entry
        clientsByKey[ClientKey(branch: entry.branch, isCancel: entry.request.method == .cancel)] = id
        transmit(entry.bytes, on: path)
        outputs.append(.traced(Trace(.sent, entry.bytes, remote: remote, transport: transport, client: id)))
        reschedule(client: id)
    }

    func transport(of path: Path) -> TransportProtocol {
        switch path {
        case .datagram: .udp
        case .flow(let id): flows[id]?.key.transport ?? .tcp
        }
    }

    mutating func transmit(_ bytes: [UInt8], on path: Path) {
        switch path {
        case .datagram(let local, let remote):
            outputs.append(.network(.transmit(Datagram(local: local, remote: remote, bytes: bytes))))
        case .flow(let id): write(bytes, to: id)
        }
    }

    private func complete(
        _ request: RequestDraft, branch: String, contact: ContactTemplate?, local: SocketAddress,
        transport: TransportProtocol
    ) -> [UInt8] {
        var complete = request
        var via = Via(transport: transport.rawValue.uppercased(), host: "\(local.ip)", port: local.port)
        via.rport = (true, nil)
        via.branch = branch
        complete.fields.prepend(.via, via.description)
        if complete.fields.first(.maxForwards) == nil { complete.fields.append(.maxForwards, "70") }
        if let contact {
            complete.fields.append(.contact, contact.address(at: local, transport: transport).description)
        }
        return complete.serialised()
    }

    // MARK: Answers

    mutating func response(_ message: SIPMessage, _ bytes: [UInt8], from source: Source, at now: Instant) {
        let id: ClientTransactionID? =
            if let vias = try? message.vias(), vias.count == 1, let branch = vias[0].branch {
                clientsByKey[ClientKey(branch: branch, isCancel: message.method == .cancel)]
            } else { nil }
        outputs.append(
            .traced(
                Trace(.received, bytes, message: message, remote: source.remote, transport: source.transport, client: id)))
        guard let id, let entry = clients[id], entry.request.method == message.method, let status = message.status else {
            outputs.append(.stray(message, source))
            return
        }
        if status.isProvisional {
            driveClient(id, .provisional, message, at: now)
        } else if status.isSuccess {
            driveClient(id, .accepted, message, at: now)
        } else {
            driveClient(id, .refused, message, at: now)
        }
    }

    enum ClientInput {
        case provisional, accepted, refused
        case transportFailed(TransactionFailure)
        case deadlineReached
    }

    mutating func driveClient(
        _ id: ClientTransactionID, _ input: ClientInput, _ message: SIPMessage? = nil, at now: Instant
    ) {
        guard let entry = clients[id] else { return }
        switch entry.machine {
        case nil:
            // No address or connection yet, and now there will be none.
            switch input {
            case .deadlineReached: tryNext(id, after: .timedOut, at: now)
            case .transportFailed(let failure): retreat(id, failure, at: now)
            case .provisional, .accepted, .refused: break
            }
        case .invite(var machine):
            let actions: [InviteClientTransaction.Action] =
                switch input {
                case .provisional: machine.handle(.provisional, at: now)
                case .accepted: machine.handle(.accepted, at: now)
                case .refused: machine.handle(.refused, at: now)
                case .transportFailed(let failure): machine.handle(.transportFailed(failure), at: now)
                case .deadlineReached: machine.handle(.deadlineReached, at: now)
                }
            clients[id]?.machine = .invite(machine)
            for action in actions {
                switch action {
                case .retransmit: retransmit(id)
                case .pass: if let message { outputs.append(.answered(id, message)) }
                case .acknowledge: if let message { acknowledge(id, message) }
                case .fail(let failure): if fail(id, failure, at: now) { return }
                case .terminate: end(id)
                }
            }
        case .nonInvite(var machine):
            let actions: [NonInviteClientTransaction.Action] =
                switch input {
                case .provisional: machine.handle(.provisional, at: now)
                case .accepted, .refused: machine.handle(.final, at: now)
                case .transportFailed(let failure): machine.handle(.transportFailed(failure), at: now)
                case .deadlineReached: machine.handle(.deadlineReached, at: now)
                }
            clients[id]?.machine = .nonInvite(machine)
            for action in actions {
                switch action {
                case .retransmit: retransmit(id)
                case .pass: if let message { outputs.append(.answered(id, message)) }
                case .fail(let failure): if fail(id, failure, at: now) { return }
                case .terminate: end(id)
                }
            }
        }
        reschedule(client: id)
    }

    private mutating func retransmit(_ id: ClientTransactionID) {
        guard let entry = clients[id], let path = entry.path, let remote = entry.remote else { return }
        clients[id]?.copies += 1
        transmit(entry.bytes, on: path)
        outputs.append(
            .traced(
                Trace(
                    .sent, entry.bytes, remote: remote, transport: transport(of: path), retransmission: entry.copies,
                    client: id)))
    }

    /// True when another address is tried instead.
    private mutating func fail(_ id: ClientTransactionID, _ failure: TransactionFailure, at now: Instant) -> Bool {
        if failure != .timedOut, let entry = clients[id], !entry.candidates.isEmpty || entry.isEnlarged {
            retreat(id, failure, at: now)
            return true
        }
        outputs.append(.failed(id, failure))
        return false
    }
    /// Back to UDP where TCP was taken for the size alone (§18.1.1), else on to the next address.
    private mutating func retreat(_ id: ClientTransactionID, _ failure: TransactionFailure, at now: Instant) {
        if let entry = clients[id], entry.isEnlarged, let remote = entry.remote {
            clients[id]?.mustUseUDP = true
            clients[id]?.candidates.insert(remote, at: 0)
        }
        tryNext(id, after: failure, at: now)
    }

    private mutating func end(_ id: ClientTransactionID) {
        outputs.append(.ended(id))
        remove(id)
    }
    private mutating func remove(_ id: ClientTransactionID) {
        guard let entry = clients.removeValue(forKey: id) else { return }
        if let timer = entry.timer { wheel.cancel(timer) }
        let key = ClientKey(branch: entry.branch, isCancel: entry.request.method == .cancel)
        if clientsByKey[key] == id { clientsByKey[key] = nil }
        if entry.machine == nil { resolutions = resolutions.filter { $0.value != id } }
    }

    private mutating func reschedule(client id: ClientTransactionID) {
        guard let entry = clients[id], let machine = entry.machine else { return }
        if let timer = entry.timer { wheel.cancel(timer) }
        let timer = machine.nextDeadline.map { wheel.schedule(.client(id), at: $0) }
        clients[id]?.timer = timer
    }

    /// ACK to a refusal: part of the transaction (§17.1.1.3).
    private mutating func acknowledge(_ id: ClientTransactionID, _ response: SIPMessage) {
        guard let entry = clients[id], let path = entry.path, let remote = entry.remote else { return }
        var draft = RequestDraft(method: .ack, uri: entry.request.uri, fields: FieldList())
        for name in [FieldName.from, .callID, .route] {
            for value in entry.request.fields.all(name) { draft.fields.append(name, value) }
        }
        draft.fields.append(.to, response.value(.to) ?? entry.request.fields.first(.to) ?? "")
        let sequence = entry.request.fields.first(.cSeq)?.split(separator: " ").first ?? "1"
        draft.fields.append(.cSeq, "\(sequence) ACK")
        let transport = transport(of: path)
        let bytes = complete(
            draft, branch: entry.branch, contact: nil, local: localAddress(facing: remote), transport: transport)
        transmit(bytes, on: path)
        outputs.append(.traced(Trace(.sent, bytes, remote: remote, transport: transport, client: id)))
    }

    // MARK: Bad news from the network

    /// An ICMP error names one datagram of ours, and fails only its transaction (`shutdown.md` R7).
    mutating func unreachable(_ remote: SocketAddress, _ payload: [UInt8], at now: Instant) {
        guard let branch = Self.branch(in: payload) else { return }
        for isCancel in [false, true] {
            guard let id = clientsByKey[ClientKey(branch: branch, isCancel: isCancel)], clients[id]?.remote == remote else {
                continue
            }
            driveClient(id, .transportFailed(.unreachable), at: now)
        }
    }

    /// The first branch parameter in what the kernel kept of a datagram, which may be cut short anywhere.
    private static func branch(in payload: [UInt8]) -> String? {
        let word = Array("branch=".utf8)
        guard payload.count > word.count, !payload.starts(with: Array("SIP/2.0 ".utf8)) else { return nil }
        for start in 0...(payload.count - word.count) where payload[start..<(start + word.count)].elementsEqual(word) {
            let rest = payload[(start + word.count)...]
            guard let end = rest.firstIndex(where: { $0 == 13 || $0 == 59 || $0 == 44 || $0 == 32 }) else { return nil }
            return String(decoding: rest[..<end], as: UTF8.self)
        }
        return nil
    }
}
