package import SDP
package import SIPMessage
import SIPTransaction
package import SansIO

/// What the peer asks of us in a session: re-INVITE and UPDATE (RFC 3261 §14.2, RFC 3311 §5.2).
extension UsageCore {
    mutating func reinvited(
        _ id: SessionID, in dialog: DialogID, _ message: SIPMessage, _ transaction: ServerTransactionID,
        at now: Instant
    ) {
        guard leg(id, in: dialog) != nil else { return refuse(transaction, message, 481, at: now) }
        guard isEstablished(id) else {
            if isEndingSession(id.any) { return refuse(transaction, message, 481, at: now) }
            // Our own INVITE is unanswered: 491; the peer's is: 500 (§14.2).
            if case .client = id, isEarly(id) { return refuse(transaction, message, 491, at: now) }
            return refuseForNow(transaction, message, at: now)
        }
        if refusesInterval(message, transaction, at: now) { return }
        switch message.sessionBody {
        case .refused(let status): refuseBody(transaction, message, status, at: now)
        case .none: receiveOffer(id, in: dialog, nil, by: .reinvite, message, transaction, at: now)
        case .described(let offer):
            receiveOffer(id, in: dialog, offer, by: .reinvite, message, transaction, at: now)
        }
    }

    mutating func updated(
        _ id: SessionID, in dialog: DialogID, _ message: SIPMessage, _ transaction: ServerTransactionID,
        at now: Instant
    ) {
        guard let leg = leg(id, in: dialog), !isEndingSession(id.any) else {
            return refuse(transaction, message, 481, at: now)
        }
        // Whatever the second one carries (§5.2).
        if case .received(.update, _) = leg.modification.state { return refuseForNow(transaction, message, at: now) }
        if refusesInterval(message, transaction, at: now) { return }
        switch message.sessionBody {
        case .refused(let status): refuseBody(transaction, message, status, at: now)
        case .described(let offer): receiveOffer(id, in: dialog, offer, by: .update, message, transaction, at: now)
        case .none:
            // Target and session timer are refreshed, and nothing else.
            acceptUpdate(id, in: dialog, message, transaction, answer: nil, at: now)
        }
    }

    /// Takes an offer on, or refuses it because another one is under way, either way.
    mutating func receiveOffer(
        _ id: SessionID, in dialog: DialogID, _ offer: SessionDescription?, by source: SessionModification.Source,
        _ message: SIPMessage, _ transaction: ServerTransactionID, at now: Instant
    ) {
        guard var leg = leg(id, in: dialog)?.value else { return refuse(transaction, message, 481, at: now) }
        var refusal: StatusCode?
        if offer != nil {
            let carrier: Negotiation.Carrier = source == .prack ? .prack : .request
            for case .refuse(let status) in leg.negotiation.handle(.described(carrier)) { refusal = status }
        }
        if refusal == nil {
            for case .refuse(let status) in leg.modification.handle(.received(source), at: now) { refusal = status }
        }
        if refusal == 500 { return refuseForNow(transaction, message, at: now) }
        if let refusal { return refuse(transaction, message, refusal, at: now) }
        leg.pending = .request(transaction, message)
        leg.pendingSince = now
        leg.peerOffer = offer
        leg.note(message)
        updateLeg(id, in: dialog) { $0 = leg }
        touch(id.any)
        report(.session(id, .offered(offer)))
    }

    // MARK: The application's answer

