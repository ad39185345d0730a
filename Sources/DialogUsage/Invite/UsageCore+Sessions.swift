import SDP
import SIPMessage
import SIPTransaction
import SansIO

/// What both sides of a session have in common: its dialogs, and what was described in each.
extension UsageCore {
    func sessionID(_ id: AnyUsageID) -> SessionID {
        id.kind == .clientInviteSession ? .client(callerID(id)) : .server(calleeID(id))
    }
    func sessionDetails(_ id: SessionID) -> Boxed<SessionDetails>? {
        switch id {
        case .client(let id): callers[id]?.details
        case .server(let id): callees[id]?.details
        }
    }
    mutating func updateSession(_ id: SessionID, _ change: (inout SessionDetails) -> Void) {
        switch id {
        case .client(let id): _ = callers.update(id) { change(&$0.details.value) }
        case .server(let id): _ = callees.update(id) { change(&$0.details.value) }
        }
    }
    func isEstablished(_ id: SessionID) -> Bool {
        switch id {
        case .client(let id): callers[id]?.usage.state == .established
        case .server(let id): callees[id]?.usage.state == .established
        }
    }
    func isEndingSession(_ id: AnyUsageID) -> Bool {
        callers[any: id]?.usage.isEnding ?? callees[any: id]?.usage.isEnding ?? true
    }
    /// No 2xx has been sent or heard.
    func isEarly(_ id: SessionID) -> Bool {
        switch id {
        case .client(let id): callers[id]?.usage.isEarly ?? false
        case .server(let id): callees[id]?.usage.isOffered ?? false
        }
    }

    /// `firstRSeq`: the number before that of the first reliable provisional response (RFC 3262 §3).
    func newDetails(firstRSeq: UInt32 = 0) -> SessionDetails {
        SessionDetails(
            delivery: ProvisionalDelivery(
                first: firstRSeq, t1: configuration.stack.timers.t1, mostHeld: configuration.limits.heldProvisionals))
    }
    var sessionTiming: ServerInviteSession.Timing {
        .init(t1: configuration.stack.timers.t1, t2: configuration.stack.timers.t2)
    }

    // MARK: Legs

    /// A session in one of its dialogs; without a name, in the one that it is in for good.
    func leg(_ id: SessionID, in dialog: DialogID? = nil) -> Boxed<Leg>? {
        guard let dialog = dialog ?? records[id.any]?.dialog else { return nil }
        return sessionDetails(id)?.legs[dialog]
    }
    mutating func updateLeg(_ id: SessionID, in dialog: DialogID? = nil, _ change: (inout Leg) -> Void) {
        guard let dialog = dialog ?? records[id.any]?.dialog else { return }
        updateSession(id) { $0.legs.update(dialog, change) }
    }
    /// The leg whose offer has waited longest for the application's answer.
    func legWithPendingOffer(_ id: SessionID) -> (DialogID, Boxed<Leg>)? {
        guard let legs = sessionDetails(id)?.legs else { return nil }
        return legs.dialogs(where: { $0.pending != nil }).compactMap { dialog in legs[dialog].map { (dialog, $0) } }
            .min { $0.1.pendingSince < $1.1.pendingSince }
    }

    /// One leg is over, and the session goes on in others, or is about to end.
    mutating func dropLeg(_ dialog: DialogID, of id: SessionID) {
        guard sessionDetails(id)?.legs[dialog] != nil else { return }
        rememberDeparted(dialog, of: id)
        updateSession(id) { $0.legs.remove(dialog) }
        guard records[id.any]?.dialog != dialog else { return }
        dialogs.leave(id.any, dialog)
        report(.session(id, .legEnded(dialog)))
    }
    /// All early dialogs of a call but, perhaps, the one that it goes on in.
    mutating func dropLegs(of id: SessionID, but survivor: DialogID? = nil) {
        for dialog in sessionDetails(id)?.legs.dialogs ?? [] where dialog != survivor { dropLeg(dialog, of: id) }
    }

    /// The session is gone, and with it what is left of its early dialogs. Each that was announced is said to be over.
    mutating func leaveLegs(of id: UsageID<ClientInviteSession>, but own: DialogID) {
        for dialog in callers[id]?.details.legs.dialogs ?? [] where dialog != own {
            dialogs.leave(id.any, dialog)
            report(.session(.client(id), .legEnded(dialog)))
        }
    }

    // MARK: Steps of the machines

