import SDP
import SIPMessage
import SIPTransaction
import SansIO

/// Where session timers meet sessions (RFC 4028): what requests and 2xx say of them, and what happens when one is up.
extension UsageCore {
    /// 64·T1: how long a request of ours may take.
    private var patience: Duration { configuration.stack.timers.t1 * 64 }
    var freshTimer: SessionTimer { SessionTimer(patience: patience) }

    // MARK: What we say

    /// In our INVITE; `floor`: the largest Min-SE that it was refused with (§7.4).
    func writeTimer(into fields: inout FieldList, floor: Duration? = nil) {
        guard let policy = configuration.sessionTimer else { return }
        var timer = freshTimer
        if let floor { timer.raise(to: floor) }
        timer.write(into: &fields, policy)
    }

    /// In a re-INVITE or UPDATE of ours, which refreshes the session whatever it is for (§7.2).
    func timerTerms(of id: SessionID, in dialog: DialogID) -> FieldList {
        var fields = FieldList()
        if let policy = configuration.sessionTimer { leg(id, in: dialog)?.timer.write(into: &fields, policy) }
        return fields
    }

    /// In our 2xx, and so it holds (§9).
    mutating func answerTimer(
        _ request: SIPMessage, in response: inout ResponseDraft, _ id: SessionID, in dialog: DialogID, at now: Instant
    ) {
        guard let policy = configuration.sessionTimer else { return }
        if let least = request.leastSessionInterval {
            let floor = bounded(least)
            updateLeg(id, in: dialog) { $0.timer.raise(to: floor) }
        }
        let answer = policy.answer(to: request)
        answer.write(into: &response.fields)
        drive(id, in: dialog, timer: .agreed(answer.agreement), at: now)
    }

    /// 422 to an INVITE or UPDATE whose interval is too short for us (§9). false: it may go on.
    mutating func refusesInterval(_ request: SIPMessage, _ transaction: ServerTransactionID, at now: Instant) -> Bool {
        guard case .tooSmall(let minimum)? = configuration.sessionTimer?.answer(to: request) else { return false }
        var fields = FieldList()
        fields.append(.minSE, "\(minimum.inMilliseconds / 1000)")
        reply(transaction, request, 422, fields: fields, at: now)
        return true
    }

    // MARK: What they say

    /// The 2xx to a request of ours: in that transaction we are the UAC (§7.2).
    mutating func noteTimer(_ response: SIPMessage, _ id: SessionID, in dialog: DialogID, at now: Instant) {
        guard configuration.sessionTimer != nil else { return }
        let terms = response.sessionExpiry.map { terms in
            SessionTimer.Agreement(
                interval: max(bounded(terms.interval), SessionTimer.absoluteMinimum),
                refresher: terms.refresher == .uas ? .them : .us)
        }
        drive(id, in: dialog, timer: .agreed(terms), at: now)
    }

    /// 422 to a request of ours: it is asked again with what they want at least, a few times in a row (§7.3, §7.4).
    mutating func asksLonger(_ request: SentRequest, _ response: SIPMessage, at now: Instant) -> Bool {
        guard let policy = configuration.sessionTimer, let least = response.leastSessionInterval.map(bounded) else {
            return false
        }
        let id = sessionID(request.usage)
        let limit = configuration.limits.intervalRaises
        var draft = request.draft
        var isHigher = false
        switch request.purpose {
        case .invite:
            updateSession(id) { isHigher = $0.leastInterval.raise(refusedWanting: least, limit: limit) }
            guard isHigher else { return false }
            writeTimer(into: &draft.fields, floor: least)
        case .reinvite, .update, .refresh:
            guard let dialog = request.dialog else { return false }
            updateLeg(id, in: dialog) { isHigher = $0.timer.raise(refusedWanting: least, limit: limit) }
            guard isHigher else { return false }
            leg(id, in: dialog)?.timer.write(into: &draft.fields, policy)
        default: return false
        }
        resend(request, draft, at: now)
        return true
    }

