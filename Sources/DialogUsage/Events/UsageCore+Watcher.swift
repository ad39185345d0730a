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
    /// Of a subscription that a REFER made.
    var referral: IncomingReferral?
}

/// SUBSCRIBE from outside and the NOTIFYs we owe: from the wire to the machine and back (RFC 6665 §4.2).
extension UsageCore {
    mutating func watched(
        _ message: SIPMessage, _ transaction: ServerTransactionID, user: String?, at now: Instant
    ) {
        guard let event = try? message.event() else { return refuse(transaction, message, 489, at: now) }
        // Only REFER makes such a subscription (RFC 3515 §2.4.4).
        guard event.package != "refer" else { return refuse(transaction, message, 403, at: now) }
        guard configuration.notifierPackages.contains(event.package) else {
            var response = ResponseDraft(489, to: message, toTag: entropy.token())
            response.fields.append(.allowEvents, configuration.notifierPackages.sorted().joined(separator: ", "))
            return respond(transaction, response, at: now)
        }
        let resource = watchedResource(message, event.package)
        if let resource, resource == nil { return refuse(transaction, message, 404, at: now) }
        guard watchers.count < configuration.limits.serverSubscriptions else {
            return refuse(transaction, message, 503, retryAfter: 60, at: now)
        }
        let seconds = (try? message.expires()).flatMap { $0 } ?? 3600
        let asking = seconds == 0 ? Duration.zero : lease(seconds)
        guard let dialog = try? Dialog(answering: message, localTag: entropy.token()),
            let from = try? message.from(), let to = try? message.to()
        else { return refuse(transaction, message, 400, at: now) }
        let id = watchers.nextID()
        watchers[id] = .init(
            usage: ServerSubscription(asking: asking),
            details: WatcherDetails(event: event, transaction: transaction, request: message, asking: asking))
        owners[transaction] = id.any
        open(id.any, account: nil, dialog: dialog, peer: from.uri.description, at: now)
        let request = SubscriptionRequest(
            event: event, request: message, from: from, to: to, expires: asking, authenticatedUser: user)
        guard let resource, let resource else { return report(.watcher(id, .requested(request))) }
        report(.watcher(id, .admitted(request)))
        admit(id, to: resource, asking: asking, at: now)
    }

    /// A further SUBSCRIBE in the dialog: renewal, or the end when it says Expires 0 (§4.2.1.3).
    mutating func watchedAgain(
        _ id: UsageID<ServerSubscription>, _ message: SIPMessage, _ transaction: ServerTransactionID, at now: Instant
    ) {
        guard let entry = watchers[id] else { return }
        guard let event = try? message.event() else { return refuse(transaction, message, 489, at: now) }
        guard entry.details.isNamed(by: event) else {
            return refuse(transaction, message, event.package == "refer" ? 403 : 489, at: now)
        }
        switch entry.usage.state {
        case .ending, .ended:
            // Our final NOTIFY is on its way: there is nothing left to renew (test 59).
            return refuse(transaction, message, 481, at: now)
        case .requested:
            return refuse(transaction, message, 500, retryAfter: 1, at: now)
        case .notifying: break
        }
        let asked = (try? message.expires()).flatMap { $0 }
        let granted = asked.map { $0 == 0 ? Duration.zero : lease($0) } ?? entry.details.asking
        _ = watchers.update(id) { entry in
            entry.details.transaction = transaction
            entry.details.request = message
        }
        _ = updateDialog(of: id.any) { $0.refreshTarget(from: message) }
        drive(id, .refreshed(granted: granted), at: now)
        if granted > .zero, watchers[id] != nil, entry.details.referral == nil {
            report(.watcher(id, .refreshed(expires: granted)))
        }
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
        case .terminated(let reason, _): drive(id, .terminated(reason: reason ?? "noresource"), at: now)
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

    mutating func drive(_ id: UsageID<ServerSubscription>, _ input: ServerSubscription.Input, at now: Instant) {
        guard let actions = watchers.update(id, { $0.usage.handle(input, at: now) }) else { return }
        for action in actions {
            guard let details = watchers[id]?.details else { break }
            switch action {
            case .accept(let expires): acceptSubscribe(id, details, expires: expires, at: now)
            case .reject(let status):
                coordinator.saySomething()
                if let transaction = details.transaction {
                    refuse(transaction, details.request, status, retryAfter: status == 480 ? 30 : nil, at: now)
                }
            case .notify(let live, let expiresAt):
                let seconds = max(0, (expiresAt - now).inMilliseconds / 1000)
                let word = live == .active ? "active" : "pending"
                sendNotify(id, .notify, state: "\(word);expires=\(seconds)", details, at: now)
            case .notifyFinal(let final):
                sendNotify(id, .notifyFinal, state: details.lastState(final), details, at: now)
            case .ended(let outcome): finish(id.any, outcome, at: now)
            }
        }
        touch(id.any)
        if records[id.any] != nil { report(.changed(id.any)) }
    }

    private mutating func acceptSubscribe(
        _ id: UsageID<ServerSubscription>, _ details: WatcherDetails, expires: Duration, at now: Instant
    ) {
        guard let transaction = details.transaction, let tag = localTag(of: id.any) else { return }
        let isRefer = details.request.method == .refer
        var response = ResponseDraft(isRefer ? 202 : 200, to: details.request, toTag: tag)
        copyRecordRoute(from: details.request, to: &response)
        if !isRefer { response.fields.append(.expires, "\(expires.inMilliseconds / 1000)") }
        respond(transaction, response, contact: localContact(for: details.request), at: now)
        _ = watchers.update(id) { $0.details.transaction = nil }
    }

    private mutating func sendNotify(
        _ id: UsageID<ServerSubscription>, _ purpose: SentRequest.Purpose, state: String, _ details: WatcherDetails,
        at now: Instant
    ) {
        request(.notify, for: id.any, purpose, contact: localContact(for: details.request), at: now) { draft in
            draft.fields.append(.event, details.event.description)
            draft.fields.append(.subscriptionState, state)
            if let type = details.contentType, !details.body.isEmpty {
                draft.fields.append(.contentType, type)
                draft.body = details.body
            }
        }
    }

    mutating func notifyAnswered(_ id: AnyUsageID, _ failure: Failure?, _ status: StatusCode?, at now: Instant) {
        if let failure {
            drive(watcherID(id), .notifyAnswered(.failed(failure)), at: now)
        } else {
            drive(watcherID(id), .notifyAnswered(.accepted(status ?? 200)), at: now)
        }
    }
}

extension WatcherDetails {
    /// Whether a SUBSCRIBE with this Event is for it. That of a REFER may be named without an id where it is the only one.
    func isNamed(by other: EventType) -> Bool {
        event.package == other.package && (event.id == other.id || (referral != nil && other.id == nil))
    }
    /// The state of a referral does not come back, whyever its subscription ends (RFC 3515 §2.4.7, W17).
    func lastState(_ final: ServerSubscription.Final) -> String {
        referral == nil ? final.subscriptionState : "terminated;reason=noresource"
    }
}

extension ServerSubscription.Final {
    /// The value of Subscription-State in the last NOTIFY (RFC 6665 §4.1.3, `shutdown.md` W16).
    var subscriptionState: String {
        switch self {
        case .goingAway: "terminated;reason=probation;retry-after=60"
        case .timeout: "terminated;reason=timeout"
        case .said(let reason): "terminated;reason=\(reason)"
        }
    }
}
