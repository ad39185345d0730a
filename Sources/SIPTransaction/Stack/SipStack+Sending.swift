package import SIPMessage
package import SansIO

/// Requests of ours (RFC 3261 §17.1, §18.1).
extension SipStack {
    /// Starts a client transaction for any request but ACK and CANCEL. The stack adds Via, Max-Forwards if there is none,
    /// and Contact from `contact`.
    package mutating func send(
        _ request: RequestDraft, to target: Target, contact: ContactTemplate? = nil, at now: Instant
    ) -> (ClientTransactionID, [StackOutput]) {
        let id = enter(ClientEntry(request: request, target: target, contact: contact, branch: newBranch()))
        begin(id, at: now)
        return (id, take())
    }

    /// CANCEL on the heels of its INVITE: same branch, same way (§9.1). nil when there is nothing to cancel.
    package mutating func cancel(
        _ id: ClientTransactionID, fields: FieldList = FieldList(), at now: Instant
    ) -> (ClientTransactionID, [StackOutput])? {
        guard let invite = clients[id], invite.isAwaitingFinal, let path = invite.path, let remote = invite.remote
        else {
            return nil
        }
        var draft = RequestDraft(method: .cancel, uri: invite.request.uri, fields: FieldList())
        for name in [FieldName.from, .to, .callID, .route] {
            for value in invite.request.fields.all(name) { draft.fields.append(name, value) }
        }
        draft.fields.append(.cSeq, "\(invite.sequence) CANCEL")
        for entry in fields.entries { draft.fields.append(entry.name, entry.value) }
        let cancel = enter(ClientEntry(request: draft, target: invite.target, contact: nil, branch: invite.branch))
        clients[cancel]?.remote = remote
        dispatch(cancel, on: path, remote: remote, at: now)
        return (cancel, take())
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
        var transport = target.transport ?? .udp
        let remote = target.address(ip)
        let (local, branch) = (localAddress(facing: remote), newBranch())
        var bytes = complete(request, branch: branch, contact: contact, local: local, transport: transport)
        if transport == .udp, bytes.count > configuration.limits.datagramRequest,
            let flow = flowsByRemote[FlowKey(transport: .tcp, remote: remote)], flows[flow]?.isOpen == true
        {
            transport = .tcp
            bytes = complete(request, branch: branch, contact: contact, local: local, transport: transport)
        }
        switch transport {
        case .udp: transmit(bytes, on: .datagram(local: local, remote: remote))
        case .tcp, .tls: write(bytes, to: flow(to: remote, transport: transport))
        }
        outputs.append(.traced(Trace(.sent, bytes, remote: remote, transport: transport)))
        return take()
    }

    /// Forgets a transaction without a word: its answers become stray.
    package mutating func abandon(_ id: ClientTransactionID) { remove(id) }

    package func request(of id: ClientTransactionID) -> RequestDraft? { clients[id]?.request }

    mutating func newBranch() -> String { Via.magicCookie + entropy.token(digits: 24) }

    /// The request as it goes out: our Via on top, with `rport` so that the answer finds back through a NAT (RFC 3581 §3).
    func complete(
        _ request: RequestDraft, branch: String, contact: ContactTemplate?, local: SocketAddress,
        transport: TransportProtocol
    ) -> [UInt8] {
        var complete = request
        complete.fields.prepend(
            .via, "SIP/2.0/\(transport.rawValue.uppercased()) \(local);rport;branch=\(branch)")
        if !complete.fields.has(.maxForwards) { complete.fields.append(.maxForwards, "70") }
        if let contact { complete.fields.append(.contact, contact.text(at: local, transport: transport)) }
        return complete.serialised()
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
}
