package import SDP
package import SIPMessage
import SIPTransaction
package import SansIO

/// INVITE from outside: from the wire to the machine and back (RFC 3261 §13.3).
extension UsageCore {
    mutating func invited(
        _ message: SIPMessage, _ transaction: ServerTransactionID, from source: Source, user: String?, at now: Instant
    ) {
        let replaced: SessionID?
        do throws(Refusal) {
            replaced = try self.replaced(by: message, user: user, at: now)
        } catch {
            return refuse(transaction, message, error.status, at: now)
        }
        if let status = refusalOfCalls { return refuse(transaction, message, status, at: now) }
        let offer = message.sessionDescription
        guard offer != nil || message.sessionBody == nil else { return refuse(transaction, message, 488, at: now) }
        guard let dialog = try? Dialog(answering: message, localTag: entropy.token()),
            let from = try? message.from(), let to = try? message.to(), dialog.remoteTarget.sip != nil
        else { return refuse(transaction, message, 400, at: now) }
        let id = callees.nextID()
        var details = SessionDetails()
        details.inviteFromPeer = transaction
        details.request = message
        details.inviteSequence = (try? message.cSeq().number) ?? 0
        details.remoteDescription = offer
        details.answerComesInACK = offer == nil
        details.replaces = replaced
        let timers = configuration.stack.timers
        callees[id] = .init(
            usage: ServerInviteSession(timing: .init(t1: timers.t1, t2: timers.t2)), details: details)
        owners[transaction] = id.any
        // Requests of ours in this dialog carry the credentials of the account it was meant for.
        open(id.any, account: account(addressedBy: message), dialog: dialog, peer: from.uri.description, at: now)
        report(
            .session(
                .server(id),
                .incoming(
                    IncomingCall(
                        request: message, from: from, to: to, offer: offer, replaces: replaced, source: source))))
    }

    /// 180 by default: the phone rings.
    package mutating func ring(
        _ id: UsageID<ServerInviteSession>, status: StatusCode = 180, at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        let details = try offered(id, "ring")
        if let transaction = details.inviteFromPeer, let request = details.request {
            var response = ResponseDraft(status, to: request, toTag: localTag(of: id.any))
            copyRecordRoute(from: request, to: &response)
            respond(transaction, response, contact: localContact(for: request), at: now)
            _ = callees.update(id) { $0.details.hasRung = true }
            report(.changed(id.any))
        }
        return settle(at: now)
    }

    /// 200 with the answer, or with our offer where the INVITE had none.
    package mutating func answer(
        _ id: UsageID<ServerInviteSession>, with description: SessionDescription, at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        _ = try offered(id, "answer")
        _ = callees.update(id) { $0.details.localDescription = description }
        drive(id, .answered, at: now)
        return settle(at: now)
    }

    package mutating func reject(
        _ id: UsageID<ServerInviteSession>, status: StatusCode, fields: FieldList = FieldList(), at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        _ = try offered(id, "reject")
        _ = callees.update(id) { $0.details.acceptance = nil }
        drive(id, .rejected(status), extra: fields, at: now)
        return settle(at: now)
    }

    private func offered(_ id: UsageID<ServerInviteSession>, _ command: String) throws(UsageError) -> SessionDetails {
        guard let entry = callees[id], records[id.any]?.endedAt == nil else { throw .ended("\(id)") }
        guard case .offered = entry.usage.state else {
            throw .notNow(command: command, state: "the call is not ringing any more")
        }
        return entry.details
    }

    mutating func cancelled(_ transaction: ServerTransactionID, at now: Instant) {
        guard let id = owners[transaction], id.kind == .serverInviteSession else { return }
        drive(calleeID(id), .cancelled, at: now)
    }

    mutating func refusalAcknowledged(_ transaction: ServerTransactionID, at now: Instant) {
        guard let id = owners[transaction], id.kind == .serverInviteSession else { return }
        drive(calleeID(id), .refusalAcknowledged, at: now)
    }

