package import SIPMessage
import SIPTransaction
package import SansIO

/// What the subscription of a REFER of ours is about.
struct OutgoingReferral: Sendable {
    var progress = ClientReferral()
    var referTo: NameAddress
    var referredBy: NameAddress?
    var wantsReports: Bool
}

/// REFER of ours, and the news it brings (RFC 3515 §2.4, RFC 5589).
///
/// A REFER makes a subscription as SUBSCRIBE does: a ClientSubscription to `refer`, which lives in the dialog of the
/// REFER, also when the session there has ended (RFC 5057 §3).
extension UsageCore {
    /// Asks the peer of a session to call `uri` (blind transfer, RFC 5589 §6).
    package mutating func refer(
        _ session: SessionID, to uri: AnyURI, wantsReports: Bool = true, at now: Instant
    ) throws(UsageError) -> (UsageID<ClientSubscription>, [UsageOutput]) {
        try refer(session, ReferTarget.asking(uri, replacing: nil), wantsReports: wantsReports, at: now)
    }

    /// Asks the peer of a session to take our place in another one (attended transfer, RFC 5589 §7). There the Replaces
    /// will be compared as a request from us would be: its to-tag is the other end's own (RFC 3891 §3).
    package mutating func refer(
        _ session: SessionID, toTakeOver other: SessionID, wantsReports: Bool = true, at now: Instant
    ) throws(UsageError) -> (UsageID<ClientSubscription>, [UsageOutput]) {
        guard records[other.any]?.endedAt == nil else { throw .ended("\(other)") }
        guard session != other, let place = place(of: other) else {
            throw .notNow(command: "transfer to \(other)", state: "it is not another call that is connected")
        }
        let target = ReferTarget.asking(place.target, replacing: place.replaces)
        return try refer(session, target, wantsReports: wantsReports, at: now)
    }

    /// Asks the peer of a session for what somebody else has asked us for.
    package mutating func refer(
        _ session: SessionID, passingOn target: ReferTarget, at now: Instant
    ) throws(UsageError) -> (UsageID<ClientSubscription>, [UsageOutput]) {
        try refer(
            session, ReferTarget.asking(target.uri, replacing: target.replaces), wantsReports: true, at: now)
    }

    /// Where the peer of a connected session is called by whoever is to take our place in it, and what the call says then
    /// (RFC 3891 §3).
    package func place(of session: SessionID) -> (target: AnyURI, replaces: Replaces)? {
        guard records[session.any]?.endedAt == nil, isEstablished(session), let dialog = dialog(of: session.any),
            let remoteTag = dialog.remoteTag
        else { return nil }
        return (
            dialog.remoteTarget, Replaces(callID: dialog.callID, toTag: remoteTag, fromTag: dialog.localTag)
        )
    }

    private mutating func refer(
        _ session: SessionID, _ referTo: NameAddress, wantsReports: Bool, at now: Instant
    ) throws(UsageError) -> (UsageID<ClientSubscription>, [UsageOutput]) {
        guard !coordinator.isActive else { throw .shuttingDown }
        guard let record = records[session.any], record.endedAt == nil else { throw .ended("\(session)") }
        guard isEstablished(session) else { throw .notNow(command: "transfer", state: "the call is not connected") }
        try limit(subscriptions.count, .clientSubscription)
        let account = record.account.flatMap { accounts[$0] }
        let id = referralSubscription(referTo, by: account, wantsReports: wantsReports, at: now)
        open(id.any, account: record.account, in: record.dialog, peer: record.peer, at: now)
        sendRefer(id, contact: sessionContact(session), at: now)
        return (id, settle(at: now))
    }

    /// Asks somebody outside any session to call `uri`. The subscription gets a dialog of its own.
    package mutating func refer(
        _ accountID: AccountID, _ peer: AnyURI, to uri: AnyURI, at now: Instant
    ) throws(UsageError) -> (UsageID<ClientSubscription>, [UsageOutput]) {
        let account = try gate(accountID)
        try limit(subscriptions.count, .clientSubscription)
        // A REFER that may be forked does not say Refer-Sub: false (RFC 4488 §5).
        let referTo = ReferTarget.asking(uri, replacing: nil)
        let id = referralSubscription(referTo, by: account, wantsReports: true, at: now)
        open(id.any, account: accountID, dialog: series(from: account, to: peer), peer: peer.description, at: now)
        sendRefer(id, contact: contact(of: accountID), at: now)
        return (id, settle(at: now))
    }

