package import SIPMessage
package import SansIO

/// What the user of the stack sends (RFC 3261 §17.1, §18.1).
extension SipStack {
    /// Starts a client transaction for any request but ACK and CANCEL. The topmost Via, Max-Forwards and the Contact of
    /// `contact` are added when it is known which way the request goes.
    package mutating func send(
        _ request: RequestDraft, to target: Target, contact: ContactTemplate? = nil, at now: Instant
    ) -> (ClientTransactionID, [StackOutput]) {
        let id = newClient()
        clients.insert(id, ClientEntry(request: request, target: target, contact: contact, branch: Branch(&entropy)))
        begin(id, at: now)
        return (id, take(at: now))
    }

    /// CANCEL on the heels of its INVITE: same branch, same way (§9.1), to be sent once a provisional response has come.
    /// nil when there is nothing to cancel.
    package mutating func cancel(
        _ id: ClientTransactionID, fields: FieldList = FieldList(), at now: Instant
    ) -> (ClientTransactionID, [StackOutput])? {
        guard let invite = clients.entry(id), invite.machine?.isAwaitingFinal == true, invite.request.method == .invite,
            let path = invite.path, let remote = invite.remote
        else { return nil }
        var draft = invite.request.following(.cancel, copying: [.from, .to, .callID, .route])
        for entry in fields.entries { draft.fields.append(entry.name, entry.value) }
        let cancelID = newClient()
        var entry = ClientEntry(request: draft, target: invite.target, contact: nil, branch: invite.branch)
        entry.remote = remote
        clients.insert(cancelID, entry)
        dispatch(cancelID, on: path, remote: remote, at: now)
        return (cancelID, take(at: now))
    }

    /// ACK for a 2xx: no transaction, a branch of its own (§13.2.2.4). Called again for each 2xx that is repeated.
    package mutating func sendAck(
        _ ack: RequestDraft, to target: Target, as id: AcknowledgementID? = nil, at now: Instant
    ) -> [StackOutput] {
        sendOnce(ack, to: target, branch: id?.branch, at: now)
    }
    package mutating func newAcknowledgement() -> AcknowledgementID { AcknowledgementID(branch: Branch(&entropy)) }

    /// One copy and no transaction. A name that would have to be resolved first is not waited for, and what is too long
    /// for a datagram goes over TCP only where a connection stands already.
    package mutating func sendOnce(
        _ request: RequestDraft, to target: Target, contact: ContactTemplate? = nil, at now: Instant
    ) -> [StackOutput] {
        sendOnce(request, to: target, contact: contact, branch: nil, at: now)
    }

    private mutating func sendOnce(
        _ request: RequestDraft, to target: Target, contact: ContactTemplate? = nil, branch: Branch?, at now: Instant
    ) -> [StackOutput] {
        guard let ip = IPAddress(target.host), ip.canBeSentTo else { return [] }
        var transport = target.transport ?? .udp
        let remote = SocketAddress(ip, port: target.port ?? transport.defaultPort)
        let local = localAddress(facing: remote)
        let branch = branch ?? Branch(&entropy)
        var bytes = complete(request, branch: branch, contact: contact, local: local, transport: transport)
        var path = Path.datagram(local: local, remote: remote)
        if transport.isReliable {
            path = .flow(flow(to: remote, transport: transport))
        } else if bytes.count > configuration.limits.datagramRequest,
            let known = flows[FlowKey(transport: .tcp, remote: remote)], flows[known]?.isOpen == true
        {
            transport = .tcp
            bytes = complete(request, branch: branch, contact: contact, local: local, transport: transport)
            path = .flow(known)
        }
        transmit(bytes, on: path)
        outputs.append(.traced(Trace(.sent, bytes, remote: remote, transport: transport)))
        return take(at: now)
    }

    /// Forgets a transaction without a word: its answers become stray.
    package mutating func abandon(_ id: ClientTransactionID) { remove(id) }

    package func request(of id: ClientTransactionID) -> RequestDraft? { clients.peek(id)?.request }

    private mutating func newClient() -> ClientTransactionID {
        lastClient += 1
        return ClientTransactionID(serial: lastClient)
    }
}

extension RequestDraft {
    /// A request that belongs to this one: the same Request-URI and sequence number, another method, some of the fields.
    func following(_ method: Method, copying names: [FieldName]) -> RequestDraft {
        var draft = RequestDraft(method: method, uri: uri)
        for entry in fields.entries where names.contains(entry.name) { draft.fields.append(entry.name, entry.value) }
        let sequence = fields.first(.cSeq)?.split(separator: " ").first ?? "1"
        draft.fields.append(.cSeq, "\(sequence) \(method)")
        return draft
    }
}
