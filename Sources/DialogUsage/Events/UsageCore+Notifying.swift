import SIPMessage
import SIPTransaction
import SansIO

/// What a ServerSubscription says: from the machine to the wire and back (RFC 6665 §4.2.2).
extension UsageCore {
    mutating func drive(_ id: UsageID<ServerSubscription>, _ input: ServerSubscription.Input, at now: Instant) {
        if isSuppressed(id, input) { return }
        guard let actions = watchers.update(id, { $0.usage.handle(input, at: now) }) else { return }
        for action in actions {
            guard let details = watchers[id]?.details else { break }
            switch action {
            case .accept(let expires): acceptSubscribe(id, details.value, 200, expires: expires, at: now)
            case .acceptQuietly(let expires): acceptSubscribe(id, details.value, 204, expires: expires, at: now)
            case .reject(let status):
                coordinator.saySomething()
                if let transaction = details.transaction {
                    refuse(transaction, details.request, status, retryAfter: status == 480 ? 30 : nil, at: now)
                }
            case .notify(let live, let expiresAt):
                let seconds = max(0, (expiresAt - now).inMilliseconds / 1000)
                let word = live == .active ? "active" : "pending"
                sendNotify(id, .notify, state: "\(word);expires=\(seconds)", details.value, at: now)
            case .notifyFinal(let final):
                sendNotify(id, .notifyFinal, state: details.value.lastState(final), details.value, at: now)
            case .ended(let outcome): finish(id.any, outcome, at: now)
            }
        }
        touch(id.any)
        if records[id.any] != nil { report(.changed(id.any)) }
    }

    /// News that the watcher does not want to hear is none (RFC 5839 §6.2): the state that he knows, or any (`*`).
    private func isSuppressed(_ id: UsageID<ServerSubscription>, _ input: ServerSubscription.Input) -> Bool {
        guard case .changed(let live) = input, let entry = watchers[id], entry.details.isKnown,
            case .notifying(live, _, _) = entry.usage.state
        else { return false }
        return true
    }

    /// 200 to a SUBSCRIBE, 202 to a REFER (RFC 3515 §2.4.2).
    mutating func acceptSubscribe(
        _ id: UsageID<ServerSubscription>, _ details: WatcherDetails, _ status: StatusCode, expires: Duration,
        at now: Instant
    ) {
        guard let transaction = details.transaction, let tag = localTag(of: id.any) else { return }
        let isRefer = details.request.method == .refer
        var response = ResponseDraft(isRefer ? 202 : status, to: details.request, toTag: tag)
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
            if details.referral == nil { draft.fields.append(.sipETag, details.entityTag) }
            // What the watcher knows is not told again (RFC 5839 §6.2).
            if let type = details.contentType, !details.body.isEmpty, !details.isKnown {
                draft.fields.append(.contentType, type)
                draft.body = details.body
            }
        }
    }

    mutating func notifyAnswered(
        _ id: AnyUsageID, _ failure: Failure?, _ status: StatusCode?, retryAfter: Duration?, at now: Instant
    ) {
        if let failure {
            drive(watcherID(id), .notifyAnswered(.failed(failure, retryAfter: retryAfter)), at: now)
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
    /// Names the present document, and no other of this resource (RFC 5839 §6.1).
    var entityTag: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in Array((contentType ?? "").utf8) + [0] + body { hash = (hash ^ UInt64(byte)) &* 0x0100_0000_01b3 }
        return String(hash, radix: 16) + "." + String(body.count)
    }
    /// Whether the condition that the watcher has set holds: it need not be told the document.
    var isKnown: Bool { referral == nil && condition.map { $0 == "*" || $0 == entityTag } == true }
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
        case .said(let reason, nil): "terminated;reason=\(reason)"
        case .said(let reason, let retryAfter?):
            "terminated;reason=\(reason);retry-after=\(max(0, retryAfter.inMilliseconds / 1000))"
        }
    }
}
