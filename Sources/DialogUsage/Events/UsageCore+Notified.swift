import SIPMessage
import SIPTransaction
import SansIO

/// NOTIFY for subscriptions of ours (RFC 6665 §4.1.3). Each is answered at once: no user is asked.
extension UsageCore {
    mutating func notified(
        _ id: UsageID<ClientSubscription>, _ message: SIPMessage, _ transaction: ServerTransactionID, at now: Instant
    ) {
        guard let details = subscriptions[id]?.details else { return }
        // Another event, or another id, is another subscription, which we do not have (§4.1.3, §4.5.2).
        guard let event = try? message.event(), details.value.isNamed(by: event) else {
            return refuse(transaction, message, 481, at: now)
        }
        guard let state = try? message.subscriptionState() else { return refuse(transaction, message, 400, at: now) }
        let awaitsFirst = subscriptions[id]?.usage.awaitsFirstNotify == true
        let isReadable = updateDialog(of: id.any) { dialog in
            guard dialog.isEstablished else { return (try? dialog.establish(byRequest: message)) != nil }
            // The route set is that of the first NOTIFY, whatever the 2xx said (§4.4.1).
            if awaitsFirst, details.referral == nil { dialog.takeRoute(from: message) }
            dialog.refreshTarget(from: message)
            return true
        }
        guard isReadable == true else { return refuse(transaction, message, 400, at: now) }
        let document = document(of: message, for: details.value)
        if document == nil {
            var fields = FieldList()
            fields.append(.accept, details.accept.joined(separator: ", "))
            reply(transaction, message, 415, fields: fields, at: now)
        } else {
            respond(transaction, ResponseDraft(200, to: message), at: now)
            if let tag = message.value(.sipETag) { _ = subscriptions.update(id) { $0.details.entityTag = tag } }
        }
        let granted = state.expires.map(lease)
        let standing = Standing(state, longestRetry: configuration.limits.longestRetry)
        if details.referral != nil {
            referralNotified(id, message, event)
        } else {
            report(
                .subscription(
                    id,
                    .notified(standing, contentType: document?.type, body: document?.body ?? [], expires: granted)))
        }
        switch standing {
        case .pending, .active, .unknown: drive(id, .notified(.live(standing, granted: granted)), at: now)
        case .terminated(let reason, let retryAfter):
            let notification = ClientSubscription.Notification.terminated(
                reason.map(TerminationReason.init), retryAfter: retryAfter)
            drive(id, .notified(notification), at: now)
        }
    }

    private struct NotifiedDocument {
        var type: String?
        var body: [UInt8]
    }
    /// nil: a document that our Accept did not ask for (§3.2.1). What Subscription-State says counts all the same.
    private func document(of message: SIPMessage, for details: SubscriptionDetails) -> NotifiedDocument? {
        let type = (try? message.contentType()).flatMap { $0 }
        if !message.body.isEmpty, !details.accept.isEmpty, details.referral == nil {
            guard let type, details.accept.contains(where: { type.matches($0) }) else { return nil }
        }
        return NotifiedDocument(type: type?.description, body: Array(message.body))
    }

    // MARK: Forks

    /// A NOTIFY with our tag, from a notifier that we do not know yet (§4.4.1): the first to speak is the one of our
    /// subscription, and of the others the package says whether they are heard (§5.4.9). nil: nobody's, so 481.
    mutating func dialogOfFork(_ message: SIPMessage, at now: Instant) -> DialogID? {
        guard message.method == .notify, let key = DialogSetKey(to: message), let event = try? message.event() else {
            return nil
        }
        for dialog in dialogs.set(key) {
            let usages = dialogs.usages(in: dialog)
            guard let first = usages.first(where: { isForked($0, by: event, at: now) }),
                let entry = subscriptions[any: first]
            else { continue }
            if entry.usage.awaitsFirstNotify, usages.count == 1 {
                // A 2xx of one notifier came, and the NOTIFY of another: the NOTIFY makes the dialog.
                return dialogs.update(dialog) { (try? $0.establish(byRequest: message)) != nil } == true ? dialog : nil
            }
            guard configuration.forkingPackages.contains(event.package), entry.details.referral == nil,
                subscriptions.count < configuration.limits.usagesPerKind,
                dialogs.set(key).count < configuration.limits.forkedSubscriptions
            else { return nil }
            return fork(subscriptionID(first), message, at: now)
        }
        return nil
    }

    /// Whether the SUBSCRIBE of this subscription may just have reached one notifier more (Timer N, §4.1.2.4).
    private func isForked(_ id: AnyUsageID, by event: EventType, at now: Instant) -> Bool {
        guard let details = subscriptions[any: id]?.details else { return false }
        return details.value.isNamed(by: event) && now < details.forksUntil
    }

    /// The other notifier's subscription is a usage of its own. When it is lost it is not asked for again: the usage which
    /// it came from does that, and may be forked anew.
    private mutating func fork(
        _ first: UsageID<ClientSubscription>, _ message: SIPMessage, at now: Instant
    ) -> DialogID? {
        guard var dialog = dialog(of: first.any), (try? dialog.establish(byRequest: message)) != nil,
            let entry = subscriptions[first], let record = records[first.any]
        else { return nil }
        var details = entry.details
        details.entityTag = nil
        details.resubscription = .never
        let id = subscriptions.nextID()
        subscriptions[id] = .init(usage: entry.usage.fork(at: now), details: details.value)
        open(id.any, account: record.account, dialog: dialog, peer: record.peer, at: now)
        records[id.any]?.endedAt = record.endedAt
        report(.subscription(id, .forked(from: first)))
        touch(id.any)
        return records[id.any]?.dialog
    }
}

extension Standing {
    /// An unknown word of Subscription-State is not the end, and no permission either.
    init(_ state: SubscriptionState, longestRetry: Duration) {
        switch state.state {
        case .active: self = .active
        case .pending: self = .pending
        case .other(let word): self = .unknown(visible(word))
        case .terminated:
            let wait = state.retryAfter.map { min(Duration.seconds(Int64($0)), longestRetry) }
            self = .terminated(reason: state.reason.map { visible($0) }, retryAfter: wait)
        }
    }
}
