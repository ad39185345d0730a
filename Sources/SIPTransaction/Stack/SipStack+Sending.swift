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

    /// CANCEL on the heels of its INVITE: same branch, same way (§9.1). nil when there is nothing to cancel, or no
    /// provisional response has come yet.
    package mutating func cancel(
        _ id: ClientTransactionID, fields: FieldList = FieldList(), at now: Instant
    ) -> (ClientTransactionID, [StackOutput])? {
        guard let invite = clients.entry(id), invite.machine?.isRinging == true,
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

    /// One copy and no transaction. A name is not resolved for it: it goes to where the name was reached last, or not at
    /// all, and then nothing is returned. What is too long for a datagram goes over TCP only where a connection stands
    /// already.
    package mutating func sendOnce(
        _ request: RequestDraft, to target: Target, contact: ContactTemplate? = nil, at now: Instant
    ) -> [StackOutput] {
        sendOnce(request, to: target, contact: contact, branch: Branch(&entropy), at: now)
    }

    mutating func sendOnce(
        _ request: RequestDraft, to target: Target, contact: ContactTemplate?, branch: Branch, at now: Instant
    ) -> [StackOutput] {
        write(request, to: target, contact: contact, branch: branch)
        return take(at: now)
    }

    mutating func write(_ request: RequestDraft, to target: Target, contact: ContactTemplate?, branch: Branch) {
        guard let remote = address(of: target), remote.ip.canBeSentTo else { return }
        var transport = target.transport ?? .udp
        let local = localAddress(facing: remote)
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
    }

    /// Without asking the resolver.
    private func address(of target: Target) -> SocketAddress? {
        IPAddress(target.host).map { target.address($0) } ?? reached[target]
    }

    /// Nobody is left who wants the answer to this INVITE: it may ring until then, and not for ever.
    package mutating func limit(_ id: ClientTransactionID, until deadline: Instant, at now: Instant) {
        driveClient(id, .limited(until: deadline), at: now)
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
        var draft = keeping(names)
        draft.method = method
        let sequence = fields.first(.cSeq)?.split(separator: " ").first ?? "1"
        draft.fields.append(.cSeq, "\(sequence) \(method)")
        return draft
    }
}
