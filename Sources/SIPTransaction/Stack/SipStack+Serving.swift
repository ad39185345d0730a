import SIPMessage
import SansIO

/// What the server machines want done.
extension SipStack {
    enum ServerInput {
        case repeated
        case respondedProvisional([UInt8]), respondedAccepted([UInt8]), respondedRefused([UInt8])
        case acknowledged(SIPMessage, Source)
        case deadlineReached

        /// The response that came with it.
        var bytes: [UInt8] {
            switch self {
            case .respondedProvisional(let bytes), .respondedAccepted(let bytes), .respondedRefused(let bytes): bytes
            case .repeated, .acknowledged, .deadlineReached: []
            }
        }
    }

    mutating func driveServer(_ id: ServerTransactionID, _ input: ServerInput, at now: Instant) {
        switch servers[id]?.machine {
        case .invite(let machine): drive(id, machine, input, at: now)
        case .nonInvite(let machine): drive(id, machine, input, at: now)
        case nil: return
        }
        reschedule(server: id)
    }

    private mutating func drive(
        _ id: ServerTransactionID, _ machine: InviteServerTransaction, _ input: ServerInput, at now: Instant
    ) {
        var machine = machine
        let actions: [InviteServerTransaction.Action] =
            switch input {
            case .repeated: machine.handle(.repeated, at: now)
            case .respondedProvisional: machine.handle(.respondedProvisional, at: now)
            case .respondedAccepted: machine.handle(.respondedAccepted, at: now)
            case .respondedRefused: machine.handle(.respondedRefused, at: now)
            case .acknowledged: machine.handle(.acknowledged, at: now)
            case .deadlineReached: machine.handle(.deadlineReached, at: now)
            }
        keep(.invite(machine), of: id)
        for action in actions {
            switch action {
            case .sendTrying: sendTrying(id)
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
    }

    private mutating func drive(
        _ id: ServerTransactionID, _ machine: NonInviteServerTransaction, _ input: ServerInput, at now: Instant
    ) {
        var machine = machine
        let actions: [NonInviteServerTransaction.Action] =
            switch input {
            case .repeated: machine.handle(.repeated, at: now)
            case .respondedProvisional: machine.handle(.respondedProvisional, at: now)
            case .respondedAccepted, .respondedRefused: machine.handle(.respondedFinal, at: now)
            case .acknowledged: []
            case .deadlineReached: machine.handle(.deadlineReached, at: now)
            }
        keep(.nonInvite(machine), of: id)
        for action in actions {
            switch action {
            case .send: sendNew(id, input.bytes)
            case .resend: resend(id)
            case .terminate: end(id, acknowledged: true)
            }
        }
    }

    /// The only place where a server machine changes its state.
    private mutating func keep(_ machine: ServerEntry.Machine, of id: ServerTransactionID) {
        guard let index = servers.index(forKey: id) else { return }
        note(servers.values[index].machine, by: -1)
        servers.values[index].machine = machine
        note(machine, by: 1)
    }
    private mutating func note(_ machine: ServerEntry.Machine, by step: Int) {
        if machine.isUnanswered { counts.unansweredServers += step }
        if machine.awaitsAcknowledgement { counts.serversAwaitingAcknowledgement += step }
    }

    private mutating func sendTrying(_ id: ServerTransactionID) {
        guard let entry = servers[id] else { return }
        sendNew(id, complete(ResponseDraft(100, to: entry.request), to: entry.request, entry.source, contact: nil))
    }

    /// A 2xx that the usage gives again is a repetition, whatever else came in between.
    private mutating func sendNew(_ id: ServerTransactionID, _ bytes: [UInt8]) {
        guard let entry = servers[id], !bytes.isEmpty else { return }
        let repetition = entry.response == bytes ? entry.copies + 1 : 0
        servers[id]?.response = bytes
        servers[id]?.copies = repetition
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
        note(entry.machine, by: -1)
        outputs.append(.serverEnded(id, acknowledged: acknowledged))
    }

    mutating func reschedule(server id: ServerTransactionID) {
        guard let index = servers.index(forKey: id) else { return }
        if let timer = servers.values[index].timer { wheel.cancel(timer) }
        servers.values[index].timer = servers.values[index].machine.nextDeadline.map {
            wheel.schedule(.server(id), at: $0)
        }
    }
}