    /// What a description, or its absence, means in this dialog.
    mutating func negotiate(_ id: SessionID, in dialog: DialogID, _ input: Negotiation.Input) -> [Negotiation.Action] {
        var actions: [Negotiation.Action] = []
        updateLeg(id, in: dialog) { actions = $0.negotiation.handle(input) }
        return actions
    }

    /// What the request under way in this dialog does next. Returns the status with which the peer's is refused.
    @discardableResult
    mutating func modify(
        _ id: SessionID, in dialog: DialogID, _ input: SessionModification.Input, at now: Instant
    ) -> StatusCode? {
        var actions: [SessionModification.Action] = []
        updateLeg(id, in: dialog) { actions = $0.modification.handle(input, at: now) }
        var refusal: StatusCode?
        for action in actions {
            switch action {
            case .send(let way): sendOffer(id, in: dialog, way, at: now)
            case .repeatAnswer: repeatAnswer(id, in: dialog, at: now)
            case .refuse(let status): refusal = status
            case .refusePending: refusePending(id, in: dialog, at: now)
            case .endSession: beginEnd(id.any, at: now)
            }
        }
        touch(id.any)
        return refusal
    }

    func sessionDeadline(of id: SessionID) -> Instant? {
        switch id {
        case .client(let caller):
            guard let entry = callers[caller] else { return nil }
            let own = earliest(entry.usage.nextDeadline, entry.details.redirection?.nextDeadline)
            return earliest(own, deadline(in: entry.details, of: id, isEstablished: entry.usage.state == .established))
        case .server(let callee):
            guard let entry = callees[callee] else { return nil }
            let rest = deadline(in: entry.details, of: id, isEstablished: entry.usage.state == .established)
            return earliest(entry.usage.nextDeadline, rest)
        }
    }
    private func deadline(in details: Boxed<SessionDetails>, of id: SessionID, isEstablished: Bool) -> Instant? {
        let requests = earliest(details.delivery.nextDeadline, details.legs.nextDeadline)
        guard isEstablished, let index = records.index(forKey: id.any), records.values[index].endedAt == nil else {
            return requests
        }
        return earliest(requests, details.legs[records.values[index].dialog]?.timer.nextDeadline)
    }

    mutating func sessionDeadlineReached(_ id: SessionID, at now: Instant) {
        if let due = sessionDetails(id)?.delivery.nextDeadline, due <= now, case .server(let callee) = id {
            driveDelivery(callee, .deadlineReached, at: now)
        }
        let due = sessionDetails(id)?.legs.dialogs { $0.modification.nextDeadline.map { $0 <= now } ?? false }
        for dialog in due ?? [] {
            modify(id, in: dialog, .deadlineReached, at: now)
        }
        timerDeadlineReached(id, at: now)
        if case .client(let caller) = id, let due = callers[caller]?.details.redirection?.nextDeadline, due <= now {
            endsRedirection(caller, at: now)
        }
        switch id {
        case .client(let id):
            if let due = callers[id]?.usage.nextDeadline, due <= now { drive(id, .deadlineReached, at: now) }
        case .server(let id):
            if let due = callees[id]?.usage.nextDeadline, due <= now { drive(id, .deadlineReached, at: now) }
        }
    }

    /// Before BYE, CANCEL or a refusal: what the peer asked and nobody answered gets its last answer, and what we wanted
    /// to ask is forgotten (W9, W11).
    mutating func settleModificationsBeforeEnd(_ id: SessionID, at now: Instant) {
        for dialog in sessionDetails(id)?.legs.dialogs ?? [] {
            modify(id, in: dialog, .endRequested, at: now)
        }
    }

    /// 481, 408 or silence to a request in a dialog: the dialog is gone there, and so it is here (§12.2.1.2). Any other
    /// failure ends the request alone.
    mutating func dialogFailed(_ id: SessionID, in dialog: DialogID?, _ failure: Failure?, at now: Instant) {
        guard failure == .timedOut || failure?.status == 481 || failure?.status == 408 else { return }
        guard isEarly(id), let dialog, case .client = id else { return beginEnd(id.any, at: now) }
        leaveEarly(id, dialog, at: now)
    }
    /// One place that our INVITE rings at is lost; with the last of them, the call.
    mutating func leaveEarly(_ id: SessionID, _ dialog: DialogID, at now: Instant) {
        dropLeg(dialog, of: id)
        guard sessionDetails(id)?.legs.isEmpty == true else { return }
        beginEnd(id.any, at: now)
    }
}
