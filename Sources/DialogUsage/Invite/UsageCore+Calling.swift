package import SDP
package import SIPMessage
import SIPTransaction
package import SansIO

/// INVITE of ours: from the machine to the wire (RFC 3261 §13.2.1, §9.1).
extension UsageCore {
    /// Calls `peer`. With no offer the peer makes one, and `offered` brings it. `expires`: how long it may ring.
    package mutating func invite(
        _ accountID: AccountID, to peer: AnyURI, offer: SessionDescription?, fields: FieldList = FieldList(),
        expires: Duration? = nil, identity: CallerIdentity = .shown, at now: Instant
    ) throws(UsageError) -> (UsageID<ClientInviteSession>, [UsageOutput]) {
        let account = try gate(accountID)
        try limit(callers.count, .clientInviteSession)
        let id = callers.nextID()
        var details = newDetails()
        details.offer = offer
        callers[id] = .init(
            usage: ClientInviteSession(
                patience: configuration.stack.timers.t1 * 64, expiresAt: expires.map { now + $0 }),
            details: details)
        open(
            id.any, account: accountID, dialog: series(from: account, to: peer, as: identity), peer: peer.description,
            at: now)
        let chosen = ChosenTarget(peer)
        var terms = FieldList()
        writeTimer(into: &terms)
        identity.write(into: &terms, account)
        let requiresReliable = configuration.reliableProvisionals == .require
        request(.invite, for: id.any, .invite, contact: identity.contact(contact(of: accountID)), at: now) { draft in
            for entry in fields.entries { draft.fields.append(entry.name, entry.value) }
            if let expires { draft.fields.append(.expires, "\(max(1, expires.inMilliseconds / 1000))") }
            if requiresReliable { draft.fields.append(.require, "100rel") }
            chosen.apply(to: &draft.fields)
            for entry in terms.entries { draft.fields.append(entry.name, entry.value) }
            if let offer { draft.carry(offer) }
        }
        touch(id.any)
        if records[id.any] != nil { report(.changed(id.any)) }
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
            case .reportProgress(let status):
                if status != 100 { tellReferrer(of: id, SipfragStatus(status), at: now) }
                reportProgress(id, status)
            case .reportConnected:
                tellReferrer(of: id, SipfragStatus(200), at: now)
                report(.session(.client(id), .connected(leg(.client(id))?.remote)))
            case .reportClosing(let closing):
                tellReferrer(of: id, closing.sipfrag, at: now)
                dropLegs(of: .client(id), but: records[id.any]?.dialog)
                report(.session(.client(id), .closing(closing, causes: causes(of: id.any))))
            case .ended(let outcome):
                if case .deadlineReached = input { forgetInvite(of: id) }
                finish(id.any, outcome, at: now)
            }
        }
        touch(id.any)
        if records[id.any] != nil { report(.changed(id.any)) }
    }

    private mutating func reportProgress(_ id: UsageID<ClientInviteSession>, _ status: StatusCode) {
        guard status != 100 else { return report(.session(.client(id), .trying)) }
        let dialog = callers[id]?.details.newestLeg
        let described = dialog.flatMap { callers[id]?.details.legs[$0]?.remote }
        report(.session(.client(id), .progress(status, described, leg: dialog)))
    }

    private mutating func sendCancel(_ id: UsageID<ClientInviteSession>, at now: Instant) {
        guard let invite = callers[id]?.details.invite else { return }
        cancel(invite, of: id.any, at: now)
    }

    /// CANCEL for an INVITE or re-INVITE of ours (§9.1). false: nothing has been heard of it yet, or its last word.
    @discardableResult
    mutating func cancel(_ invite: ClientTransactionID, of id: AnyUsageID, at now: Instant) -> Bool {
        guard let request = sent[invite] else { return false }
        var fields = FieldList()
        if let reason = records[id]?.reason { fields.append(.reason, reason) }
        if !features.extensions.isEmpty { fields.append(.supported, features.supported) }
        guard let (transaction, outputs) = stack.cancel(invite, fields: fields, at: now) else { return false }
        sent[transaction] = Boxed(
            SentRequest(
                usage: id, purpose: .cancel, draft: request.draft, target: request.target, contact: nil, account: nil,
                rounds: 0, sentAt: now))
        coordinator.saySomething()
        enqueue(outputs)
        return true
    }

    /// The session is over, and an INVITE of it still rings: an answer that comes within 64·T1 is dealt with, and then
    /// nothing is left of it (§9.1).
    mutating func limitInvites(of id: SessionID, at now: Instant) {
        guard let details = sessionDetails(id) else { return }
        let reinvites = details.legs.dialogs.compactMap { details.legs[$0]?.reinvite?.transaction }
        for invite in reinvites + [details.invite].compactMap({ $0 }) where sent[invite]?.isAnswered == false {
            limitInvite(invite, at: now)
        }
    }
    mutating func limitInvite(_ invite: ClientTransactionID, at now: Instant) {
        stack.limit(invite, until: now + configuration.stack.timers.t1 * 64, at: now)
    }

    /// The CANCEL had no effect for 64·T1: the INVITE counts as cancelled and its transaction is destroyed (§9.1).
    private mutating func forgetInvite(of id: UsageID<ClientInviteSession>) {
        guard let invite = callers[id]?.details.invite else { return }
        stack.abandon(invite)
        sent[invite] = nil
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

extension ResponseDraft {
    mutating func carry(_ description: SessionDescription) {
        fields.set(.contentType, "application/sdp")
        body = description.serialised()
    }
}
