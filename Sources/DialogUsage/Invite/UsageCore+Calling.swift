package import SDP
package import SIPMessage
import SIPTransaction
package import SansIO

/// INVITE of ours: from the machine to the wire and back (RFC 3261 §13.2).
extension UsageCore {
    /// Calls `peer`. With no offer the peer makes one, and `connected` brings it.
    package mutating func invite(
        _ accountID: AccountID, to peer: AnyURI, offer: SessionDescription?, fields: FieldList = FieldList(),
        at now: Instant
    ) throws(UsageError) -> (UsageID<ClientInviteSession>, [UsageOutput]) {
        let account = try gate(accountID)
        try limit(callers.count, .clientInviteSession)
        let id = callers.nextID()
        var details = SessionDetails()
        details.localDescription = offer
        callers[id] = .init(
            usage: ClientInviteSession(patience: configuration.stack.timers.t1 * 64), details: details)
        open(id.any, account: accountID, dialog: series(from: account, to: peer), peer: peer.description, at: now)
        request(.invite, for: id.any, .invite, contact: contact(of: accountID), at: now) { draft in
            for entry in fields.entries { draft.fields.append(entry.name, entry.value) }
            if let offer { draft.carry(offer) }
        }
        report(.changed(id.any))
        return (id, settle(at: now))
    }

    mutating func noteInvite(_ transaction: ClientTransactionID, _ draft: RequestDraft, for id: AnyUsageID) {
        let sequence = draft.sequence
        _ = callers.update(callerID(id)) { entry in
            entry.details.invite = transaction
            entry.details.inviteSequence = sequence
        }
    }

    mutating func drive(_ id: UsageID<ClientInviteSession>, _ input: ClientInviteSession.Input, at now: Instant) {
        guard let actions = callers.update(id, { $0.usage.handle(input, at: now) }) else { return }
        for action in actions {
            switch action {
            case .cancel: sendCancel(id, at: now)
            case .acknowledge: sendAcknowledgement(.client(id), at: now)
            case .bye: sendBye(id.any, at: now)
            case .reportProgress(100): report(.session(.client(id), .trying))
            case .reportProgress(let status):
                tellReferrer(of: id, SipfragStatus(status), at: now)
                report(.session(.client(id), .progress(status, callers[id]?.details.remoteDescription)))
            case .reportConnected:
                tellReferrer(of: id, SipfragStatus(200), at: now)
                report(.session(.client(id), .connected(callers[id]?.details.remoteDescription)))
            case .reportClosing(let closing):
                tellReferrer(of: id, closing.sipfrag, at: now)
                report(.session(.client(id), .closing(closing)))
            case .ended(let outcome):
                if case .deadlineReached = input { forgetInvite(of: id) }
                finish(id.any, outcome, at: now)
            }
        }
        touch(id.any)
        if records[id.any] != nil { report(.changed(id.any)) }
    }

    private mutating func sendCancel(_ id: UsageID<ClientInviteSession>, at now: Instant) {
        guard let invite = callers[id]?.details.invite, let request = sent[invite] else { return }
        var fields = FieldList()
        if let reason = records[id.any]?.reason { fields.append(.reason, reason) }
        guard let (transaction, outputs) = stack.cancel(invite, fields: fields, at: now) else { return }
        sent[transaction] = SentRequest(
            usage: id.any, purpose: .cancel, draft: request.draft, target: request.target, account: nil, rounds: 0,
            sentAt: now)
        records[id.any]?.requestsInFlight += 1
        coordinator.endRequestSent(for: id.any, to: request.target, at: now)
        enqueue(outputs)
    }

    /// The CANCEL had no effect for 64·T1: the INVITE counts as cancelled and its transaction is destroyed (§9.1).
    private mutating func forgetInvite(of id: UsageID<ClientInviteSession>) {
        guard let invite = callers[id]?.details.invite else { return }
        stack.abandon(invite)
        sent[invite] = nil
    }

    // MARK: Answers to INVITE

    mutating func inviteProgressed(
        _ request: SentRequest, _ response: SIPMessage, _ status: StatusCode, at now: Instant
    ) {
        let id = callerID(request.usage)
        let description = response.sessionDescription
        _ = callers.update(id) { entry in
            if let description { entry.details.remoteDescription = description }
        }
        drive(id, .provisional(status), at: now)
    }

    mutating func inviteAnswered(
        _ request: SentRequest, _ response: SIPMessage, _ status: StatusCode, at now: Instant
    ) {
        let id = callerID(request.usage)
        guard status.isSuccess else {
            let reason = visible(response.reasonPhrase)
            return drive(id, .refused(status, reason: reason), at: now)
        }
        guard let tag = try? response.to().tag, let entry = callers[id] else {
            return leaveLeg(request, response, at: now)
        }
        if let dialog = dialog(of: id.any), dialog.remoteTag?.isSameToken(as: tag) == false {
            return leaveLeg(request, response, at: now)  // Another leg of a fork answered too (§13.2.2.4).
        }
        if dialog(of: id.any)?.isEstablished == false {
            guard updateDialog(of: id.any, { (try? $0.establish(by: response)) != nil }) == true else { return }
            let description = response.sessionDescription
            let offered = entry.details.localDescription == nil
            _ = callers.update(id) { entry in
                if let description { entry.details.remoteDescription = description }
                entry.details.answerComesInACK = offered && description != nil
                entry.details.acknowledgedSequence = entry.details.inviteSequence
                entry.details.acknowledgement = nil
            }
        }
        drive(id, .accepted, at: now)
    }

