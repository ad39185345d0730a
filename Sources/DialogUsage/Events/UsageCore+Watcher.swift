package import SIPMessage
import SIPTransaction
package import SansIO

/// What a ServerSubscription needs beside its state.
struct WatcherDetails: Sendable {
    var event: EventType
    var standing: Standing = .pending
    var contentType: String?
    var body: [UInt8] = []
    /// The SUBSCRIBE that waits for its answer.
    var transaction: ServerTransactionID?
    var request: SIPMessage
    var asking: Duration
    /// Suppress-If-Match of the newest SUBSCRIBE: the state which the watcher knows, or `*` (RFC 5839 §6.2).
    var condition: String?
    /// Of a subscription that a REFER made.
    var referral: IncomingReferral?
}

/// SUBSCRIBE from outside and the NOTIFYs we owe: from the wire to the machine and back (RFC 6665 §4.2).
extension UsageCore {
    /// A new subscription: in a dialog of its own, or beside other usages in one that is there (RFC 5057 §3).
    mutating func watched(
        _ message: SIPMessage, _ transaction: ServerTransactionID, in present: DialogID? = nil, user: String?,
        at now: Instant
    ) {
        guard message.has(.event) else { return refuseEvent(transaction, message, at: now) }
        guard let event = try? message.event() else { return refuse(transaction, message, 400, at: now) }
        // Only REFER makes such a subscription (RFC 3515 §2.4.4).
        guard event.package != "refer" else { return refuse(transaction, message, 403, at: now) }
        guard configuration.notifierPackages.contains(event.package) else {
            return refuseEvent(transaction, message, at: now)
        }
        let resource = watchedResource(message, event.package)
        if let resource, resource == nil { return refuse(transaction, message, 404, at: now) }
        guard watchers.count < configuration.limits.serverSubscriptions else {
            return refuse(transaction, message, 503, retryAfter: configuration.limits.overloadPause, at: now)
        }
        guard let asking = asked(message, transaction, otherwise: .seconds(3600), at: now) else { return }
        guard let dialog = Dialog(openedBy: message, localTag: entropy.token()),
            let from = try? message.from(), let to = try? message.to()
        else { return refuse(transaction, message, 400, at: now) }
        let id = watchers.nextID()
        watchers[id] = .init(
            usage: ServerSubscription(asking: asking, answerBy: now + answerTime),
            details: WatcherDetails(
                event: event, transaction: transaction, request: message, asking: asking,
                condition: message.value(.suppressIfMatch)))
        if let present {
            let account = owners[transaction].flatMap { records[$0]?.account }
            open(id.any, account: account, in: present, peer: from.uri.description, at: now)
            _ = updateDialog(of: id.any) { $0.refreshTarget(from: message) }
        } else {
            // NOTIFYs carry the credentials of the account that is watched.
            open(
                id.any, account: account(addressedBy: message), dialog: dialog, peer: from.uri.description, at: now)
        }
        owners[transaction] = id.any
        touch(id.any)
        let request = SubscriptionRequest(
            event: event, request: message, from: from, to: to, expires: asking, authenticatedUser: user)
        guard let resource, let resource else { return report(.watcher(id, .requested(request))) }
        report(.watcher(id, .admitted(request)))
        admit(id, to: resource, asking: asking, at: now)
    }

    /// 489 says what there is to watch (RFC 6665 §8.3.2).
    private mutating func refuseEvent(_ transaction: ServerTransactionID, _ message: SIPMessage, at now: Instant) {
        var fields = FieldList()
        fields.append(.allowEvents, features.eventPackages.joined(separator: ", "))
        reply(transaction, message, 489, fields: fields, at: now)
    }

    /// For how long a SUBSCRIBE wants to watch; zero: to fetch. nil: too briefly, and it has been answered 423.
    private mutating func asked(
        _ message: SIPMessage, _ transaction: ServerTransactionID, otherwise: Duration, at now: Instant
    ) -> Duration? {
        guard let seconds = (try? message.expires()).flatMap({ $0 }) else { return otherwise }
        if seconds == 0 { return .zero }
        let least = configuration.limits.briefestSubscription
        guard .seconds(Int64(seconds)) >= least else {
            var fields = FieldList()
            fields.append(.minExpires, "\(least.inMilliseconds / 1000)")
            reply(transaction, message, 423, fields: fields, at: now)
            return nil
        }
        return lease(seconds)
    }

