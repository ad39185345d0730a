package import SDP
package import SIPMessage
import SIPTransaction
package import SansIO

/// What the subscription of a REFER from outside is about.
struct IncomingReferral: Sendable {
    var progress: ServerReferral
    var target: ReferTarget
    /// Passed on octet by octet (RFC 3892 §2.2).
    var referredBy: String?
}

/// Somebody asks us to call somebody else: `acceptReferral` or `declineReferral`.
package struct ReferralRequest: Sendable {
    package var request: SIPMessage
    /// The session in whose dialog it came.
    package var session: SessionID?
    package var from: NameAddress
    package var target: ReferTarget
    package var referredBy: NameAddress?
    package var authenticatedUser: String?
}

/// REFER from outside (RFC 3515 §2.4.2): asked about, answered, followed, and reported on.
extension UsageCore {
    mutating func referred(
        _ message: SIPMessage, _ transaction: ServerTransactionID, in dialogID: DialogID?, user: String?,
        at now: Instant
    ) {
        let target: ReferTarget
        let referredBy: (address: NameAddress, text: String)?
        do {
            target = try message.referTarget()
            referredBy = try message.referredBy()
        } catch {
            return refuse(transaction, message, 400, at: now)
        }
        guard let from = try? message.from(), let sequence = try? message.cSeq().number else {
            return refuse(transaction, message, 400, at: now)
        }
        if let dialogID, let id = watcher(of: sequence, in: dialogID) {
            return referredAgain(id, message, transaction, at: now)
        }
        // Only calls, and only to where we can call (§2.4.2, §5).
        guard target.method == .invite, target.uri.sip != nil else { return refuse(transaction, message, 603, at: now) }
        guard watchers.count < configuration.limits.serverSubscriptions else {
            return refuse(transaction, message, 503, retryAfter: configuration.limits.overloadPause, at: now)
        }
        let lease = configuration.limits.referralLease
        var details = WatcherDetails(
            event: EventType(package: "refer", id: "\(sequence)"), transaction: transaction, request: message,
            asking: lease)
        details.referral = IncomingReferral(
            progress: ServerReferral(
                wantsReports: message.wantsReferSubscription != false,
                decideBy: now + configuration.limits.referralDecision),
            target: target, referredBy: referredBy?.text)
        let id = watchers.nextID()
        // It is decided long before the SUBSCRIBE of anybody else would have to be.
        let answerBy = now + max(answerTime, configuration.limits.referralDecision * 2)
        let usage = ServerSubscription(
            asking: lease, answerBy: answerBy, refusalOnLeaving: dialogID == nil ? 480 : 603)
        var session: SessionID?
        if let dialogID, let first = dialogs.usages(in: dialogID).first {
            watchers[id] = .init(usage: usage, details: details)
            session = sessionID(in: dialogID)
            _ = dialogs.update(dialogID) { $0.refreshTarget(from: message) }
            open(id.any, account: records[first]?.account, in: dialogID, peer: from.uri.description, at: now)
        } else {
            guard let dialog = Dialog(openedBy: message, localTag: entropy.token()) else {
                return refuse(transaction, message, 400, at: now)
            }
            watchers[id] = .init(usage: usage, details: details)
            open(id.any, account: account(addressedBy: message), dialog: dialog, peer: from.uri.description, at: now)
        }
        owners[transaction] = id.any
        touch(id.any)
        report(
            .referralRequested(
                id,
                ReferralRequest(
                    request: message, session: session, from: from, target: target, referredBy: referredBy?.address,
                    authenticatedUser: user)))
    }

    /// The subscription that the REFER of this CSeq number made: its name is taken (§2.4.6).
    private func watcher(of sequence: UInt32, in dialogID: DialogID) -> UsageID<ServerSubscription>? {
        dialogs.usages(in: dialogID).first {
            guard let details = watchers[any: $0]?.details else { return false }
            return details.referral != nil && details.event.id == "\(sequence)"
        }.map { watcherID($0) }
    }

    /// A copy so late that the transaction of the first is forgotten, as after a suspended machine. It is no second
    /// referral: it gets the answer that was lost. Before there is one, the first waits for it, and no other.
    private mutating func referredAgain(
        _ id: UsageID<ServerSubscription>, _ message: SIPMessage, _ transaction: ServerTransactionID, at now: Instant
    ) {
        guard watchers[id]?.details.transaction == nil else {
            return refuse(transaction, message, 500, retryAfter: configuration.limits.busyPause, at: now)
        }
        _ = watchers.update(id) { $0.details.transaction = transaction }
        owners[transaction] = id.any
        guard let details = watchers[id]?.details else { return }
        acceptSubscribe(id, details.value, 202, expires: details.asking, at: now)
    }

