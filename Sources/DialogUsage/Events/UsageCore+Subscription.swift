package import SIPMessage
import SIPTransaction
package import SansIO

/// What a subscription asks for.
struct SubscriptionDetails: Sendable {
    var event: EventType
    /// Whom or what the first SUBSCRIBE named; a later one in a new dialog names it again.
    var peer: AnyURI
    /// Which documents NOTIFY may carry; empty: any.
    var accept: [String]
    var resubscription: ResubscriptionPolicy
    /// Until then a NOTIFY from elsewhere is from a fork of our SUBSCRIBE: Timer N (§4.1.2.4).
    var forksUntil: Instant
    /// SIP-ETag of the newest NOTIFY in the present dialog (RFC 5839 §5.3).
    var entityTag: String?
    /// Of a subscription that a REFER made.
    var referral: Boxed<OutgoingReferral>?
    /// How often in a row the notifier named a longer time.
    var raises = 0
}

/// SUBSCRIBE and the NOTIFYs it brings: from the machine to the wire and back (RFC 6665 §4.1).
extension UsageCore {
    package mutating func subscribe(
        _ accountID: AccountID, to peer: AnyURI, event: EventType, accept: [String], expires: Duration,
        resubscription: ResubscriptionPolicy? = nil, at now: Instant
    ) throws(UsageError) -> (UsageID<ClientSubscription>, [UsageOutput]) {
        let account = try gate(accountID)
        try limit(subscriptions.count, .clientSubscription)
        let id = subscriptions.nextID()
        let (usage, actions) = ClientSubscription.start(asking: expires, patience: subscribersPatience, at: now)
        let details = SubscriptionDetails(
            event: event, peer: peer, accept: accept, resubscription: resubscription ?? configuration.resubscription,
            forksUntil: now + subscribersPatience.timerN)
        subscriptions[id] = .init(usage: usage, details: details)
        open(id.any, account: accountID, dialog: series(from: account, to: peer), peer: peer.description, at: now)
        perform(actions, id, at: now)
        return (id, settle(at: now))
    }

    var subscribersPatience: ClientSubscription.Patience {
        ClientSubscription.Patience(
            timerN: configuration.stack.timers.t1 * 64, notifyGrace: configuration.notifyGrace)
    }

    package mutating func refresh(
        _ id: UsageID<ClientSubscription>, at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        guard subscriptions[id] != nil, records[id.any]?.endedAt == nil else { throw .ended("\(id)") }
        drive(id, .refreshRequested, at: now)
        return settle(at: now)
    }

    mutating func drive(_ id: UsageID<ClientSubscription>, _ input: ClientSubscription.Input, at now: Instant) {
        // Whoever leaves asks for nothing anew (`shutdown.md` R5), nor does whoever is no longer anybody.
        let isOver = coordinator.isActive || records[id.any]?.account.flatMap { accounts[$0] } == nil
        let actions = subscriptions.update(id) { entry in
            entry.usage.handle(input, under: isOver ? .never : entry.details.resubscription, at: now)
        }
        guard let actions else { return }
        perform(actions, id, at: now)
    }

    mutating func perform(
        _ actions: [ClientSubscription.Action], _ id: UsageID<ClientSubscription>, at now: Instant
    ) {
        for action in actions {
            switch action {
            case .subscribe(let which, let expires): sendSubscribe(id, which, expires: expires, at: now)
            case .subscribeAnew(let expires):
                beginAnew(id, at: now)
                sendSubscribe(id, .initial, expires: expires, at: now)
            case .report(let event):
                if subscriptions[id]?.details.referral == nil { report(.subscription(id, event)) }
            case .ended(let outcome): finish(id.any, outcome, at: now)
            }
        }
        touch(id.any)
        if records[id.any] != nil { report(.changed(id.any)) }
    }

    /// A new dialog for a usage whose last one is gone.
    private mutating func beginAnew(_ id: UsageID<ClientSubscription>, at now: Instant) {
        guard let details = subscriptions[id]?.details,
            let account = records[id.any]?.account.flatMap({ accounts[$0] })
        else { return }
        let fresh = series(from: account, to: details.peer)
        move(id.any, to: dialogs.open(fresh, for: id.any))
        let forksUntil = now + subscribersPatience.timerN
        _ = subscriptions.update(id) { entry in
            entry.details.forksUntil = forksUntil
            entry.details.entityTag = nil
            entry.details.raises = 0
        }
    }

    private mutating func sendSubscribe(
        _ id: UsageID<ClientSubscription>, _ which: ClientSubscription.Request, expires: Duration, at now: Instant
    ) {
        guard let details = subscriptions[id]?.details else { return }
        let contact = contact(of: records[id.any]?.account)
        request(.subscribe, for: id.any, .subscribe(which), contact: contact, at: now) { draft in
            draft.fields.append(.event, details.event.description)
            draft.fields.append(.expires, "\(expires.inMilliseconds / 1000)")
            // Where we know the present state, it need not be told again (RFC 5839 §5.6).
            if which == .refresh, let tag = details.entityTag { draft.fields.append(.suppressIfMatch, tag) }
            if !details.accept.isEmpty { draft.fields.append(.accept, details.accept.joined(separator: ", ")) }
        }
    }

    mutating func subscribeAnswered(
        _ id: AnyUsageID, _ which: ClientSubscription.Request, _ response: SIPMessage, _ status: StatusCode,
        at now: Instant
    ) {
        let id = subscriptionID(id)
        guard let details = subscriptions[id]?.details, isOfPresentDialog(try? response.callID(), id) else { return }
        if which == .initial, details.referral != nil, let failure = failure(status, response, of: id.any) {
            drive(id, referral: .refused(failure))
        }
        if status.isSuccess {
            // The NOTIFY may have made the dialog already (§4.4.1); only the first one to come makes it.
            if dialog(of: id.any)?.isEstablished == false {
                _ = updateDialog(of: id.any) { try? $0.establish(by: response) }
            }
            if which == .initial, let referral = details.referral {
                return referAccepted(id, referral, response, status, at: now)
            }
            let granted = (try? response.expires()).flatMap { $0 }.map(lease)
            _ = subscriptions.update(id) { $0.details.raises = 0 }
            drive(id, .answered(which, .accepted(status, granted: granted)), at: now)
        } else if status == 423, let minimum = try? response.minExpires(),
            details.raises < configuration.limits.intervalRaises
        {
            _ = subscriptions.update(id) { $0.details.raises += 1 }
            drive(id, .answered(which, .intervalTooBrief(minimum: lease(minimum))), at: now)
        } else if status == 401 || status == 407 {
            let realm = foreignRealm(in: response, to: id.any)
            drive(id, .answered(which, .unauthorized(status, foreignRealm: realm)), at: now)
        } else {
            let failure = Failure.status(status, reason: visible(response.reasonPhrase))
            drive(id, .answered(which, .failed(failure, retryAfter: retryAfter(response))), at: now)
        }
    }

    /// What still comes in a dialog that has been given up says nothing of the one that took its place.
    private func isOfPresentDialog(_ callID: String?, _ id: UsageID<ClientSubscription>) -> Bool {
        callID == dialog(of: id.any)?.callID
    }

    mutating func subscribeFailed(
        _ request: SentRequest, _ which: ClientSubscription.Request, _ failure: Failure, at now: Instant
    ) {
        let id = request.usage
        guard isOfPresentDialog(request.draft.fields.first(.callID), subscriptionID(id)) else { return }
        if which == .initial { drive(subscriptionID(id), referral: .refused(failure)) }
        drive(subscriptionID(id), .answered(which, .failed(failure)), at: now)
    }
}
