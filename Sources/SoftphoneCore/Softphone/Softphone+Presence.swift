import DialogUsage
import EventPackages
import SIPMessage
import SansIO

/// Watching others, and being watched.
extension Softphone {
    mutating func subscribe(
        _ event: String, _ peer: Peer, expires: Duration, accept: String?, _ naming: Naming, _ request: RequestID,
        at now: Instant
    ) throws(CommandFailure) {
        let account = try accounts.chosen(naming.account)
        try names.check(naming.alias)
        let uri = address(peer, of: account)
        let types = accept.map { [$0] } ?? Self.documentTypes(of: event)
        do throws(UsageError) {
            let (id, outputs) = try core.subscribe(
                account.id, to: uri, event: EventType(package: event), accept: types, expires: expires, at: now)
            names.name(id.any, naming.alias)
            waiting.add(request, .subscribed(accepted: false, notified: nil), for: id.any)
            if event == PresenceDocument.eventPackage {
                presence.watch(visible(uri.description), by: id.any, at: now)
            }
            absorb(outputs, at: now)
        } catch {
            throw CommandFailure(error)
        }
    }

    private static func documentTypes(of event: String) -> [String] {
        switch event {
        case PresenceDocument.eventPackage: [PresenceDocument.contentType]
        case MessageSummary.eventPackage: [MessageSummary.contentType]
        case "dialog": ["application/dialog-info+xml"]
        case "presence.winfo": ["application/watcherinfo+xml"]
        case "refer": [SipfragStatus.contentType]
        default: []
        }
    }

    mutating func heard(_ event: SubscriptionEvent, of id: UsageID<ClientSubscription>, at now: Instant) {
        switch event {
        case .accepted: finish(waiting.subscriptionProgressed(id.any, accepted: true), id.any)
        case .refused(let failure):
            fail(waiting.takeSubscribed(of: id.any), CommandFailure(failure, usage: id.any))
            log.note("subscription: \(failure)", .failure, at: now)
        case .notified(let standing, let contentType, let body, let expires):
            notified(id.any, standing, contentType, body, expires, at: now)
        case .refreshed:
            for request in waiting.take(.refreshed, of: id.any) {
                succeed(request, usage: id.any, status: 200, text: subscriptions[id.any]?.standing ?? "accepted")
            }
        case .interrupted(let loss, let retryAt): interrupted(id.any, loss, retryAt, at: now)
        case .forked(let first): forked(id.any, from: first.any, at: now)
        case .refreshFailed(let failure):
            fail(waiting.take(.refreshed, of: id.any), CommandFailure(failure, usage: id.any))
            grewStale(id.any, "refresh failed: \(failure)", at: now)
        }
    }

    private mutating func notified(
        _ id: AnyUsageID, _ standing: Standing, _ contentType: String?, _ body: [UInt8], _ expires: Duration?,
        at now: Instant
    ) {
        let text = visible(String(decoding: body.prefix(configuration.limits.documentText), as: UTF8.self))
        let name = visible(standing.inWords)
        switch standing {
        case .active: presence.fresh(id)
        case .pending, .unknown: presence.unknown(id)
        case .terminated: break
        }
        let before = subscriptions[id]
        subscriptions[id] = SubscriptionNews(standing: name, document: body.isEmpty ? before?.document : text)
        var summary: MessageSummary?
        if !body.isEmpty, standing != .pending { summary = read(body, contentType, of: id, at: now) }
        finish(waiting.subscriptionProgressed(id, notified: name), id)
        for request in waiting.take(.refreshed, of: id) { succeed(request, usage: id, text: name) }

        happened(
            "sub.notify", id,
            fields: [
                "state": .text(name), "expires": .integer(Int((expires ?? .zero).inMilliseconds / 1000)),
                "type": .text(visible(contentType ?? "")), "body": .text(text),
            ], at: now)
        if case .terminated(let reason, _) = standing {
            happened("sub.terminated", id, fields: ["reason": .text(visible(reason ?? ""))], at: now)
        } else if before?.standing != name {
            stands(standing, id, at: now)
        }
        if let summary {
            let new = summary.counts.reduce(0) { $0 + $1.new }
            happened("mwi", id, fields: ["waiting": .flag(summary.isWaiting), "new": .integer(new)], at: now)
        }
    }

