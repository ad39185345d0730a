import SIPMessage
import SansIO

/// Requests of ours on the wire (RFC 3261 §18.1.1).
extension SipStack {
    /// Sends the request for the first time on this way, and starts its machine. `bytes`: when it has been put into words
    /// already.
    mutating func dispatch(
        _ id: ClientTransactionID, on path: Path, remote: SocketAddress, bytes ready: [UInt8]? = nil, at now: Instant
    ) {
        guard let entry = clients.entry(id) else { return }
        let transport = transport(of: path)
        let local = localAddress(facing: remote)
        let bytes =
            ready
            ?? complete(entry.request, branch: entry.branch, contact: entry.contact, local: local, transport: transport)
        let (timers, isReliable) = (configuration.timers, transport.isReliable)
        clients.change(id) { entry in
            entry.bytes = bytes
            entry.path = path
            entry.local = local
            entry.copies = 1
            entry.machine =
                entry.request.method == .invite
                ? .invite(InviteClientTransaction(timers: timers, isReliable: isReliable, at: now))
                : .nonInvite(NonInviteClientTransaction(timers: timers, isReliable: isReliable, at: now))
        }
        if let flow = path.flow { flows.change(flow) { _ = $0.clients.insert(id) } }
        transmit(bytes, on: path)
        outputs.append(.traced(Trace(.sent, bytes, remote: remote, transport: transport, client: id)))
        reschedule(client: id)
    }

    /// The same octets to the same place (§17.1.1.2).
    mutating func retransmit(_ id: ClientTransactionID) {
        guard let entry = clients.entry(id), let path = entry.path, let remote = entry.remote else { return }
        clients.change(id) { $0.copies += 1 }
        transmit(entry.bytes, on: path)
        outputs.append(
            .traced(
                Trace(
                    .sent, entry.bytes, remote: remote, transport: transport(of: path), retransmission: entry.copies,
                    client: id)))
    }

    /// ACK to a refusal: part of the transaction, with the INVITE's own Via, to where the INVITE went (§17.1.1.3). It
    /// repeats the INVITE's credentials (§22.1).
    mutating func acknowledge(_ id: ClientTransactionID, _ response: SIPMessage) {
        guard let entry = clients.entry(id), let path = entry.path, let remote = entry.remote else { return }
        var draft = entry.request.following(
            .ack, copying: [.from, .callID, .route, .authorization, .proxyAuthorization])
        draft.fields.append(.to, response.value(.to) ?? entry.request.fields.first(.to) ?? "")
        let transport = transport(of: path)
        let bytes = complete(
            draft, branch: entry.branch, contact: nil, local: localAddress(facing: remote), transport: transport)
        transmit(bytes, on: path)
        outputs.append(.traced(Trace(.sent, bytes, remote: remote, transport: transport, client: id)))
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

    /// With what only the way decides: Via with rport (RFC 3581 §3), Contact, Max-Forwards.
    func complete(
        _ request: RequestDraft, branch: Branch, contact: ContactTemplate?, local: SocketAddress,
        transport: TransportProtocol
    ) -> [UInt8] {
        var complete = request
        complete.fields.append(.via, "SIP/2.0/\(transport.name) \(local);rport;branch=\(branch.text)")
        if !complete.fields.has(.maxForwards) { complete.fields.append(.maxForwards, "70") }
        if let contact {
            complete.fields.append(.contact, contact.address(at: local, transport: transport).description)
        }
        return complete.serialised()
    }
}

extension TransportProtocol {
    /// As Via spells it.
    var name: String {
        switch self {
        case .udp: "UDP"
        case .tcp: "TCP"
        case .tls: "TLS"
        }
    }
}