    mutating func inviteFailed(_ id: AnyUsageID, _ failure: Failure, at now: Instant) {
        drive(callerID(id), .failed(failure), at: now)
    }

    /// A 2xx that nobody wants: acknowledged, then ended with BYE, at once (W4).
    private mutating func leaveLeg(_ request: SentRequest, _ response: SIPMessage, at now: Instant) {
        guard var leg = request.series, (try? leg.establish(by: response)) != nil, let target = leg.target else {
            return
        }
        enqueue(stack.sendAck(leg.acknowledgement(of: request.draft.sequence), to: target, at: now))
        let bye = leg.request(.bye)
        transmit(
            bye, dialog: leg, for: request.usage, .byeOfFork, contact: nil, account: request.account, rounds: 0, at: now
        )
    }

    /// A 2xx whose transaction is gone; the session it belongs to may have lost its ACK.
    mutating func strayed(_ response: SIPMessage, at now: Instant) {
        guard response.method == .invite, response.status?.isSuccess == true,
            let id = usage(of: response, received: true)
        else { return }
        switch id.kind {
        case .clientInviteSession: sendAcknowledgement(.client(callerID(id)), at: now)
        case .serverInviteSession: sendAcknowledgement(.server(calleeID(id)), at: now)
        case .serverSubscription, .clientSubscription, .clientPagerMessage, .clientPublication, .clientRegistration,
            .clientOutOfDialogRequest, .serverOutOfDialogRequest, .serverPagerMessage, .serverRegistration,
            .serverPublication:
            break
        }
    }

    // MARK: ACK and BYE, for both sides of a session

    /// ACK for the newest 2xx to an INVITE or re-INVITE of ours; the same again for each repetition (§13.2.2.4). Where
    /// the 2xx brought an offer, a session that goes on answers it, and one that ends refuses every stream (W6).
    mutating func sendAcknowledgement(_ id: SessionID, at now: Instant) {
        guard let details = sessionDetails(id), let dialog = dialog(of: id.any), let target = dialog.target else {
            return
        }
        var draft = details.acknowledgement ?? dialog.acknowledgement(of: details.acknowledgedSequence)
        if details.acknowledgement == nil {
            if let account = records[id.any]?.account, let known = accounts[account] {
                draft = digest.authorize(draft, id: account, account: known, entropy: &entropy)
            }
            if details.answerComesInACK, let offer = details.remoteDescription {
                draft.carry(SessionDescription.rejectingAnswer(to: offer))
            }
            updateSession(id) { $0.acknowledgement = draft }
        }
        enqueue(stack.sendAck(draft, to: target, at: now))
    }

    mutating func sendBye(_ id: AnyUsageID, at now: Instant) {
        let reason = records[id]?.reason
        request(.bye, for: id, .bye, at: now) { draft in
            if let reason { draft.fields.append(.reason, reason) }
        }
    }

    mutating func byeAnswered(_ id: AnyUsageID, _ status: StatusCode, at now: Instant) {
        switch id.kind {
        case .clientInviteSession: drive(callerID(id), .byeAnswered(status), at: now)
        case .serverInviteSession: drive(calleeID(id), .byeAnswered(status), at: now)
        case .serverSubscription, .clientSubscription, .clientPagerMessage, .clientPublication, .clientRegistration,
            .clientOutOfDialogRequest, .serverOutOfDialogRequest, .serverPagerMessage, .serverRegistration,
            .serverPublication:
            break
        }
    }
    mutating func byeFailed(_ id: AnyUsageID, _ failure: Failure, at now: Instant) {
        switch id.kind {
        case .clientInviteSession: drive(callerID(id), .byeFailed(failure), at: now)
        case .serverInviteSession: drive(calleeID(id), .byeFailed(failure), at: now)
        case .serverSubscription, .clientSubscription, .clientPagerMessage, .clientPublication, .clientRegistration,
            .clientOutOfDialogRequest, .serverOutOfDialogRequest, .serverPagerMessage, .serverRegistration,
            .serverPublication:
            break
        }
    }
}

extension RequestDraft {
    /// Puts a session description into the body.
    mutating func carry(_ description: SessionDescription) {
        fields.set(.contentType, "application/sdp")
        body = description.serialised()
    }
    /// The number of our own CSeq.
    var sequence: UInt32 {
        fields.first(.cSeq)?.split(separator: " ").first.flatMap { UInt32($0) } ?? 0
    }
}

extension SIPMessage {
    /// The session description in the body, or in one of its parts (RFC 5621 §8.2); nil if there is none or it cannot
    /// be read.
    package var sessionDescription: SessionDescription? { sessionBody.flatMap { try? SessionDescription(parsing: $0) } }

    /// What claims to be one.
    var sessionBody: [UInt8]? {
        guard !body.isEmpty, let type = (try? contentType()).flatMap({ $0 }) else { return nil }
        if type.essence == "application/sdp", !has(.contentDisposition) { return Array(body) }
        return (try? bodyPart())?.leaves.first { part in
            part.contentType?.essence == "application/sdp" && part.disposition ?? "session" == "session"
        }?.body
    }
}