    private mutating func stands(_ standing: Standing, _ id: AnyUsageID, at now: Instant) {
        switch standing {
        case .active: happened("sub.active", id, at: now)
        case .pending: happened("sub.pending", id, at: now)
        case .unknown(let word):
            log.note("\(names[id] ?? id.description): the notifier calls it \"\(visible(word))\"", .warning, at: now)
            happened("sub.unknown", id, fields: ["state": .text(visible(word))], at: now)
        case .terminated: break
        }
    }

    /// What was known is old from now on; the core asks again.
    private mutating func interrupted(_ id: AnyUsageID, _ loss: SubscriptionLoss, _ retryAt: Instant, at now: Instant) {
        grewStale(id, "\(loss)", at: now)
        tables[id] = nil  // A new subscription counts its documents anew.
        let wait = max(.zero, retryAt - now)
        let again = wait == .zero ? "at once" : "in \(wait.scriptText)"
        log.note("\(names[id] ?? id.description) is interrupted (\(loss)); asked for again \(again)", .warning, at: now)
        fail(waiting.take(.refreshed, of: id), CommandFailure(.notNow, usage: id, "interrupted: \(loss)"))
        happened(
            "sub.interrupted", id,
            fields: ["reason": .text("\(loss)"), "retry_after": .integer(Int(wait.inMilliseconds / 1000))], at: now)
    }

    /// One more notifier of a subscription of ours. It is a usage like the first, refreshed and ended like it, and its
    /// documents stand in its own detail; whether somebody is there is what the first one says.
    private mutating func forked(_ id: AnyUsageID, from first: AnyUsageID, at now: Instant) {
        log.note("\(names[first] ?? first.description) has reached one more notifier: \(id)", .note, at: now)
        happened("sub.forked", id, fields: ["from": .text(names[first] ?? first.description)], at: now)
    }

    /// What a document says; one that cannot be read is ignored, and the subscription stands (H-031).
    private mutating func read(
        _ body: [UInt8], _ contentType: String?, of id: AnyUsageID, at now: Instant
    ) -> MessageSummary? {
        let type = contentType.map { $0.prefix { $0 != ";" }.lowercased() } ?? ""
        do throws(DocumentError) {
            switch type {
            case PresenceDocument.contentType:
                presence.told(try PresenceDocument(parsing: body), by: id, at: now)
            case MessageSummary.contentType: return try MessageSummary(parsing: body)
            case DialogInformation.contentType, WatcherInformation.contentType:
                try takePart(body, type, of: id, at: now)
            default: break
            }
        } catch {
            log.note("document of \(names[id] ?? id.description) ignored: \(error)", .warning, at: now)
        }
        return nil
    }

    /// A part of a state that has to be put together; where parts are missing the whole is asked for (RFC 4235 §4.3).
    private mutating func takePart(
        _ body: [UInt8], _ type: String, of id: AnyUsageID, at now: Instant
    ) throws(DocumentError) {
        var state = tables[id] ?? PartialState()
        let verdict = try state.take(body, type)
        tables[id] = state
        switch verdict {
        case .taken: break
        case .old: log.note("\(names[id] ?? id.description): a document that was overtaken is ignored", .note, at: now)
        case .gap:
            log.note(
                "\(names[id] ?? id.description): documents are missing, the whole state is asked for", .note, at: now)
            guard tables[id]?.mayAsk(at: now) == true,
                let outputs = try? core.refresh(UsageID<ClientSubscription>(serial: id.serial), at: now)
            else { return }
            absorb(outputs, at: now)
        }
    }