    private func bounded(_ interval: Duration) -> Duration { min(interval, configuration.limits.longestLease) }

    // MARK: Refreshing

    mutating func drive(_ id: SessionID, in dialog: DialogID, timer input: SessionTimer.Input, at now: Instant) {
        var actions: [SessionTimer.Action] = []
        updateLeg(id, in: dialog) { actions = $0.timer.handle(input, at: now) }
        for action in actions {
            switch action {
            case .refresh: refresh(id, in: dialog, at: now)
            case .end: beginEnd(id.any, reason: "SIP;cause=408;text=\"Session Timer Expired\"", at: now)
            }
        }
        touch(id.any)
    }

    /// UPDATE without a description where the peer takes it, else a re-INVITE with the description as it stands (§7.4).
    private mutating func refresh(_ id: SessionID, in dialog: DialogID, at now: Instant) {
        guard let leg = leg(id, in: dialog), isEstablished(id) else { return }
        guard leg.modification.isIdle else {
            // A change is under way, and refreshes when it gets through.
            return drive(id, in: dialog, timer: .refreshSent, at: now)
        }
        guard leg.peerTakesUpdate else {
            updateLeg(id, in: dialog) { $0.offered = $0.local }
            modify(id, in: dialog, .offerRequested(.refresh), at: now)
            return
        }
        let terms = timerTerms(of: id, in: dialog)
        request(.update, for: id.any, .refresh, in: dialog, contact: sessionContact(id), at: now) { draft in
            for entry in terms.entries { draft.fields.set(entry.name, entry.value) }
        }
    }

    /// The answer to an UPDATE that only refreshes.
    mutating func refreshAnswered(
        _ request: SentRequest, _ response: SIPMessage, _ status: StatusCode, at now: Instant
    ) {
        let id = sessionID(request.usage)
        guard let dialog = request.dialog, leg(id, in: dialog) != nil else { return }
        if status.isSuccess {
            _ = dialogs.update(dialog) { $0.refreshTarget(from: response) }
            updateLeg(id, in: dialog) { $0.note(response) }
            return noteTimer(response, id, in: dialog, at: now)
        }
        guard status == 405 || status == 501 else {
            return refreshRefused(request, failure(status, response, of: request.usage) ?? .timedOut, at: now)
        }
        updateLeg(id, in: dialog) { $0.peerTakesUpdate = false }
        refresh(id, in: dialog, at: now)
    }

    /// A refresh, or a change that would have been one too, has failed (§10).
    mutating func refreshRefused(_ request: SentRequest, _ failure: Failure, at now: Instant) {
        guard let dialog = request.dialog else { return }
        let id = sessionID(request.usage)
        let refusal: SessionTimer.Refusal
        switch failure {
        case .timedOut, .status(408, _), .status(481, _): refusal = .gone
        case .status(491, _):
            let wait: Duration = id.any.kind == .clientInviteSession ? .milliseconds(2100) : .zero
            refusal = .pending(retryAt: now + wait + .milliseconds(Int64(entropy.fraction() * 191) * 10))
        case .status, .unreachable, .credentials, .untrusted: refusal = .other
        }
        drive(id, in: dialog, timer: .refreshRefused(refusal), at: now)
    }

    /// Only where the session stands, and is not being ended.
    func timerDeadline(of id: SessionID) -> Instant? {
        guard isEstablished(id), records[id.any]?.endedAt == nil else { return nil }
        return leg(id)?.timer.nextDeadline
    }
    mutating func timerDeadlineReached(_ id: SessionID, at now: Instant) {
        guard let due = timerDeadline(of: id), due <= now, let dialog = records[id.any]?.dialog else { return }
        drive(id, in: dialog, timer: .deadlineReached, at: now)
    }
}

extension SessionTimerPolicy {
    fileprivate func answer(to request: SIPMessage) -> Answer {
        answer(
            request.sessionExpiry, minimum: request.leastSessionInterval,
            isSupportedByPeer: request.supportsSessionTimer)
    }
}
