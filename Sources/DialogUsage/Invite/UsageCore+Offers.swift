package import SDP
import SIPMessage
import SIPTransaction
package import SansIO

/// What we ask of the peer in a session: re-INVITE and UPDATE (RFC 3261 §14.1, RFC 3311 §5.1).
extension UsageCore {
    /// Offers another description: by re-INVITE once the session stands, by UPDATE before that.
    package mutating func offer(
        _ id: SessionID, _ description: SessionDescription, by way: SessionModification.Way? = nil, at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        let command = "change the session"
        guard sessionDetails(id) != nil, records[id.any]?.endedAt == nil else { throw .ended("\(id)") }
        let way = way ?? (isEstablished(id) ? .reinvite : .update)
        let dialog = try dialog(fitFor: way, of: id, command)
        guard let leg = leg(id, in: dialog), leg.modification.isIdle else {
            throw .notNow(command: command, state: "another change is under way")
        }
        guard leg.negotiation.state == .agreed else {
            throw .notNow(command: command, state: "the first description has no answer yet")
        }
        updateLeg(id, in: dialog) { $0.offered = description }
        modify(id, in: dialog, .offerRequested(way), at: now)
        return settle(at: now)
    }

    private func dialog(
        fitFor way: SessionModification.Way, of id: SessionID, _ command: String
    ) throws(UsageError) -> DialogID {
        guard let record = records[id.any], let details = sessionDetails(id) else { throw .ended("\(id)") }
        if way == .reinvite || isEstablished(id) {
            guard isEstablished(id) else { throw .notNow(command: command, state: "the call is not connected") }
            guard way == .reinvite || leg(id)?.peerTakesUpdate == true else {
                throw .notNow(command: command, state: "the peer does not take UPDATE")
            }
            return record.dialog
        }
        let fit = details.legs.dialogs { $0.negotiation.state == .agreed && $0.peerTakesUpdate }
        guard isEarly(id), let dialog = fit.first else {
            throw .notNow(command: command, state: "the call is not connected")
        }
        return dialog
    }

    /// Takes our re-INVITE back, at once or when a provisional response to it is heard (§9.1); the session stays as it is
    /// (§14.1).
    package mutating func withdrawOffer(_ id: SessionID, at now: Instant) throws(UsageError) -> [UsageOutput] {
        guard sessionDetails(id) != nil, records[id.any]?.endedAt == nil else { throw .ended("\(id)") }
        guard let leg = leg(id), case .sent(.reinvite) = leg.modification.state, let own = leg.reinvite,
            own.standing == .wanted
        else { throw .notNow(command: "take the offer back", state: "there is none") }
        takeBack(own.transaction, id, in: nil, at: now)
        return settle(at: now)
    }
    private mutating func takeBack(
        _ transaction: ClientTransactionID, _ id: SessionID, in dialog: DialogID?, at now: Instant
    ) {
        let isCancelled = cancel(transaction, of: id.any, at: now)
        updateLeg(id, in: dialog) { $0.reinvite?.standing = isCancelled ? .cancelled : .takenBack }
    }
    /// Something was heard of a re-INVITE: one that has been taken back is cancelled now.
    mutating func reinviteProgressed(_ request: SentRequest, at now: Instant) {
        let id = sessionID(request.usage)
        guard let dialog = request.dialog, let own = leg(id, in: dialog)?.reinvite,
            own.transaction == request.transaction, own.standing == .takenBack
        else { return }
        takeBack(own.transaction, id, in: dialog, at: now)
    }
    /// We do not want this re-INVITE any more: it is not repeated, whatever its answer asks for.
    func isTakenBack(_ request: SentRequest) -> Bool {
        guard request.purpose == .reinvite, let dialog = request.dialog,
            let own = leg(sessionID(request.usage), in: dialog)?.reinvite
        else { return false }
        return own.transaction == request.transaction && own.standing != .wanted
    }

    mutating func sendOffer(_ id: SessionID, in dialog: DialogID, _ way: SessionModification.Way, at now: Instant) {
        guard let leg = leg(id, in: dialog), let wanted = leg.offered else { return }
        // Meanwhile the peer may have been answered with a later version of ours (RFC 3264 §8).
        let description = leg.local.map { wanted.nextVersion(after: $0) } ?? wanted
        updateLeg(id, in: dialog) { leg in
            leg.offered = description
            _ = leg.negotiation.handle(.weOffered)
        }
        let terms = timerTerms(of: id, in: dialog)
        let method: Method = way == .update ? .update : .invite
        request(
            method, for: id.any, way == .update ? .update : .reinvite, in: dialog, contact: sessionContact(id),
            at: now
        ) { draft in
            draft.carry(description)
            for entry in terms.entries { draft.fields.set(entry.name, entry.value) }
        }
        drive(id, in: dialog, timer: .refreshSent, at: now)
    }
    mutating func noteReinvite(_ transaction: ClientTransactionID, for id: AnyUsageID) {
        updateLeg(sessionID(id)) { $0.reinvite = OwnReinvite(transaction: transaction) }
    }
    func sessionContact(_ id: SessionID) -> ContactTemplate {
        switch id {
        case .server(let callee): localContact(user: callees[callee]?.details.calledUser)
        case .client: contact(of: records[id.any]?.account)
        }
    }

