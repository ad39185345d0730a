package import SIPMessage
import SIPTransaction
package import SansIO

/// What a subscription asks for.
struct SubscriptionDetails: Sendable {
    var event: EventType
    var accept: [String]
    /// Of a subscription that a REFER made.
    var referral: OutgoingReferral?
}

/// SUBSCRIBE and the NOTIFYs it brings: from the machine to the wire and back (RFC 6665 §4.1).
extension UsageCore {
    package mutating func subscribe(
        _ accountID: AccountID, to peer: AnyURI, event: EventType, accept: [String], expires: Duration,
        at now: Instant
    ) throws(UsageError) -> (UsageID<ClientSubscription>, [UsageOutput]) {
        let account = try gate(accountID)
        try limit(subscriptions.count, .clientSubscription)
        let id = subscriptions.nextID()
        let patience = ClientSubscription.Patience(
            timerN: configuration.stack.timers.t1 * 64, notifyGrace: configuration.notifyGrace)
        let (usage, actions) = ClientSubscription.start(asking: expires, patience: patience, at: now)
        subscriptions[id] = .init(usage: usage, details: SubscriptionDetails(event: event, accept: accept))
        open(id.any, account: accountID, dialog: series(from: account, to: peer), peer: peer.description, at: now)
        perform(actions, id, at: now)
        return (id, settle(at: now))
    }

    package mutating func refresh(
        _ id: UsageID<ClientSubscription>, at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        guard subscriptions[id] != nil, records[id.any]?.endedAt == nil else { throw .ended("\(id)") }
        drive(id, .refreshRequested, at: now)
        return settle(at: now)
    }

    mutating func drive(_ id: UsageID<ClientSubscription>, _ input: ClientSubscription.Input, at now: Instant) {
        guard let actions = subscriptions.update(id, { $0.usage.handle(input, at: now) }) else { return }
        perform(actions, id, at: now)
    }

    private mutating func perform(
        _ actions: [ClientSubscription.Action], _ id: UsageID<ClientSubscription>, at now: Instant
    ) {
        for action in actions {
            switch action {
            case .subscribe(let which, let expires): sendSubscribe(id, which, expires: expires, at: now)
            case .report(let event):
                if subscriptions[id]?.details.referral == nil { report(.subscription(id, event)) }
            case .ended(let outcome): finish(id.any, outcome, at: now)
            }
        }
        touch(id.any)
        if records[id.any] != nil { report(.changed(id.any)) }
    }

    private mutating func sendSubscribe(
        _ id: UsageID<ClientSubscription>, _ which: ClientSubscription.Request, expires: Duration, at now: Instant
    ) {
        guard let details = subscriptions[id]?.details else { return }
        let contact = contact(of: records[id.any]?.account)
        request(.subscribe, for: id.any, .subscribe(which), contact: contact, at: now) { draft in
            draft.fields.append(.event, details.event.description)
            draft.fields.append(.expires, "\(expires.inMilliseconds / 1000)")
            if !details.accept.isEmpty { draft.fields.append(.accept, details.accept.joined(separator: ", ")) }
        }
    }

    mutating func subscribeAnswered(
        _ id: AnyUsageID, _ which: ClientSubscription.Request, _ response: SIPMessage, _ status: StatusCode,
        at now: Instant
    ) {
        let id = subscriptionID(id)
        guard let details = subscriptions[id]?.details else { return }
        if which == .initial, details.referral != nil, let failure = Self.failure(status, response) {
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
            let asked = (try? response.expires()) ?? 3600
            drive(id, .answered(which, .accepted(status, granted: lease(asked))), at: now)
        } else if status == 423, let minimum = try? response.minExpires() {
            drive(id, .answered(which, .intervalTooBrief(minimum: lease(minimum))), at: now)
        } else if status == 401 || status == 407 {
            drive(id, .answered(which, .unauthorized(status)), at: now)
        } else {
            let failure = Failure.status(status, reason: visible(response.reasonPhrase))
            drive(id, .answered(which, .failed(failure)), at: now)
        }
    }

    mutating func subscribeFailed(
        _ id: AnyUsageID, _ which: ClientSubscription.Request, _ failure: Failure, at now: Instant
    ) {
        if which == .initial { drive(subscriptionID(id), referral: .refused(failure)) }
        drive(subscriptionID(id), .answered(which, .failed(failure)), at: now)
    }

    /// A NOTIFY for a subscription of ours, perhaps before the answer to our SUBSCRIBE (§4.1.2.4).
    mutating func notified(
        _ id: UsageID<ClientSubscription>, _ message: SIPMessage, _ transaction: ServerTransactionID, at now: Instant
    ) {
        guard let details = subscriptions[id]?.details else { return }
        guard let event = try? message.event(), details.isNamed(by: event) else {
            // A REFER that nobody sent is no unknown event, but an unknown subscription (RFC 6665 §4.1.3).
            return refuse(transaction, message, details.referral == nil ? 489 : 481, at: now)
        }
        guard let state = try? message.subscriptionState() else { return refuse(transaction, message, 400, at: now) }
        let isReadable = updateDialog(of: id.any) { dialog in
            guard !dialog.isEstablished else {
                dialog.refreshTarget(from: message)
                return true
            }
            return (try? dialog.establish(byRequest: message)) != nil
        }
        guard isReadable == true else { return refuse(transaction, message, 400, at: now) }
        respond(transaction, ResponseDraft(200, to: message), at: now)
        let granted = state.expires.map(lease)
        let standing = Standing(state, longestRetry: configuration.limits.longestRetry)
        let type = (try? message.contentType()).flatMap { $0 }?.description
        if details.referral != nil {
            referralNotified(id, message, event)
        } else {
            report(
                .subscription(id, .notified(standing, contentType: type, body: Array(message.body), expires: granted)))
        }
        switch standing {
        case .pending, .active: drive(id, .notified(.live(standing, granted: granted)), at: now)
        case .terminated: drive(id, .notified(.terminated), at: now)
        }
    }
}

extension Standing {
    /// An unknown state of Subscription-State counts as `active` no more than as ended; it is read as pending.
    init(_ state: SubscriptionState, longestRetry: Duration) {
        switch state.state {
        case .active: self = .active
        case .pending, .other: self = .pending
        case .terminated:
            let wait = state.retryAfter.map { min(Duration.seconds(Int64($0)), longestRetry) }
            self = .terminated(reason: state.reason.map { visible($0) }, retryAfter: wait)
        }
    }
}
