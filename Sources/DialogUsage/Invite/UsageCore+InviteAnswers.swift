import SDP
import SIPMessage
import SIPTransaction
import SansIO

/// What comes back for an INVITE of ours, perhaps from several places (RFC 3261 §13.2.2, RFC 3262 §4).
extension UsageCore {
    mutating func inviteProgressed(
        _ request: SentRequest, _ response: SIPMessage, _ status: StatusCode, at now: Instant
    ) {
        let id = callerID(request.usage)
        guard callers[id]?.usage.isEarly == true else { return }
        guard status != 100, let tag = try? response.toTag(),
            let dialog = earlyDialog(id, tag: tag, by: response, to: request)
        else {
            // Without a To tag there is no dialog (§12.1).
            _ = callers.update(id) { $0.details.newestLeg = nil }
            return drive(id, .provisional(status), at: now)
        }
        let session = SessionID.client(id)
        let reliability = reliability(of: response, session, in: dialog)
        guard reliability != .outOfOrder else {
            // It is not looked at, but something was heard: Timer B does not run any more, and CANCEL may be sent (§9.1).
            if callers[id]?.usage.hasHeardNothing == true { drive(id, .provisional(100), at: now) }
            return
        }
        updateLeg(session, in: dialog) { $0.note(response) }
        _ = callers.update(id) { $0.details.newestLeg = dialog }
        let offer = takeDescription(of: response, session, in: dialog, isReliable: reliability != .unreliable)
        drive(id, .provisional(status), at: now)
        guard case .reliable(let rack) = reliability else { return }
        guard let offer else { return sendPrack(session, in: dialog, rack, answer: nil, at: now) }
        offerInProvisional(session, in: dialog, offer, rack, at: now)
    }

    /// The early dialog of this To tag: a new one for a place not heard of before (§12.1.2). nil when there are too many
    /// of them (IVC-224), or the response cannot make one.
    private mutating func earlyDialog(
        _ id: UsageID<ClientInviteSession>, tag: String, by response: SIPMessage, to request: SentRequest
    ) -> DialogID? {
        guard let series = request.series?.value, let details = callers[id]?.details else { return nil }
        if let known = dialogs.established(series.key, remoteTag: tag), details.legs[known] != nil { return known }
        guard details.legs.count < configuration.limits.legsPerCall else { return nil }
        return openLeg(id, series, by: response)
    }

    private mutating func openLeg(
        _ id: UsageID<ClientInviteSession>, _ series: Dialog, by response: SIPMessage
    ) -> DialogID? {
        var dialog = series
        guard (try? dialog.establish(by: response)) != nil else { return nil }
        let opened = dialogs.open(dialog, for: id.any)
        var negotiation = Negotiation()
        if callers[id]?.details.offer != nil { _ = negotiation.handle(.weOffered) }
        var leg = Leg(negotiation: negotiation, timing: sessionTiming)
        leg.local = callers[id]?.details.offer
        _ = callers.update(id) { $0.details.legs.add(opened, leg) }
        return opened
    }

    private enum Reliability: Hashable {
        case unreliable
        case reliable(RAck)
        /// A repetition, or one of which an earlier one is missing: not acknowledged, not looked at (RFC 3262 §4).
        case outOfOrder
    }

    private mutating func reliability(of response: SIPMessage, _ id: SessionID, in dialog: DialogID) -> Reliability {
        guard configuration.reliableProvisionals != .off, response.names("100rel", in: .require) else {
            return .unreliable
        }
        guard let number = (try? response.rseq()).flatMap({ $0 }), let sequence = try? response.cSeq().number else {
            return .outOfOrder
        }
        if let last = leg(id, in: dialog)?.lastRSeq, last == .max || number != last + 1 { return .outOfOrder }
        updateLeg(id, in: dialog) { $0.lastRSeq = number }
        return .reliable(RAck(number: number, sequence: sequence))
    }

    /// What the description of a provisional response is: our answer, which is kept; an offer, which is returned; or the
    /// same once more.
    private mutating func takeDescription(
        of response: SIPMessage, _ id: SessionID, in dialog: DialogID, isReliable: Bool
    ) -> SessionDescription? {
        guard let description = response.sessionDescription else { return nil }
        let actions = negotiate(
            id, in: dialog, .described(isReliable ? .reliableProvisional : .unreliableProvisional))
        for action in actions {
            switch action {
            case .takeAnswer: updateLeg(id, in: dialog) { $0.remote = description }
            case .takeOffer: return description
            case .refuse, .missing: break
            }
        }
        return nil
    }

