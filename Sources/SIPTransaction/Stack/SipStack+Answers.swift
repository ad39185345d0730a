import SIPMessage
import SansIO

/// Answers to requests of ours (RFC 3261 §17.1.3), and what the client machines want done.
extension SipStack {
    mutating func response(_ message: SIPMessage, _ bytes: [UInt8], from source: Source, at now: Instant) {
        let id = owner(of: message)
        outputs.append(
            .traced(
                Trace(
                    .received, bytes, message: message, remote: source.remote, transport: source.transport, client: id))
        )
        guard let id, let status = message.status else { return outputs.append(.stray(message, source)) }
        let input: ClientInput = status.isProvisional ? .provisional : status.isSuccess ? .accepted : .refused
        driveClient(id, input, message, at: now)
    }

    /// Whose answer it is: one Via, ours (§18.1.2), with the branch and the method of a transaction that we have.
    private func owner(of message: SIPMessage) -> ClientTransactionID? {
        guard let vias = try? message.viaViews(), vias.count == 1, vias[0].branch.isPresent else { return nil }
        let (via, method) = (vias[0], message.method)
        let key = ClientKey(branch: message.text(via.branch), isCancel: method == .cancel)
        guard let id = clientsByKey[key], let entry = clients[id], entry.request.method == method,
            let remote = entry.remote
        else { return nil }
        let local = localAddress(facing: remote)
        guard IPAddress(bytes: message.bytes[via.host.bounds]) == local.ip, via.port == local.port else { return nil }
        return id
    }

    enum ClientInput {
        case provisional, accepted, refused
        case transportFailed(TransactionFailure)
        case deadlineReached
    }

    mutating func driveClient(
        _ id: ClientTransactionID, _ input: ClientInput, _ message: SIPMessage? = nil, at now: Instant
    ) {
        switch clients[id]?.machine {
        case .invite(let machine): drive(id, machine, input, message, at: now)
        case .nonInvite(let machine): drive(id, machine, input, message, at: now)
        case nil:
            // No address or connection yet, and now there will be none.
            switch input {
            case .deadlineReached: tryNext(id, after: .timedOut, at: now)
            case .transportFailed(let failure): retreat(id, failure, at: now)
            case .provisional, .accepted, .refused: break
            }
        }
    }

    private mutating func drive(
        _ id: ClientTransactionID, _ machine: InviteClientTransaction, _ input: ClientInput, _ message: SIPMessage?,
        at now: Instant
    ) {
        var machine = machine
        let actions: [InviteClientTransaction.Action] =
            switch input {
            case .provisional: machine.handle(.provisional, at: now)
            case .accepted: machine.handle(.accepted, at: now)
            case .refused: machine.handle(.refused, at: now)
            case .transportFailed(let failure): machine.handle(.transportFailed(failure), at: now)
            case .deadlineReached: machine.handle(.deadlineReached, at: now)
            }
        keep(.invite(machine), of: id)
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

    private mutating func drive(
        _ id: ClientTransactionID, _ machine: NonInviteClientTransaction, _ input: ClientInput, _ message: SIPMessage?,
        at now: Instant
    ) {
        var machine = machine
        let actions: [NonInviteClientTransaction.Action] =
            switch input {
            case .provisional: machine.handle(.provisional, at: now)
            case .accepted, .refused: machine.handle(.final, at: now)
            case .transportFailed(let failure): machine.handle(.transportFailed(failure), at: now)
            case .deadlineReached: machine.handle(.deadlineReached, at: now)
            }
        keep(.nonInvite(machine), of: id)
        for action in actions {
            switch action {
            case .retransmit: retransmit(id)
            case .pass: if let message { outputs.append(.answered(id, message)) }
            case .fail(let failure): if fail(id, failure, at: now) { return }
            case .terminate: end(id)
            }
        }
        reschedule(client: id)
    }

    /// The only place where a client machine changes its state.
    private mutating func keep(_ machine: ClientEntry.Machine, of id: ClientTransactionID) {
        let wasAwaiting = clients[id]?.isAwaitingFinal == true
        clients[id]?.machine = machine
        if wasAwaiting, !machine.isAwaitingFinal { counts.clientsAwaitingFinal -= 1 }
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

    /// ACK to a refusal: part of the transaction, same branch and way (§17.1.1.3).
    private mutating func acknowledge(_ id: ClientTransactionID, _ response: SIPMessage) {
        guard let entry = clients[id], let path = entry.path, let remote = entry.remote else { return }
        var draft = RequestDraft(method: .ack, uri: entry.request.uri, fields: FieldList())
        for name in [FieldName.from, .callID, .route] {
            for value in entry.request.fields.all(name) { draft.fields.append(name, value) }
        }
        draft.fields.append(.to, response.value(.to) ?? entry.request.fields.first(.to) ?? "")
        draft.fields.append(.cSeq, "\(entry.sequence) ACK")
        let transport = transport(of: path)
        let bytes = complete(
            draft, branch: entry.branch, contact: nil, local: localAddress(facing: remote), transport: transport)
        transmit(bytes, on: path)
        outputs.append(.traced(Trace(.sent, bytes, remote: remote, transport: transport, client: id)))
    }
}
