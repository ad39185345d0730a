package import SIPMessage
import SIPTransaction
package import SansIO

/// What a subscription asks for.
struct SubscriptionDetails: Sendable {
    var event: EventType
    /// Of these types a NOTIFY may be; empty: of any.
    var accept: [String]
    /// Whom it was first asked of, for the SUBSCRIBE after an end.
    var target: AnyURI?
    /// Subscriptions that its forks have made.
    var forks = 0
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
        let (usage, actions) = ClientSubscription.start(asking: expires, patience: patience, at: now)
        let types = accept.isEmpty ? event.documentTypes : accept
        subscriptions[id] = .init(
            usage: usage, details: SubscriptionDetails(event: event, accept: types, target: peer))
        open(id.any, account: accountID, dialog: series(from: account, to: peer), peer: peer.description, at: now)
        perform(actions, id, at: now)
        return (id, settle(at: now))
    }

    var patience: ClientSubscription.Patience {
        .init(timerN: configuration.stack.timers.t1 * 64, notifyGrace: configuration.notifyGrace)
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
            case .startAnew: startAnew(id)
            case .subscribe(let which, let expires): sendSubscribe(id, which, expires: expires, at: now)
            case .report(let event):
                if subscriptions[id]?.details.referral == nil { report(.subscription(id, event)) }
            case .ended(let outcome): finish(id.any, outcome, at: now)
            }
        }
        touch(id.any)
        if records[id.any] != nil { report(.changed(id.any)) }
    }

    /// The next SUBSCRIBE is unrelated to those before: a new Call-ID, a new tag (§4.1.2.2).
    private mutating func startAnew(_ id: UsageID<ClientSubscription>) {
        guard let target = subscriptions[id]?.details.target, let account = records[id.any]?.account,
            let known = accounts[account]
        else { return }
        move(id.any, to: dialogs.open(series(from: known, to: target), for: id.any))
    }

    /// What comes of an end that the notifier made. Nothing does while we are on our way out (R5).
    private mutating func comeback(
        _ id: UsageID<ClientSubscription>, after wait: Duration?
    ) -> ClientSubscription.Comeback {
        guard !coordinator.isActive, let wait, let details = subscriptions[id]?.details, details.referral == nil,
            details.target != nil, let account = records[id.any]?.account, accounts[account] != nil
        else { return .never }
        return .init(after: min(wait, configuration.limits.longestRetry), jitter: entropy.fraction())
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
        } else if which != .initial || dialog(of: id.any)?.isEstablished == true, subscriptionGone.contains(status) {
            let wait: Duration? = configuration.resubscription.afterStatus.contains(status.value) ? .zero : nil
            drive(id, .answered(which, .gone(status, comeback(id, after: wait))), at: now)
        } else {
            let failure = Failure.status(status, reason: visible(response.reasonPhrase))
            drive(id, .answered(which, .failed(failure, retryAfter: retryAfter(response))), at: now)
        }
    }

    mutating func subscribeFailed(
        _ id: AnyUsageID, _ which: ClientSubscription.Request, _ failure: Failure, at now: Instant
    ) {
        if which == .initial { drive(subscriptionID(id), referral: .refused(failure)) }
        drive(subscriptionID(id), .answered(which, .failed(failure, retryAfter: nil)), at: now)
    }

    /// A NOTIFY for a subscription of ours, perhaps before the answer to our SUBSCRIBE (§4.1.2.4).
    mutating func notified(
        _ id: UsageID<ClientSubscription>, _ message: SIPMessage, _ transaction: ServerTransactionID, at now: Instant
    ) {
        guard let details = subscriptions[id]?.details else { return }
        guard let event = try? message.event(), details.isNamed(by: event) else {
            return refuse(transaction, message, 481, at: now)  // No such subscription (RFC 6665 §4.1.3, §4.5.2).
        }
        guard let state = try? message.subscriptionState() else { return refuse(transaction, message, 400, at: now) }
        let type = (try? message.contentType()).flatMap { $0 }
        guard message.body.isEmpty || details.reads(type) else {
            var response = ResponseDraft(415, to: message)
            response.fields.append(.accept, details.accept.joined(separator: ", "))
            return respond(transaction, response, at: now)
        }
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
        if details.referral != nil {
            referralNotified(id, message, event)
        } else {
            report(
                .subscription(
                    id, .notified(standing, contentType: type?.description, body: Array(message.body), expires: granted)
                ))
        }
        switch standing {
        case .pending, .active: drive(id, .notified(.live(standing, granted: granted)), at: now)
        case .terminated(let reason, let retryAfter):
            let wait = configuration.resubscription.wait(after: reason, retryAfter: retryAfter)
            drive(id, .notified(.terminated(comeback(id, after: wait))), at: now)
        }
    }
}

// MARK: Forks

extension UsageCore {
    /// A NOTIFY that answers our SUBSCRIBE from another place than the first one did (§4.4.1): a further subscription with a
    /// dialog of its own, where the package has such. nil: none.
    mutating func forkedSubscription(by notify: SIPMessage, at now: Instant) -> DialogID? {
        guard notify.method == .notify, let key = DialogSetKey(to: notify), let event = try? notify.event(),
            configuration.forkingPackages.contains(event.package)
        else { return nil }
        let known = dialogs.set(key).flatMap { dialogs.usages(in: $0) }.first { id in
            id.kind == .clientSubscription && subscriptions[any: id]?.details.isNamed(by: event) == true
        }
        guard let known, let entry = subscriptions[any: known], let record = records[known],
            var dialog = dialogs[record.dialog], (try? dialog.establish(byRequest: notify)) != nil,
            entry.details.forks < configuration.limits.forksOfSubscription,
            (try? limit(subscriptions.count, .clientSubscription)) != nil
        else { return nil }
        _ = subscriptions.update(subscriptionID(known)) { $0.details.forks += 1 }
        let id = subscriptions.nextID()
        let usage = ClientSubscription.forked(asking: entry.usage.asking ?? .seconds(3600), patience: patience, at: now)
        var details = entry.details
        details.target = nil  // After its end the other one subscribes again, for both.
        subscriptions[id] = .init(usage: usage, details: details)
        open(id.any, account: record.account, dialog: dialog, peer: record.peer, at: now)
        report(.subscription(id, .forked(from: subscriptionID(known))))
        return records[id.any]?.dialog
    }
}

extension SubscriptionDetails {
    /// Whether a body of this type can be read; a type that is not said is the package's own.
    func reads(_ type: MediaType?) -> Bool {
        guard let type, !accept.isEmpty else { return true }
        let name = "\(type.type)/\(type.subtype)".lowercased()
        return accept.contains { entry in
            let wanted = entry.split(separator: ";").first.map { $0.lowercased().filter { $0 != " " } } ?? ""
            return wanted == name || wanted == "*/*" || wanted == "\(type.type.lowercased())/*"
        }
    }
}

extension EventType {
    /// The documents that its NOTIFYs carry, for Accept (RFC 6665 §3.1.3); empty for a package that is not known here.
    var documentTypes: [String] {
        switch package {
        case "presence": ["application/pidf+xml"]
        case "presence.winfo": ["application/watcherinfo+xml"]
        case "dialog": ["application/dialog-info+xml"]
        case "message-summary": ["application/simple-message-summary"]
        case "reg": ["application/reginfo+xml"]
        default: []
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
