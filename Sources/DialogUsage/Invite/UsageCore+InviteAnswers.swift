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
        let description = takeDescription(of: response, session, in: dialog, isReliable: reliability != .unreliable)
        drive(id, .provisional(status), at: now)
        guard case .reliable(let rack) = reliability else { return }
        switch description {
        case .offer(let offer): offerInProvisional(session, in: dialog, offer, rack, at: now)
        case .nothingNew: sendPrack(session, in: dialog, rack, answer: nil, at: now)
        case .faulty:
            // There will be no other answer (RFC 3262 §5): this place is of no use.
            sendPrack(session, in: dialog, rack, answer: nil, at: now)
            leaveEarly(session, dialog, at: now)
        }
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

    private enum Description {
        case offer(SessionDescription)
        /// None, the same once more, or our answer, which is kept.
        case nothingNew
        /// In the place of our answer, and none.
        case faulty
    }

    /// What the description of a provisional response is. In an unreliable one no answer is due: what is none is not
    /// looked at.
    private mutating func takeDescription(
        of response: SIPMessage, _ id: SessionID, in dialog: DialogID, isReliable: Bool
    ) -> Description {
        guard let description = response.sessionDescription, let leg = leg(id, in: dialog) else { return .nothingNew }
        if case .offeredByUs(.nothing) = leg.negotiation.state, !description.isAnswer(to: leg.local) {
            return isReliable ? .faulty : .nothingNew
        }
        let actions = negotiate(
            id, in: dialog, .described(isReliable ? .reliableProvisional : .unreliableProvisional))
        for action in actions {
            switch action {
            case .takeAnswer: updateLeg(id, in: dialog) { $0.remote = description }
            case .takeOffer: return .offer(description)
            case .refuse, .missing: break
            }
        }
        return .nothingNew
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
            guard let description, let offer = sessionDetails(id)?.offer, description.isAnswer(to: offer) else {
                return .faulty
            }
            updateLeg(id, in: dialog) { $0.remote = description }
            return .settled
        case .takeOffer:
            updateLeg(id, in: dialog) { leg in
                leg.peerOffer = description
                leg.pending = .acceptance
                leg.pendingSince = now
                _ = leg.modification.handle(.received(.acceptance), at: now)
            }
            return .offering
        case .refuse, .missing: return .faulty
        }
    }
}