    private mutating func finish(_ done: [(request: RequestID, standing: String)], _ id: AnyUsageID) {
        for (request, standing) in done { succeed(request, usage: id, status: 200, text: standing) }
    }

    private mutating func grewStale(_ id: AnyUsageID, _ reason: String, at now: Instant) {
        guard presence.stale(id) else { return }
        log.note("\(names[id] ?? id.description) is stale: \(reason)", .warning, at: now)
        happened("sub.stale", id, fields: ["reason": .text(reason)], at: now)
    }

    mutating func subscriptionEnded(_ id: AnyUsageID, _ outcome: UsageOutcome, at now: Instant) {
        grewStale(id, outcome.inWords, at: now)
        presence.ended(id)
        tables[id] = nil
        if !outcome.isClean || outcome.status.map({ !$0.isSuccess }) == true {
            happened(
                "sub.terminated", id,
                fields: ["reason": .text(outcome.inWords), "status": .integer(Int(outcome.status?.value ?? 0))], at: now
            )
        }
    }

    // MARK: Our own state

    mutating func publish(
        _ state: PublishedState, expires: Duration, _ naming: Naming, _ request: RequestID, at now: Instant
    ) throws(CommandFailure) {
        let account = try accounts.chosen(naming.account)
        let document = document(of: state, for: account.account)
        let body = document.serialised()
        let live = publications.first { $0.value.account == account.id }?.key
        if live == nil { try names.check(naming.alias) }
        do throws(UsageError) {
            if let live {
                let outputs = try core.modify(
                    UsageID<ClientPublication>(serial: live.serial), contentType: PresenceDocument.contentType,
                    body: body, at: now)
                publications[live]?.asked = state
                waiting.add(request, .published, for: live)
                absorb(outputs, at: now)
                return
            }
            let (id, outputs) = try core.publish(
                account.id, event: PresenceDocument.eventPackage, contentType: PresenceDocument.contentType, body: body,
                expires: expires, at: now)
            names.name(id.any, naming.alias)
            publications[id.any] = OwnPresence(account.id, state)
            waiting.add(request, .published, for: id.any)
            absorb(outputs, at: now)
        } catch {
            throw CommandFailure(error)
        }
    }

    private mutating func document(of state: PublishedState, for account: Account) -> PresenceDocument {
        let address = account.addressOfRecord.uri.description
        var tuple = PresenceDocument.Tuple(id: "t" + entropy.token(digits: 8), basic: .open, contact: address)
        var document = PresenceDocument(entity: address, tuples: [])
        switch state {
        case .open: break
        case .closed: tuple.basic = .closed
        case .busy: document.activities = ["busy"]
        case .away: document.activities = ["away"]
        case .onThePhone: document.activities = ["on-the-phone"]
        case .note(let text): document.notes = [text]
        }
        document.tuples = [tuple]
        return document
    }

    mutating func heard(_ event: PublicationEvent, of id: UsageID<ClientPublication>, at now: Instant) {
        switch event {
        case .published(_, let expires):
            publications[id.any]?.taken()
            for request in waiting.take(.published, of: id.any) {
                succeed(request, usage: id.any, status: 200, text: "published for \(expires.scriptText)")
            }
            happened(
                "pub.ok", id.any,
                fields: ["status": .integer(200), "expires": .integer(Int(expires.inMilliseconds / 1000))], at: now)
        case .conflict: happened("pub.conflict", id.any, fields: ["status": .integer(412)], at: now)
        case .failed(let failure, _):
            publications[id.any]?.refused()
            fail(waiting.take(.published, of: id.any), CommandFailure(failure, usage: id.any))
            log.note("publication \(names[id.any] ?? id.description): \(failure)", .failure, at: now)
            changed()
        }
    }

    mutating func publicationEnded(_ id: AnyUsageID, _ outcome: UsageOutcome, at now: Instant) {
        publications[id] = nil
        happened(
            "pub.removed", id, fields: ["result": .text(outcome.result), "reason": .text(outcome.inWords)], at: now)
    }
}