    mutating func serverTransactionEnded(_ transaction: ServerTransactionID, acknowledged: Bool, at now: Instant) {
        ongoing.ended(transaction)
        guard let id = owners.removeValue(forKey: transaction), id.kind == .serverInviteSession,
            callees[any: id]?.details.inviteFromPeer == transaction
        else { return }
        drive(calleeID(id), acknowledged ? .refusalAcknowledged : .refusalUnacknowledged, at: now)
    }

    mutating func drive(
        _ id: UsageID<ServerInviteSession>, _ input: ServerInviteSession.Input, extra: FieldList = FieldList(),
        at now: Instant
    ) {
        guard let actions = callees.update(id, { $0.usage.handle(input, at: now) }) else { return }
        for action in actions {
            switch action {
            case .accept:
                sendAcceptance(id, at: now)
                endReplaced(by: id, at: now)
            case .repeatAccept:
                if let transaction = callees[id]?.details.inviteFromPeer, let response = callees[id]?.details.acceptance
                {
                    enqueue(
                        stack.respond(
                            to: transaction, with: response, contact: acceptanceContact(id), at: now))
                }
            case .refuse(let status): sendRefusal(id, status, extra, at: now)
            case .bye: sendBye(id.any, at: now)
            case .reportConnected: report(.session(.server(id), .connected(callees[id]?.details.remoteDescription)))
            case .reportClosing(let closing): report(.session(.server(id), .closing(closing)))
            case .ended(let outcome): finish(id.any, outcome, at: now)
            }
        }
        touch(id.any)
        if records[id.any] != nil { report(.changed(id.any)) }
    }

    private func acceptanceContact(_ id: UsageID<ServerInviteSession>) -> ContactTemplate? {
        callees[id]?.details.request.map { localContact(for: $0) }
    }

    private mutating func sendAcceptance(_ id: UsageID<ServerInviteSession>, at now: Instant) {
        guard let details = callees[id]?.details, let transaction = details.inviteFromPeer,
            let request = details.request, let description = details.localDescription
        else { return }
        var response = ResponseDraft(200, to: request, toTag: localTag(of: id.any))
        copyRecordRoute(from: request, to: &response)
        features.announce(in: &response, to: .invite)
        response.fields.append(.contentType, "application/sdp")
        response.fields.append(.server, configuration.userAgent)
        response.body = description.serialised()
        _ = callees.update(id) { $0.details.acceptance = response }
        enqueue(stack.respond(to: transaction, with: response, contact: localContact(for: request), at: now))
    }

    private mutating func sendRefusal(
        _ id: UsageID<ServerInviteSession>, _ status: StatusCode, _ extra: FieldList, at now: Instant
    ) {
        guard let details = callees[id]?.details, let transaction = details.inviteFromPeer,
            let request = details.request
        else { return }
        coordinator.saySomething()
        var response = ResponseDraft(status, to: request, toTag: localTag(of: id.any))
        for entry in extra.entries { response.fields.append(entry.name, entry.value) }
        respond(transaction, response, at: now)
    }

    // MARK: ACK from outside

    mutating func acknowledged(_ message: SIPMessage, at now: Instant) {
        guard let dialog = dialog(addressedBy: message), let id = usage(for: message, in: dialog),
            let sequence = try? message.cSeq().number
        else { return }
        records[id]?.lastHeard = now
        let description = message.sessionDescription
        if id.kind == .serverInviteSession, callees[any: id]?.details.inviteSequence == sequence {
            if callees[any: id]?.details.answerComesInACK == true, let description {
                _ = callees.update(calleeID(id)) { $0.details.remoteDescription = description }
            }
            drive(calleeID(id), .acknowledged, at: now)
        }
        guard id.kind == .serverInviteSession || id.kind == .clientInviteSession else { return }
        reinviteAcknowledged(sessionID(id), description, at: now)
    }
}