    package mutating func answerOffer(
        _ id: SessionID, with description: SessionDescription, at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        let (dialog, pending) = try pendingOffer(id, "answer the offer")
        updateLeg(id, in: dialog) { leg in
            _ = leg.negotiation.handle(leg.peerOffer == nil ? .weOffered : .weAnswered)
            leg.local = description
            if let offer = leg.peerOffer { leg.remote = offer }
            leg.peerOffer = nil
            leg.pending = nil
        }
        switch pending {
        case .request(let transaction, let request) where request.method == .invite:
            acceptReinvite(id, in: dialog, request, transaction, description, at: now)
        case .request(let transaction, let request) where request.method == .update:
            acceptUpdate(id, in: dialog, request, transaction, answer: description, at: now)
        case .request(let transaction, let request):
            var response = ResponseDraft(200, to: request)
            response.carry(description)
            respond(transaction, response, at: now)
        case .provisional(let rack): sendPrack(id, in: dialog, rack, answer: description, at: now)
        case .acceptance: updateSession(id) { $0.answer = description }
        }
        modify(id, in: dialog, .responded, at: now)
        if case .acceptance = pending, case .client(let caller) = id { drive(caller, .offerAnswered, at: now) }
        return settle(at: now)
    }

    package mutating func rejectOffer(
        _ id: SessionID, status: StatusCode, at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        let (dialog, pending) = try pendingOffer(id, "reject the offer")
        switch pending {
        case .request(let transaction, let request):
            dropOffer(id, in: dialog, at: now)
            refuse(transaction, request, status, at: now)
        case .provisional, .acceptance:
            // Neither can be refused, only answered with nothing; the call then has no use (RFC 6337 §2.2).
            beginEnd(id.any, at: now)
        }
        return settle(at: now)
    }

    private func pendingOffer(_ id: SessionID, _ command: String) throws(UsageError) -> (DialogID, PendingOffer) {
        guard sessionDetails(id) != nil, records[id.any]?.endedAt == nil else { throw .ended("\(id)") }
        guard let (dialog, leg) = legWithPendingOffer(id), let pending = leg.pending else {
            throw .notNow(command: command, state: "there is none")
        }
        return (dialog, pending)
    }

    /// The peer's offer is off; the session is as before.
    private mutating func dropOffer(_ id: SessionID, in dialog: DialogID, at now: Instant) {
        updateLeg(id, in: dialog) { leg in
            if leg.peerOffer != nil { _ = leg.negotiation.handle(.withdrawn) }
            leg.peerOffer = nil
            leg.pending = nil
        }
        modify(id, in: dialog, .dropped, at: now)
    }

    // MARK: Responses

    /// 200 to a re-INVITE. Only now does its Contact count (RFC 6141 §4).
    private mutating func acceptReinvite(
        _ id: SessionID, in dialog: DialogID, _ request: SIPMessage, _ transaction: ServerTransactionID,
        _ description: SessionDescription, at now: Instant
    ) {
        _ = dialogs.update(dialog) { $0.refreshTarget(from: request) }
        var response = ResponseDraft(200, to: request)
        features.announce(in: &response, to: .invite)
        response.fields.append(.server, configuration.userAgent)
        response.carry(description)
        answerTimer(request, in: &response, id, in: dialog, at: now)
        let acceptance = ReinviteAcceptance(request: request, response: response, transaction: transaction)
        updateLeg(id, in: dialog) { $0.acceptance = Boxed(acceptance) }
        repeatAnswer(id, in: dialog, at: now)
    }
    mutating func repeatAnswer(_ id: SessionID, in dialog: DialogID, at now: Instant) {
        guard let acceptance = leg(id, in: dialog)?.acceptance else { return }
        let contact = localContact(for: acceptance.request)
        enqueue(stack.respond(to: acceptance.transaction, with: acceptance.response, contact: contact, at: now))
    }

    private mutating func acceptUpdate(
        _ id: SessionID, in dialog: DialogID, _ request: SIPMessage, _ transaction: ServerTransactionID,
        answer: SessionDescription?, at now: Instant
    ) {
        _ = dialogs.update(dialog) { $0.refreshTarget(from: request) }
        updateLeg(id, in: dialog) { $0.note(request) }
        var response = ResponseDraft(200, to: request)
        if let answer { response.carry(answer) }
        answerTimer(request, in: &response, id, in: dialog, at: now)
        respond(transaction, response, contact: localContact(for: request), at: now)
    }