    // MARK: Final answers

    mutating func inviteAnswered(
        _ request: SentRequest, _ response: SIPMessage, _ status: StatusCode, at now: Instant
    ) {
        let id = callerID(request.usage)
        guard status.isSuccess else {
            records[id.any]?.causes = response.reasons
            let foreign = foreignRealm(in: response, to: id.any).map(Failure.foreign)
            return drive(id, .refused(status, reason: foreign ?? visible(response.reasonPhrase)), at: now)
        }
        guard let entry = callers[id] else { return leaveFork(request, response, at: now) }
        let tag = (try? response.toTag() ?? "") ?? ""
        guard entry.usage.isEarly else {
            // Repeated, as our ACK was lost: it gets its own, which need not be that of the newest 2xx.
            let isOurs = dialog(of: id.any)?.remoteTag?.isSameToken(as: tag) == true
            guard isOurs, request.forks.acknowledgement(of: tag) == nil else {
                return leaveFork(request, response, at: now)
            }
            return drive(id, .accepted(.settled), at: now)
        }
        guard let dialog = confirm(id, tag: tag, by: response, to: request) else {
            return drive(id, .failed(.unreachable("the answer cannot be read")), at: now)
        }
        noteTimer(response, .client(id), in: dialog, at: now)
        let acceptance = acceptance(response, .client(id), in: dialog, at: now)
        drive(id, .accepted(acceptance), at: now)
        guard case .answering = callers[id]?.usage.state, let offer = leg(.client(id), in: dialog)?.peerOffer else {
            return
        }
        report(.session(.client(id), .offered(offer)))
    }

    mutating func inviteFailed(_ request: SentRequest, _ failure: Failure, at now: Instant) {
        if triesNext(request, at: now) { return }
        drive(callerID(request.usage), .failed(failure), at: now)
    }

    /// The first 2xx wins: its early dialog, or a new one, is that of the session from now on; its route set is that of
    /// the 2xx (§13.2.2.4). The others are left.
    private mutating func confirm(
        _ id: UsageID<ClientInviteSession>, tag: String, by response: SIPMessage, to request: SentRequest
    ) -> DialogID? {
        guard let series = request.series?.value else { return nil }
        let known = dialogs.established(series.key, remoteTag: tag).flatMap {
            callers[id]?.details.legs[$0] == nil ? nil : $0
        }
        if let known {
            guard dialogs.update(known, { (try? $0.establish(by: response)) != nil }) == true else { return nil }
        }
        guard let dialog = known ?? openLeg(id, series, by: response) else { return nil }
        updateLeg(.client(id), in: dialog) { $0.note(response) }
        move(id.any, to: dialog)
        dropLegs(of: .client(id), but: dialog)
        let sequence = request.draft.sequence
        _ = callers.update(id) { entry in
            entry.details.acknowledgedSequence = sequence
            entry.details.acknowledgement = nil
        }
        return dialog
    }

    private mutating func acceptance(
        _ response: SIPMessage, _ id: SessionID, in dialog: DialogID, at now: Instant
    ) -> ClientInviteSession.Acceptance {
        // An UPDATE of ours that is under way settles its own offer; that of the INVITE was settled before it.
        if case .sent = leg(id, in: dialog)?.modification.state { return .settled }
        let description = response.sessionDescription
        let actions = negotiate(id, in: dialog, description == nil ? .silent(.success) : .described(.success))
        guard let action = actions.first else { return .settled }
        switch action {
        case .takeAnswer:
            guard let description, let offer = sessionDetails(id)?.offer, (try? description.checkAnswers(offer)) != nil
            else { return .faulty }
            updateLeg(id, in: dialog) { $0.remote = description }
            return .settled
        case .takeOffer:
            updateLeg(id, in: dialog) { leg in
                leg.peerOffer = description
                leg.pending = .acceptance
                _ = leg.modification.handle(.received(.acceptance), at: now)
            }
            return .offering
        case .refuse, .missing: return .faulty
        }
    }
}
