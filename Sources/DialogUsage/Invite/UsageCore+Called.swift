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
        if refusesInterval(message, transaction, at: now) { return }
        if let status = refusalOfCalls { return refuse(transaction, message, status, at: now) }
        let offer: SessionDescription?
        switch message.sessionBody {
        case .refused(let status): return refuseBody(transaction, message, status, at: now)
        case .described(let description): offer = description
        case .none: offer = nil
        }
        guard let dialog = Dialog(openedBy: message, localTag: entropy.token()),
            let from = try? message.from(), let to = try? message.to()
        else { return refuse(transaction, message, 400, at: now) }
        let id = callees.nextID()
        var details = newDetails(firstRSeq: UInt32(truncatingIfNeeded: entropy.next() % 0x3FFF_FFFF))
        details.inviteFromPeer = transaction
        details.request = message
        details.calledUser = (try? message.requestURI())?.sip?.user
        details.inviteSequence = (try? message.cSeq().number) ?? 0
        details.replaces = replaced
        let expires = (try? message.expires()).flatMap { $0 }.map { now + Duration.seconds(Int64($0)) }
        callees[id] = .init(usage: ServerInviteSession(timing: sessionTiming, expiresAt: expires), details: details)
        owners[transaction] = id.any
        // Requests of ours in this dialog carry the credentials of the account it was meant for.
        open(id.any, account: account(addressedBy: message), dialog: dialog, peer: from.uri.description, at: now)
        openLeg(id, message, offer)
        touch(id.any)
        var incoming = IncomingCall(
            request: message, from: from, to: to, offer: offer, replaces: replaced, source: source)
        if configuration.trustedProxies.contains(source.remote.ip) {
            incoming.assertedIdentities = message.addresses(in: .pAssertedIdentity)
        }
        report(.session(.server(id), .incoming(incoming)))
    }

    private mutating func openLeg(
        _ id: UsageID<ServerInviteSession>, _ message: SIPMessage, _ offer: SessionDescription?
    ) {
        guard let dialog = records[id.any]?.dialog else { return }
        var leg = Leg(negotiation: Negotiation(), timing: sessionTiming)
        if offer != nil { _ = leg.negotiation.handle(.described(.request)) }
        leg.remote = offer
        leg.note(message)
        _ = callees.update(id) { $0.details.legs.add(dialog, leg) }
    }

    /// 200 with the answer, or with our offer where the INVITE had none; without either where a reliable provisional
    /// response has said it already. It waits while such a one has no PRACK (RFC 3262 §5).
    package mutating func answer(
        _ id: UsageID<ServerInviteSession>, with description: SessionDescription, at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        let details = try offered(id, "answer")
        guard !details.delivery.holdsAnswer else {
            throw .notNow(command: "answer", state: "the answer waits for a PRACK")
        }
        _ = callees.update(id) { $0.details.answer = $0.details.preview ?? description }
        driveDelivery(id, .answerRequested, at: now)
        return settle(at: now)
    }

    package mutating func reject(
        _ id: UsageID<ServerInviteSession>, status: StatusCode, phrase: String? = nil,
        fields: FieldList = FieldList(), at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        _ = try offered(id, "reject")
        guard !status.isRedirection || status == 380 || fields.has(.contact) else {
            throw .notNow(command: "redirect a call", state: "there is nowhere to redirect it to")
        }
        drive(id, .rejected(status), extra: fields, phrase: phrase, at: now)
        return settle(at: now)
    }

    func offered(_ id: UsageID<ServerInviteSession>, _ command: String) throws(UsageError) -> SessionDetails {
        guard let entry = callees[id], records[id.any]?.endedAt == nil else { throw .ended("\(id)") }
        guard entry.usage.isOffered else {
            throw .notNow(command: command, state: "the call is not ringing any more")
        }
        return entry.details.value
    }

    mutating func cancelled(_ transaction: ServerTransactionID, by cancel: SIPMessage, at now: Instant) {
        guard let id = owners[transaction] else { return }
        if id.kind == .serverInviteSession, callees[any: id]?.details.inviteFromPeer == transaction {
            records[id]?.causes = cancel.reasons
            settleModificationsBeforeEnd(sessionID(id), at: now)
            drive(calleeID(id), .cancelled, at: now)
        } else if id.kind == .serverInviteSession || id.kind == .clientInviteSession {
            reinviteCancelled(transaction, of: sessionID(id), at: now)
        }
    }

    mutating func refusalAcknowledged(_ transaction: ServerTransactionID, at now: Instant) {
        guard let id = owners[transaction], id.kind == .serverInviteSession,
            callees[any: id]?.details.inviteFromPeer == transaction
        else { return }
        drive(calleeID(id), .refusalAcknowledged, at: now)
    }

    mutating func serverTransactionEnded(_ transaction: ServerTransactionID, acknowledged: Bool, at now: Instant) {
        ongoing.ended(transaction)
        guard let id = owners.removeValue(forKey: transaction) else { return }
        if id.kind == .clientInviteSession || id.kind == .serverInviteSession {
            offerUnanswered(transaction, of: sessionID(id), at: now)
        }
        guard id.kind == .serverInviteSession, callees[any: id]?.details.inviteFromPeer == transaction else { return }
        drive(calleeID(id), acknowledged ? .refusalAcknowledged : .refusalUnacknowledged, at: now)
    }

    mutating func drive(
        _ id: UsageID<ServerInviteSession>, _ input: ServerInviteSession.Input, extra: FieldList = FieldList(),
        phrase: String? = nil,
        at now: Instant
    ) {
        guard let actions = callees.update(id, { $0.usage.handle(input, at: now) }) else { return }
        for action in actions {
            switch action {
            case .ringAgain: ringAgain(id, at: now)
            case .accept:
                sendAcceptance(id, at: now)
                endReplaced(by: id, at: now)
            case .repeatAccept: repeatAcceptance(id, at: now)
            case .refuse(let status): sendRefusal(id, status, phrase, extra, at: now)
            case .bye: sendBye(id.any, at: now)
            case .reportConnected: report(.session(.server(id), .connected(leg(.server(id))?.remote)))
            case .reportClosing(let closing):
                report(.session(.server(id), .closing(closing, causes: causes(of: id.any))))
            case .ended(let outcome): finish(id.any, outcome, at: now)
            }
        }
        touch(id.any)
        if records[id.any] != nil { report(.changed(id.any)) }
    }

    private mutating func sendAcceptance(_ id: UsageID<ServerInviteSession>, at now: Instant) {
        guard let request = callees[id]?.details.request else { return }
        var response = ResponseDraft(200, to: request, toTag: localTag(of: id.any))
        copyRecordRoute(from: request, to: &response)
        features.announce(in: &response, to: .invite)
        response.fields.append(.server, configuration.userAgent)
        if let description = callees[id]?.details.answer { describe(description, in: &response, id) }
        if let dialog = records[id.any]?.dialog {
            answerTimer(request, in: &response, .server(id), in: dialog, at: now)
        }
        _ = callees.update(id) { entry in
            entry.details.acceptance = Boxed(response)
            entry.details.answer = nil
        }
        repeatAcceptance(id, at: now)
    }
    private mutating func repeatAcceptance(_ id: UsageID<ServerInviteSession>, at now: Instant) {
        guard let details = callees[id]?.details, let transaction = details.inviteFromPeer,
            let response = details.acceptance, let request = details.request
        else { return }
        enqueue(stack.respond(to: transaction, with: response.value, contact: localContact(for: request), at: now))
    }

    /// Puts our description into a response that is reliable: as the answer, or as our offer. Where the exchange is over
    /// already, nothing is said twice.
    mutating func describe(
        _ description: SessionDescription, in response: inout ResponseDraft, _ id: UsageID<ServerInviteSession>
    ) {
        guard let state = leg(.server(id))?.negotiation.state else { return }
        switch state {
        case .offeredByPeer: updateLeg(.server(id)) { _ = $0.negotiation.handle(.weAnswered) }
        case .nothing: updateLeg(.server(id)) { _ = $0.negotiation.handle(.weOffered) }
        case .agreed, .offeredByUs, .previewed: return
        }
        updateLeg(.server(id)) { $0.local = description }
        response.carry(description)
    }

    private mutating func sendRefusal(
        _ id: UsageID<ServerInviteSession>, _ status: StatusCode, _ phrase: String?, _ extra: FieldList, at now: Instant
    ) {
        settleModificationsBeforeEnd(.server(id), at: now)
        driveDelivery(id, .finalSent, at: now)
        guard let details = callees[id]?.details, let transaction = details.inviteFromPeer,
            let request = details.request
        else { return }
        coordinator.saySomething()
        var response = ResponseDraft(status, to: request, toTag: localTag(of: id.any), reason: phrase)
        for entry in extra.entries { response.fields.append(entry.name, entry.value) }
        // What was wrong with the description (§13.3.1.3, §20.43).
        if status == 488, !extra.has(.warning) {
            response.fields.append(.warning, "304 \(Self.warningAgent) \"no media in common\"")
        }
        respond(transaction, response, at: now)
    }

    // MARK: ACK from outside

    mutating func acknowledged(_ message: SIPMessage, at now: Instant) {
        guard let dialog = dialog(addressedBy: message), let id = usage(for: message, in: dialog),
            let sequence = try? message.cSeq().number
        else { return }
        records[id]?.lastHeard = now
        if id.kind == .serverInviteSession, callees[any: id]?.details.inviteSequence == sequence {
            acceptanceAcknowledged(calleeID(id), in: dialog, message, at: now)
        }
        guard records[id] != nil, id.kind == .serverInviteSession || id.kind == .clientInviteSession else { return }
        reinviteAcknowledged(sessionID(id), in: dialog, message, at: now)
    }

    /// Where our 2xx offered, the ACK answers; without an answer the session ends (§13.2.1).
    private mutating func acceptanceAcknowledged(
        _ id: UsageID<ServerInviteSession>, in dialog: DialogID, _ message: SIPMessage, at now: Instant
    ) {
        guard case .accepted = callees[id]?.usage.state, let leg = leg(.server(id), in: dialog) else { return }
        if let transaction = callees[id]?.details.inviteFromPeer { stack.forgetAnswer(to: transaction) }
        _ = callees.update(id) { $0.details.value.forgetAnswers() }
        guard case .offeredByUs(.nothing) = leg.negotiation.state else { return drive(id, .acknowledged, at: now) }
        let answer = message.sessionDescription
        guard let answer, answer.isAnswer(to: leg.local) else { return drive(id, .acknowledgedWithoutAnswer, at: now) }
        _ = negotiate(.server(id), in: dialog, .described(.acknowledgement))
        updateLeg(.server(id), in: dialog) { $0.remote = answer }
        drive(id, .acknowledged, at: now)
    }
}
