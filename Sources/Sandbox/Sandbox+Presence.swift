import DialogUsage
import EventPackages
import SIPMessage
import SansIO

/// The presence agent: PUBLISH in, NOTIFY out (RFC 3903, RFC 3856, RFC 6665 §4.2).
extension Sandbox {
    static let documentType = "application/pidf+xml"

    mutating func published(_ id: UsageID<ServerOutOfDialogRequest>, _ request: IncomingRequest, at now: Instant) {
        let message = request.request
        guard let target = try? message.requestURI(), let user = user(of: target), configuration.users.contains(user)
        else {
            return answer(id, 404, at: now)
        }
        guard request.authenticatedUser == user else { return answer(id, 403, at: now) }
        guard (try? message.event())?.package == "presence" else { return answer(id, 489, at: now) }
        if !message.body.isEmpty, !isPIDF(message) { return answer(id, 415, at: now) }
        let asked = (try? message.expires()).flatMap { $0 } ?? 3600
        var fields = FieldList()
        do {
            let (tag, granted) = try presence.apply(
                user: user, tag: message.value(.sipIfMatch), body: Array(message.body),
                expires: .seconds(Int64(asked)), newTag: entropy.token(), at: now)
            fields.append(.sipETag, tag)
            fields.append(.expires, "\(granted.inMilliseconds / 1000)")
            answer(id, 200, fields: fields, at: now)
            tellWatchers(of: user, at: now)
        } catch {
            switch error {
            case .unknownTag: answer(id, 412, at: now)
            case .badDocument, .tooMany: answer(id, 400, at: now)
            case .tooBrief(let minimum):
                fields.append(.minExpires, "\(minimum.inMilliseconds / 1000)")
                answer(id, 423, fields: fields, at: now)
            }
        }
    }

    private func isPIDF(_ message: SIPMessage) -> Bool {
        guard let type = (try? message.contentType()).flatMap({ $0 }) else { return false }
        return "\(type.type)/\(type.subtype)".lowercased() == Self.documentType
    }

    mutating func subscribed(_ id: UsageID<ServerSubscription>, _ request: SubscriptionRequest, at now: Instant) {
        guard let target = try? request.request.requestURI(), let user = user(of: target),
            configuration.users.contains(user)
        else {
            if let produced = try? core.reject(id, status: 404, at: now) { absorb(produced, at: now) }
            return
        }
        watchers[id] = user
        let document = document(of: user)
        if let produced = try? core.accept(
            id, standing: .active, contentType: Self.documentType, body: document, at: now)
        {
            absorb(produced, at: now)
        }
        if user == "bob", bob.changesAt == nil { bob.changesAt = now + configuration.bobChangesEvery }
    }

    mutating func tellWatchers(of user: String, at now: Instant) {
        let document = document(of: user)
        for id in watchers.filter({ $0.value == user }).keys.sorted(by: { $0.serial < $1.serial }) {
            if let produced = try? core.notify(
                id, standing: .active, contentType: Self.documentType, body: document, at: now)
            {
                absorb(produced, at: now)
            }
        }
    }

    /// What watchers of `user` are told: bob's own state, the newest publication, or that nobody knows.
    private func document(of user: String) -> [UInt8] {
        let entity = "sip:\(user)@\(configuration.domain)"
        switch user {
        case "bob":
            return bob.document(entity: entity, isInCall: calls.values.contains { $0.user == "bob" && $0.isAnswered })
        case "echo": return presenceDocument(of: entity, isOpen: true, note: "always here").serialised()
        default:
            if let published = presence.document(of: user) { return published }
            return presenceDocument(of: entity, isOpen: false, note: nil).serialised()
        }
    }

    /// What happens in the house by itself: bob changes his mind, publications run out, the phone is picked up.
    mutating func livingGoesOn(at now: Instant) {
        for user in presence.expire(at: now).sorted() { tellWatchers(of: user, at: now) }
        if let changesAt = bob.changesAt, changesAt <= now {
            let isWatched = watchers.values.contains("bob")
            bob.change()
            bob.changesAt = isWatched ? now + configuration.bobChangesEvery : nil
            if isWatched { tellWatchers(of: "bob", at: now) }
        }
        pickUp(at: now)
    }
}

/// One person, one tuple.
private func presenceDocument(of entity: String, isOpen: Bool, note: String?) -> PresenceDocument {
    let tuple = PresenceDocument.Tuple(id: "sandbox", basic: isOpen ? .open : .closed, contact: entity, note: note)
    return PresenceDocument(entity: entity, tuples: [tuple])
}

/// Bob lives in the sandbox: he is at his desk or away, and on the phone when somebody calls him.
struct Bob: Sendable {
    private(set) var isAway = false
    var changesAt: Instant?

    mutating func change() { isAway.toggle() }

    func document(entity: String, isInCall: Bool) -> [UInt8] {
        var document = presenceDocument(
            of: entity, isOpen: !isAway, note: isInCall ? "on the phone" : isAway ? "away" : "at my desk")
        if isInCall { document.activities = ["on-the-phone"] } else if isAway { document.activities = ["away"] }
        return document.serialised()
    }
}