    mutating func reinviteAcknowledged(
        _ id: SessionID, in dialog: DialogID, _ message: SIPMessage, at now: Instant
    ) {
        guard let leg = leg(id, in: dialog), case .answered = leg.modification.state,
            (try? message.cSeq().number) == (try? leg.acceptance?.request.cSeq().number)
        else { return }
        if let transaction = leg.acceptance?.transaction { stack.forgetAnswer(to: transaction) }
        updateLeg(id, in: dialog) { $0.acceptance = nil }
        modify(id, in: dialog, .acknowledged, at: now)
        takeAnswer(ofACK: message, id, in: dialog, at: now)
    }

    /// The ACK answers where our 2xx offered; without an answer, or with what is none, the session ends (§13.2.1).
    private mutating func takeAnswer(ofACK message: SIPMessage, _ id: SessionID, in dialog: DialogID, at now: Instant) {
        let description = message.sessionDescription
        let actions = negotiate(
            id, in: dialog, description == nil ? .silent(.acknowledgement) : .described(.acknowledgement))
        switch actions.first {
        case .takeAnswer:
            guard let description, description.isAnswer(to: leg(id, in: dialog)?.local) else {
                return beginEnd(id.any, at: now)
            }
            updateLeg(id, in: dialog) { $0.remote = description }
            report(.session(id, .answered(description)))
        case .missing: beginEnd(id.any, at: now)
        case .takeOffer, .refuse, nil: break
        }
    }

    // MARK: What ends it

    /// The leg whose pending offer came in this request, and the request.
    private func offer(in transaction: ServerTransactionID, of id: SessionID) -> (DialogID, SIPMessage)? {
        guard let legs = sessionDetails(id)?.legs else { return nil }
        for dialog in legs.dialogs {
            if case .request(transaction, let request)? = legs[dialog]?.pending { return (dialog, request) }
        }
        return nil
    }

    /// CANCEL for a re-INVITE that nobody has answered: 487, and the session stays as it was (§9.2, §14.1).
    mutating func reinviteCancelled(_ transaction: ServerTransactionID, of id: SessionID, at now: Instant) {
        guard let (dialog, request) = offer(in: transaction, of: id) else { return }
        dropOffer(id, in: dialog, at: now)
        refuse(transaction, request, 487, at: now)
        report(.session(id, .offerCancelled))
    }

    /// The application never answered an UPDATE or PRACK, and its transaction is over: so is the offer.
    mutating func offerUnanswered(_ transaction: ServerTransactionID, of id: SessionID, at now: Instant) {
        guard let (dialog, _) = offer(in: transaction, of: id) else { return }
        dropOffer(id, in: dialog, at: now)
        report(.session(id, .offerCancelled))
    }

    /// The end comes first: 487 to a re-INVITE or UPDATE, 200 to a PRACK, and PRACK for a response with an offer, each of
    /// them with every stream refused (W9, W11).
    mutating func refusePending(_ id: SessionID, in dialog: DialogID, at now: Instant) {
        guard let leg = leg(id, in: dialog), let pending = leg.pending else { return }
        let nothing = leg.peerOffer.map { SessionDescription.rejectingAnswer(to: $0) }
        switch pending {
        case .request(let transaction, let request) where request.method == .prack:
            var response = ResponseDraft(200, to: request)
            if let nothing { response.carry(nothing) }
            respond(transaction, response, at: now)
        case .request(let transaction, let request):
            coordinator.saySomething()
            refuse(transaction, request, 487, at: now)
        case .provisional(let rack): sendPrack(id, in: dialog, rack, answer: nothing, at: now)
        case .acceptance: return  // The ACK that comes with the BYE refuses it.
        }
        updateLeg(id, in: dialog) { leg in
            if leg.peerOffer != nil { _ = leg.negotiation.handle(.withdrawn) }
            leg.peerOffer = nil
            leg.pending = nil
        }
    }
}