    /// Whether a SUBSCRIBE in the dialog of this usage renews it, rather than begins another.
    func isRenewal(_ message: SIPMessage, of id: AnyUsageID) -> Bool {
        guard let details = watchers[any: id]?.details else { return false }
        guard message.has(.event) else { return true }
        return (try? message.event()).flatMap { $0 }.map { details.value.isNamed(by: $0) } ?? true
    }

    /// A further SUBSCRIBE in the dialog: renewal, or the end when it says Expires 0 (§4.2.1.3).
    mutating func watchedAgain(
        _ id: UsageID<ServerSubscription>, _ message: SIPMessage, _ transaction: ServerTransactionID, at now: Instant
    ) {
        guard let entry = watchers[id] else { return }
        guard message.has(.event) else { return refuseEvent(transaction, message, at: now) }
        guard (try? message.event()) != nil else { return refuse(transaction, message, 400, at: now) }
        switch entry.usage.state {
        case .ending, .ended:
            // Our final NOTIFY is on its way: there is nothing left to renew (test 59).
            return refuse(transaction, message, 481, at: now)
        case .requested:
            return refuse(transaction, message, 500, retryAfter: configuration.limits.busyPause, at: now)
        case .notifying: break
        }
        guard let granted = asked(message, transaction, otherwise: entry.details.asking, at: now) else { return }
        _ = watchers.update(id) { entry in
            entry.details.transaction = transaction
            entry.details.request = message
            entry.details.condition = message.value(.suppressIfMatch)
        }
        _ = updateDialog(of: id.any) { $0.refreshTarget(from: message) }
        let knows = watchers[id]?.details.isKnown == true
        drive(id, knows ? .refreshedKnowing(granted: granted) : .refreshed(granted: granted), at: now)
        guard granted > .zero, watchers[id] != nil, entry.details.referral == nil else { return }
        report(.watcher(id, .refreshed(expires: granted)))
    }

    /// Answers 200 and sends the first NOTIFY.
    package mutating func accept(
        _ id: UsageID<ServerSubscription>, standing: Standing, contentType: String?, body: [UInt8], at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        let asking = try awaiting(id, "accept").details.asking
        remember(id, standing, contentType, body)
        drive(id, .accepted(standing == .pending ? .pending : .active, granted: asking), at: now)
        return settle(at: now)
    }

    package mutating func reject(
        _ id: UsageID<ServerSubscription>, status: StatusCode, at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        _ = try awaiting(id, "reject")
        drive(id, .rejected(status), at: now)
        return settle(at: now)
    }

    /// Tells the watcher the present state; `.terminated` ends the subscription with that reason.
    package mutating func notify(
        _ id: UsageID<ServerSubscription>, standing: Standing, contentType: String?, body: [UInt8], at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        guard watchers[id] != nil, records[id.any]?.endedAt == nil else { throw .ended("\(id)") }
        if case .unknown = standing {
            throw .notNow(command: "notify", state: "a notifier says pending, active or terminated (RFC 6665 §4.2.2)")
        }
        remember(id, standing, contentType, body)
        switch standing {
        case .pending: drive(id, .changed(.pending), at: now)
        case .unknown: break
        case .active: drive(id, .changed(.active), at: now)
        case .terminated(let reason, let retryAfter):
            drive(id, .terminated(reason: reason ?? "noresource", retryAfter: retryAfter), at: now)
        }
        return settle(at: now)
    }

    private func awaiting(
        _ id: UsageID<ServerSubscription>, _ command: String
    ) throws(UsageError) -> UsageTable<ServerSubscription, WatcherDetails>.Entry {
        guard let entry = watchers[id] else { throw .ended("\(id)") }
        guard case .requested = entry.usage.state else {
            throw .notNow(command: command, state: "the SUBSCRIBE has been answered")
        }
        return entry
    }
    mutating func remember(
        _ id: UsageID<ServerSubscription>, _ standing: Standing, _ contentType: String?, _ body: [UInt8]
    ) {
        _ = watchers.update(id) { entry in
            entry.details.standing = standing
            entry.details.contentType = contentType
            entry.details.body = body
        }
    }
}