    // MARK: Answers

    mutating func reinviteAnswered(
        _ request: SentRequest, _ response: SIPMessage, _ status: StatusCode, at now: Instant
    ) {
        let id = sessionID(request.usage)
        guard sessionDetails(id) != nil else { return }
        let tag = (try? response.toTag() ?? "") ?? ""
        if status.isSuccess, let known = request.forks.acknowledgement(of: tag) { return send(known, at: now) }
        if status.isSuccess {
            let sequence = request.draft.sequence
            updateSession(id) { session in
                guard session.acknowledgedSequence != sequence || session.acknowledgement == nil else { return }
                session.acknowledgedSequence = sequence
                session.acknowledgement = nil
            }
            if let dialog = request.dialog { _ = dialogs.update(dialog) { $0.refreshTarget(from: response) } }
            sendAcknowledgement(id, at: now)
        }
        offerAnswered(request, response, status, at: now)
    }

    /// The final answer to our re-INVITE or UPDATE. A failure leaves everything as it was (§14.1, RFC 3311 §5.3).
    mutating func offerAnswered(_ request: SentRequest, _ response: SIPMessage, _ status: StatusCode, at now: Instant) {
        let id = sessionID(request.usage)
        guard let dialog = request.dialog, let leg = leg(id, in: dialog), case .sent = leg.modification.state else {
            return
        }
        if status.isSuccess {
            _ = dialogs.update(dialog) { $0.refreshTarget(from: response) }
            updateLeg(id, in: dialog) { $0.note(response) }
            noteTimer(response, id, in: dialog, at: now)
            takeAnswer(response, id, in: dialog, at: now)
        } else if status == 491, !isTakenBack(request) {
            // §14.1: the side that owns the Call-ID waits 2.1 to 4 s, the other up to 2 s, in steps of 10 ms.
            let fraction = entropy.fraction()
            let wait: Duration =
                id.any.kind == .clientInviteSession
                ? .milliseconds(2100 + Int64(fraction * 191) * 10) : .milliseconds(Int64(fraction * 201) * 10)
            _ = negotiate(id, in: dialog, .withdrawn)
            modify(id, in: dialog, .glare(wait: wait), at: now)
            drive(id, in: dialog, timer: .refreshRefused(.pending(retryAt: now + wait)), at: now)
        } else {
            offerFailed(request, failure(status, response, of: request.usage) ?? .timedOut, at: now)
        }
    }

    private mutating func takeAnswer(_ response: SIPMessage, _ id: SessionID, in dialog: DialogID, at now: Instant) {
        let before = leg(id, in: dialog)
        let isRefresh = before?.modification.state == .sent(.refresh)
        let ours = before?.offered
        let answer = response.sessionDescription
        guard let answer, answer.isAnswer(to: ours) else {
            _ = negotiate(id, in: dialog, .withdrawn)
            modify(id, in: dialog, .failed, at: now)
            guard !isRefresh else { return }
            return report(.session(id, .offerFailed(.status(200, reason: "2xx without an answer"))))
        }
        _ = negotiate(id, in: dialog, .described(.success))
        updateLeg(id, in: dialog) { leg in
            leg.local = leg.offered
            leg.offered = nil
            leg.remote = answer
        }
        modify(id, in: dialog, .succeeded, at: now)
        // A refresh that changed nothing is nobody's business.
        if !isRefresh || answer != before?.remote { report(.session(id, .answered(answer))) }
    }

    mutating func offerFailed(_ request: SentRequest, _ failure: Failure, at now: Instant) {
        let id = sessionID(request.usage)
        guard let dialog = request.dialog, let leg = leg(id, in: dialog), case .sent = leg.modification.state else {
            return
        }
        _ = negotiate(id, in: dialog, .withdrawn)
        updateLeg(id, in: dialog) { $0.offered = nil }
        modify(id, in: dialog, .failed, at: now)
        if leg.modification.state != .sent(.refresh) { report(.session(id, .offerFailed(failure))) }
        refreshRefused(request, failure, at: now)
        dialogFailed(id, in: dialog, failure, at: now)
    }
}
