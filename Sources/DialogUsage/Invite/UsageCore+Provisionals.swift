package import SDP
package import SIPMessage
import SIPTransaction
package import SansIO

/// Provisional responses of ours and of the peer, and the PRACKs for them (RFC 3261 §13.3.1.1, RFC 3262).
extension UsageCore {
    /// 180 by default: the phone rings. With a description the caller hears us before we answer.
    package mutating func ring(
        _ id: UsageID<ServerInviteSession>, status: StatusCode = 180, describing description: SessionDescription? = nil,
        at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        let details = try offered(id, "ring")
        guard !details.delivery.holdsAnswer else {
            throw .notNow(command: "ring", state: "the call has been answered")
        }
        let provisional = ProvisionalDelivery.Provisional(status: status, description: description)
        _ = callees.update(id) { entry in
            entry.details.ringing = .init(status: status)
            entry.details.hasRung = true
        }
        say(provisional, id, at: now)
        drive(id, .rang, at: now)
        return settle(at: now)
    }

    mutating func ringAgain(_ id: UsageID<ServerInviteSession>, at now: Instant) {
        guard let details = callees[id]?.details, !details.delivery.holdsAnswer else { return }
        say(details.ringing, id, at: now)
    }

    private mutating func say(
        _ provisional: ProvisionalDelivery.Provisional, _ id: UsageID<ServerInviteSession>, at now: Instant
    ) {
        guard let details = callees[id]?.details, let request = details.request, let leg = leg(.server(id)) else {
            return
        }
        let isRequired = request.names("100rel", in: .require)
        let isWanted = configuration.reliableProvisionals == .require || provisional.description != nil
        guard takesReliably(request), isRequired || isWanted else { return sayOnce(provisional, id, at: now) }
        // The first reliable one must offer where the INVITE did not (§5); what cannot, is not said.
        if provisional.description == nil, leg.negotiation.state == .nothing {
            if !isRequired { sayOnce(provisional, id, at: now) }
            return
        }
        driveDelivery(id, .said(provisional), at: now)
    }

    func takesReliably(_ request: SIPMessage) -> Bool {
        configuration.reliableProvisionals != .off
            && (request.names("100rel", in: .supported) || request.names("100rel", in: .require))
    }

    /// Without a repetition of our own. A description in it shows the answer that the 2xx will repeat; an offer it cannot
    /// carry (§13.2.1).
    private mutating func sayOnce(
        _ provisional: ProvisionalDelivery.Provisional, _ id: UsageID<ServerInviteSession>, at now: Instant
    ) {
        guard let transaction = callees[id]?.details.inviteFromPeer,
            var response = provisionalResponse(provisional.status, id)
        else { return }
        if let shown = callees[id]?.details.preview ?? provisional.description,
            case .offeredByPeer = leg(.server(id))?.negotiation.state
        {
            _ = callees.update(id) { $0.details.preview = shown }
            updateLeg(.server(id)) { $0.local = shown }
            response.carry(shown)
        }
        respondProvisionally(transaction, response, id, at: now)
    }

    private func provisionalResponse(_ status: StatusCode, _ id: UsageID<ServerInviteSession>) -> ResponseDraft? {
        guard let request = callees[id]?.details.request else { return nil }
        var response = ResponseDraft(status, to: request, toTag: localTag(of: id.any))
        copyRecordRoute(from: request, to: &response)
        // The peer may want to change what it hears before the call is answered (RFC 3311 §5.1).
        response.fields.append(.allow, features.allow)
        response.fields.append(.supported, features.supported)
        return response
    }
    private mutating func respondProvisionally(
        _ transaction: ServerTransactionID, _ response: ResponseDraft, _ id: UsageID<ServerInviteSession>,
        at now: Instant
    ) {
        guard let request = callees[id]?.details.request else { return }
        respond(transaction, response, contact: localContact(for: request), at: now)
    }

    mutating func driveDelivery(
        _ id: UsageID<ServerInviteSession>, _ input: ProvisionalDelivery.Input, at now: Instant
    ) {
        guard let actions = callees.update(id, { $0.details.delivery.handle(input, at: now) }) else { return }
        perform(actions, id, at: now)
        touch(id.any)
    }
    private mutating func perform(
        _ actions: [ProvisionalDelivery.Action], _ id: UsageID<ServerInviteSession>, at now: Instant
    ) {
        for action in actions {
            switch action {
            case .transmit(let provisional, let number): sayReliably(provisional, number, id, at: now)
            case .repeatLast:
                guard let details = callees[id]?.details, let transaction = details.inviteFromPeer,
                    let response = details.provisional?.value
                else { break }
                respondProvisionally(transaction, response, id, at: now)
            case .answer: drive(id, .answered, at: now)
            case .refuse:
                settleModificationsBeforeEnd(.server(id), at: now)
                drive(id, .unheard, at: now)
            case .confirm, .mismatch: break  // Looked at by `pracked`.
            }
        }
    }