    /// Follows it: answers 202, and places the call with `offer` for the application, which then has its session.
    /// `reaching`: where the application knows that the target is, if it is not to be asked for elsewhere.
    package mutating func acceptReferral(
        _ id: UsageID<ServerSubscription>, from accountID: AccountID, reaching place: AnyURI? = nil,
        offer: SessionDescription?, at now: Instant
    ) throws(UsageError) -> (UsageID<ClientInviteSession>, [UsageOutput]) {
        let referral = try undecided(id, "follow the referral")
        _ = try gate(accountID)
        try limit(callers.count, .clientInviteSession)
        drive(id, referral: .accepted, at: now)
        var fields = referral.target.fields
        if let text = referral.referredBy { fields.append(.referredBy, text) }
        if let replaces = referral.target.replaces {
            fields.append(.replaces, replaces.description)
            fields.append(.require, "replaces")
        }
        let (caller, outputs) = try invite(
            accountID, to: place ?? referral.target.uri, offer: offer, fields: fields, at: now)
        guard callers.update(caller, { $0.details.referrer = id }) != nil else {
            // It could not even be sent.
            drive(id, referral: .heard(SipfragStatus(503)), at: now)
            return (caller, outputs + settle(at: now))
        }
        return (caller, outputs)
    }

    /// Follows it without a call of ours, because somebody else makes it: answers 202. What becomes of it is told by
    /// `reportReferral`.
    package mutating func followReferral(
        _ id: UsageID<ServerSubscription>, at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        _ = try undecided(id, "follow the referral")
        drive(id, referral: .accepted, at: now)
        return settle(at: now)
    }

    /// Of one that was followed. A final status ends the subscription.
    package mutating func reportReferral(
        _ id: UsageID<ServerSubscription>, _ status: SipfragStatus, at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        guard watchers[id]?.details.referral != nil, records[id.any]?.endedAt == nil else { throw .ended("\(id)") }
        drive(id, referral: .heard(status), at: now)
        return settle(at: now)
    }

    package mutating func declineReferral(
        _ id: UsageID<ServerSubscription>, status: StatusCode = 603, at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        _ = try undecided(id, "decline the referral")
        drive(id, referral: .declined(status), at: now)
        return settle(at: now)
    }

    private func undecided(
        _ id: UsageID<ServerSubscription>, _ command: String
    ) throws(UsageError) -> IncomingReferral {
        guard let referral = watchers[id]?.details.referral, records[id.any]?.endedAt == nil else {
            throw .ended("\(id)")
        }
        guard referral.progress.awaitsDecision else { throw .notNow(command: command, state: "it has been answered") }
        return referral
    }

    // MARK: What becomes of it

    /// What the call that a referral led to hears.
    mutating func tellReferrer(of caller: UsageID<ClientInviteSession>, _ status: SipfragStatus, at now: Instant) {
        guard let id = callers[caller]?.details.referrer else { return }
        drive(id, referral: .heard(status), at: now)
    }

    mutating func drive(_ id: UsageID<ServerSubscription>, referral input: ServerReferral.Input, at now: Instant) {
        let actions = watchers.update(id) { $0.details.referral?.progress.handle(input) ?? [] } ?? []
        for action in actions {
            switch action {
            case .accept(let live, let status):
                remember(id, live == .active ? .active : .pending, status)
                drive(id, .accepted(live, granted: configuration.limits.referralLease), at: now)
            case .acceptWithoutReports:
                if let details = watchers[id]?.details, let transaction = details.transaction {
                    var response = ResponseDraft(202, to: details.request, toTag: localTag(of: id.any))
                    response.fields.append(.referSub, "false")
                    respond(transaction, response, contact: localContact(for: details.request), at: now)
                }
                drive(id, .grantedWithoutSubscription, at: now)
            case .refuse(let status): drive(id, .rejected(status), at: now)
            case .notify(let status):
                remember(id, .active, status)
                drive(id, .changed(.active), at: now)
            case .conclude(let status):
                remember(id, .terminated(reason: "noresource", retryAfter: nil), status)
                if records[id.any]?.endedAt == nil { drive(id, .terminated(reason: "noresource"), at: now) }
            }
        }
        touch(id.any)
    }

    private mutating func remember(
        _ id: UsageID<ServerSubscription>, _ standing: Standing, _ status: SipfragStatus
    ) {
        remember(id, standing, SipfragStatus.contentType, status.octets)
    }

    mutating func referralDeadline(_ id: UsageID<ServerSubscription>, at now: Instant) {
        guard let due = watchers[id]?.details.referral?.progress.nextDeadline, due <= now else { return }
        drive(id, referral: .deadlineReached, at: now)
    }

    // MARK: Whose

    /// The session in a dialog.
    func sessionID(in dialog: DialogID) -> SessionID? {
        dialogs.usages(in: dialog).first { $0.kind == .clientInviteSession || $0.kind == .serverInviteSession }
            .map { sessionID($0) }
    }
    /// The account that a request from outside was meant for.
    func account(addressedBy message: SIPMessage) -> AccountID? {
        let user = (try? message.requestURI())?.sip?.user
        return accounts.filter { $0.value.user == user }.keys.min { $0.serial < $1.serial }
    }
}

extension SessionClosing {
    /// How a call that came to nothing is told to whoever asked for it (RFC 3515 §2.4.5).
    var sipfrag: SipfragStatus {
        switch self {
        case .refused(let status, let reason): SipfragStatus(status, reason: reason)
        case .failed(.timedOut): SipfragStatus(408)
        case .failed(.unreachable), .failed(.untrusted): SipfragStatus(503)
        case .failed(.status(let status, let reason)): SipfragStatus(status, reason: reason)
        case .failed(.credentials(let status, _)): SipfragStatus(status)
        case .byUs, .byPeer, .cancelledByPeer: SipfragStatus(487)
        }
    }
}