    private mutating func referralSubscription(
        _ referTo: NameAddress, by account: Account?, wantsReports: Bool, at now: Instant
    ) -> UsageID<ClientSubscription> {
        let id = subscriptions.nextID()
        let (usage, _) = ClientSubscription.start(
            asking: configuration.limits.referralLease, patience: subscribersPatience, at: now)
        var details = SubscriptionDetails(
            event: EventType(package: "refer"), peer: referTo.uri, accept: [SipfragStatus.contentType],
            resubscription: .never, forksUntil: now + subscribersPatience.timerN)
        details.referral = Boxed(
            OutgoingReferral(
                referTo: referTo, referredBy: account?.addressOfRecord, wantsReports: wantsReports))
        subscriptions[id] = .init(usage: usage, details: details)
        return id
    }

    private mutating func sendRefer(
        _ id: UsageID<ClientSubscription>, contact: ContactTemplate, at now: Instant
    ) {
        guard let referral = subscriptions[id]?.details.referral else { return }
        request(.refer, for: id.any, .subscribe(.initial), contact: contact, at: now) { draft in
            draft.fields.append(.referTo, referral.referTo.description)
            if let address = referral.referredBy { draft.fields.append(.referredBy, address.description) }
            if !referral.wantsReports { draft.fields.append(.referSub, "false") }
        }
        touch(id.any)
        report(.changed(id.any))
    }

    /// The NOTIFYs of a REFER carry its CSeq number, and a REFER that was challenged has got another one (§2.4.6).
    mutating func noteRefer(_ draft: RequestDraft, for id: AnyUsageID) {
        guard draft.method == .refer else { return }
        _ = subscriptions.update(subscriptionID(id)) { $0.details.event.id = "\(draft.sequence)" }
    }

    // MARK: What becomes of it

    mutating func drive(_ id: UsageID<ClientSubscription>, referral input: ClientReferral.Input) {
        let events = subscriptions.update(id) { $0.details.referral?.progress.handle(input) ?? [] } ?? []
        for event in events { report(.referral(id, event)) }
    }

    /// 2xx to REFER. Without a subscription only if both sides want none (RFC 4488 §4).
    mutating func referAccepted(
        _ id: UsageID<ClientSubscription>, _ referral: Boxed<OutgoingReferral>, _ response: SIPMessage,
        _ status: StatusCode, at now: Instant
    ) {
        if !referral.wantsReports, response.wantsReferSubscription == false {
            drive(id, referral: .acceptedWithoutReports)
            drive(id, .answered(.initial, .acceptedWithoutSubscription(status)), at: now)
        } else {
            drive(id, referral: .accepted)
            drive(id, .answered(.initial, .accepted(status, granted: configuration.limits.referralLease)), at: now)
        }
    }

    /// The status line of a NOTIFY is all that counts (§2.4.5). A notifier that gives no id, as it may for the first
    /// REFER in a dialog, is asked without one too (§2.4.6).
    mutating func referralNotified(_ id: UsageID<ClientSubscription>, _ message: SIPMessage, _ event: EventType) {
        if event.id == nil { _ = subscriptions.update(id) { $0.details.event.id = nil } }
        let type = (try? message.contentType()).flatMap { $0 }?.essence
        var status = type == SipfragStatus.contentType ? SipfragStatus(parsing: Array(message.body)) : nil
        if let reason = status?.reason { status?.reason = visible(reason) }
        drive(id, referral: .notified(status))
    }

    /// A subscription whose referral is decided is not renewed: it is ended where it would be.
    func renewal(of id: UsageID<ClientSubscription>) -> ClientSubscription.Input {
        guard case .concluded = subscriptions[id]?.details.referral?.progress.state,
            case .subscribed(_, _, _, .due, _) = subscriptions[id]?.usage.state
        else { return .deadlineReached }
        return .endRequested
    }
}

extension SubscriptionDetails {
    /// Whether a NOTIFY with this Event is for it. That for the first REFER in a dialog may have no id (RFC 3515 §2.4.6).
    func isNamed(by other: EventType) -> Bool {
        event.package == other.package && (event.id == other.id || (referral != nil && other.id == nil))
    }
}