    private mutating func sayReliably(
        _ provisional: ProvisionalDelivery.Provisional, _ number: UInt32, _ id: UsageID<ServerInviteSession>,
        at now: Instant
    ) {
        guard let transaction = callees[id]?.details.inviteFromPeer,
            var response = provisionalResponse(provisional.status, id)
        else { return }
        response.fields.append(.require, "100rel")
        response.fields.append(.rseq, "\(number)")
        if let description = provisional.description { describe(description, in: &response, id) }
        _ = callees.update(id) { $0.details.provisional = Boxed(response) }
        respondProvisionally(transaction, response, id, at: now)
    }

    // MARK: PRACK

    /// The peer acknowledges a response of ours (§3), and may answer the offer in it or make one of its own (§5).
    mutating func pracked(
        _ id: UsageID<ServerInviteSession>, in dialog: DialogID, _ message: SIPMessage,
        _ transaction: ServerTransactionID, at now: Instant
    ) {
        guard let rack = message.rack else { return refuse(transaction, message, 400, at: now) }
        guard rack.sequence == callees[id]?.details.inviteSequence,
            let actions = callees.update(id, { $0.details.delivery.handle(.acknowledged(rack.number), at: now) }),
            actions.contains(.confirm)
        else { return refuse(transaction, message, 481, at: now) }
        let session = SessionID.server(id)
        switch message.sessionBody {
        case .refused(let status): refuseBody(transaction, message, status, at: now)
        case .none: acknowledgedSilently(id, in: dialog, message, transaction, at: now)
        case .described(let description):
            acknowledged(session, in: dialog, message, transaction, describing: description, at: now)
        }
        perform(actions, id, at: now)
        touch(id.any)
    }

    private mutating func acknowledgedSilently(
        _ id: UsageID<ServerInviteSession>, in dialog: DialogID, _ message: SIPMessage,
        _ transaction: ServerTransactionID, at now: Instant
    ) {
        let actions = negotiate(.server(id), in: dialog, .silent(.prack))
        guard !actions.contains(.missing) || isEndingSession(id.any) else {
            refuse(transaction, message, 400, at: now)
            return drive(id, .rejected(500), at: now)
        }
        respond(transaction, ResponseDraft(200, to: message), at: now)
    }

    private mutating func acknowledged(
        _ id: SessionID, in dialog: DialogID, _ message: SIPMessage, _ transaction: ServerTransactionID,
        describing description: SessionDescription, at now: Instant
    ) {
        let leg = leg(id, in: dialog)
        if case .offeredByUs(.nothing) = leg?.negotiation.state {
            guard description.isAnswer(to: leg?.local) || isEndingSession(id.any) else {
                refuse(transaction, message, 488, at: now)
                if case .server(let callee) = id { drive(callee, .rejected(488), at: now) }
                return
            }
            _ = negotiate(id, in: dialog, .described(.prack))
            updateLeg(id, in: dialog) { $0.remote = description }
            respond(transaction, ResponseDraft(200, to: message), at: now)
            if !isEndingSession(id.any) { report(.session(id, .answered(description))) }
        } else if isEndingSession(id.any) {
            var response = ResponseDraft(200, to: message)
            response.carry(SessionDescription.rejectingAnswer(to: description))
            respond(transaction, response, at: now)
        } else {
            receiveOffer(id, in: dialog, description, by: .prack, message, transaction, at: now)
        }
    }

    /// A reliable provisional response with an offer: its answer goes into the PRACK. A call that is being ended refuses
    /// every stream.
    mutating func offerInProvisional(
        _ id: SessionID, in dialog: DialogID, _ offer: SessionDescription, _ rack: RAck, at now: Instant
    ) {
        guard !isEndingSession(id.any) else {
            _ = negotiate(id, in: dialog, .weAnswered)
            return sendPrack(id, in: dialog, rack, answer: .rejectingAnswer(to: offer), at: now)
        }
        updateLeg(id, in: dialog) { leg in
            leg.pending = .provisional(rack)
            leg.pendingSince = now
            leg.peerOffer = offer
            _ = leg.modification.handle(.received(.provisional), at: now)
        }
        report(.session(id, .offered(offer)))
    }

    mutating func sendPrack(
        _ id: SessionID, in dialog: DialogID, _ rack: RAck, answer: SessionDescription?, at now: Instant
    ) {
        request(.prack, for: id.any, .prack, in: dialog, at: now) { draft in
            draft.fields.append(.rack, "\(rack)")
            if let answer { draft.carry(answer) }
        }
    }
}
