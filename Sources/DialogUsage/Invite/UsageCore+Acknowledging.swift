import SDP
import SIPMessage
import SIPTransaction
import SansIO

/// ACK for the 2xx to INVITEs of ours, and the 2xx that nobody wants (RFC 3261 §13.2.2.4).
extension UsageCore {
    /// ACK for the newest 2xx to an INVITE or re-INVITE of ours; the same again for each repetition. Where the 2xx brought
    /// an offer, a session that goes on answers it, and one that ends refuses every stream (W6).
    mutating func sendAcknowledgement(_ id: SessionID, at now: Instant) {
        guard let dialog = dialog(of: id.any), let target = dialog.target else { return }
        if let known = sessionDetails(id)?.acknowledgement { return send(known, at: now) }
        guard let draft = newAcknowledgement(id, dialog) else { return }
        let acknowledgement = Boxed(Acknowledgement(draft: draft, target: target, id: stack.newAcknowledgement()))
        var invite = leg(id)?.reinvite?.transaction
        updateSession(id) { session in
            session.acknowledgement = acknowledgement
            session.answer = nil
            if session.acknowledgedSequence == session.inviteSequence { invite = session.invite }
        }
        if let invite { sent[invite]?.forks.note(acknowledgement, to: dialog.remoteTag ?? "") }
        send(acknowledgement, at: now)
    }
    mutating func send(_ acknowledgement: Boxed<Acknowledgement>, at now: Instant) {
        enqueue(stack.sendAck(acknowledgement.draft, to: acknowledgement.target, as: acknowledgement.id, at: now))
    }

    private func newAcknowledgement(_ id: SessionID, _ dialog: Dialog) -> RequestDraft? {
        guard let details = sessionDetails(id) else { return nil }
        var draft = dialog.acknowledgement(of: details.acknowledgedSequence)
        let leg = leg(id)
        let isFirst = details.acknowledgedSequence == details.inviteSequence
        draft.carryCredentials(of: (isFirst ? details.invite : leg?.reinvite?.transaction).flatMap { sent[$0]?.draft })
        if let answer = details.answer {
            draft.carry(answer)
        } else if case .acceptance? = leg?.pending, let offer = leg?.peerOffer {
            draft.carry(SessionDescription.rejectingAnswer(to: offer))
        }
        return draft
    }

    /// A 2xx that nobody wants: acknowledged, then ended with BYE, at once (W4). Its repetitions get the same ACK.
    mutating func leaveFork(_ request: SentRequest, _ response: SIPMessage, at now: Instant) {
        let tag = (try? response.toTag() ?? "") ?? ""
        if let known = request.forks.acknowledgement(of: tag) { return send(known, at: now) }
        guard request.forks.count < configuration.limits.answersPerCall,
            var dialog = request.forks.departed(tag) ?? request.series?.value,
            (try? dialog.establish(by: response)) != nil, let target = dialog.target
        else { return }
        var ack = dialog.acknowledgement(of: request.draft.sequence)
        ack.carryCredentials(of: request.draft)
        if request.isSilent, let offer = response.sessionDescription {
            ack.carry(SessionDescription.rejectingAnswer(to: offer))
        }
        let acknowledgement = Boxed(Acknowledgement(draft: ack, target: target, id: stack.newAcknowledgement()))
        if let transaction = request.transaction { sent[transaction]?.forks.note(acknowledgement, to: tag) }
        send(acknowledgement, at: now)
        let bye = dialog.request(.bye)
        transmit(
            bye, dialog: dialog, for: request.usage, .byeOfFork, contact: nil, account: request.account, rounds: 0,
            at: now)
    }

    /// An early dialog is left: should it answer all the same, its BYE goes on counting where it was.
    mutating func rememberDeparted(_ dialog: DialogID, of id: SessionID) {
        guard let invite = sessionDetails(id)?.invite, let departed = dialogs[dialog] else { return }
        let limit = configuration.limits.leftPlaces
        sent[invite]?.forks.depart(departed, limit: limit)
    }

    /// Its INVITE is over, 64·T1 after the first 2xx: by then the peer has given up repeating it (§13.3.1.4). Should it
    /// come all the same, the ACK is made anew.
    mutating func forgetAcknowledgement(_ id: SessionID, of sequence: UInt32) {
        guard sessionDetails(id)?.acknowledgedSequence == sequence else { return }
        updateSession(id) { $0.acknowledgement = nil }
    }

    /// A 2xx whose transaction is gone; the session it belongs to may have lost its ACK.
    mutating func strayed(_ response: SIPMessage, at now: Instant) {
        guard response.method == .invite, response.status?.isSuccess == true, let key = DialogSetKey(from: response),
            let tag = try? response.toTag() ?? "", let dialog = dialogs.established(key, remoteTag: tag),
            let id = usage(for: response, in: dialog),
            id.kind == .clientInviteSession || id.kind == .serverInviteSession,
            records[id]?.dialog == dialog,
            (try? response.cSeq().number) == sessionDetails(sessionID(id))?.acknowledgedSequence
        else { return }
        sendAcknowledgement(sessionID(id), at: now)
    }
}

extension RequestDraft {
    /// ACK has the credentials of its INVITE, since nobody can challenge it (§22.1).
    mutating func carryCredentials(of invite: RequestDraft?) {
        guard let invite else { return }
        for name in [FieldName.authorization, .proxyAuthorization] {
            for value in invite.fields.all(name) { fields.append(name, value) }
        }
    }
}
