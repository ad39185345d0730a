import SIPMessage
import SIPTransaction
package import SansIO

/// What a publication carries.
struct PublicationDetails: Sendable {
    var event: String
    var contentType: String
    var body: [UInt8]
    /// How often in a row the server named a longer time.
    var raises = 0
}

/// PUBLISH: from the machine to the wire and back (RFC 3903).
extension UsageCore {
    package mutating func publish(
        _ accountID: AccountID, event: String, contentType: String, body: [UInt8], expires: Duration, at now: Instant
    ) throws(UsageError) -> (UsageID<ClientPublication>, [UsageOutput]) {
        let account = try gate(accountID)
        try limit(publications.count, .clientPublication)
        let id = publications.nextID()
        let (usage, actions) = ClientPublication.start(asking: expires)
        publications[id] = .init(
            usage: usage, details: PublicationDetails(event: event, contentType: contentType, body: body))
        let address = account.addressOfRecord.uri
        open(id.any, account: accountID, dialog: series(from: account, to: address), peer: address.description, at: now)
        perform(actions, id, at: now)
        return (id, settle(at: now))
    }

    /// Replaces the document; the newest one counts, also when it is asked for while another is on its way.
    package mutating func modify(
        _ id: UsageID<ClientPublication>, contentType: String, body: [UInt8], at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        guard publications[id] != nil, records[id.any]?.endedAt == nil else { throw .ended("\(id)") }
        _ = publications.update(id) { entry in
            entry.details.contentType = contentType
            entry.details.body = body
        }
        drive(id, .modified, at: now)
        return settle(at: now)
    }

    mutating func drive(_ id: UsageID<ClientPublication>, _ input: ClientPublication.Input, at now: Instant) {
        guard let actions = publications.update(id, { $0.usage.handle(input, at: now) }) else { return }
        perform(actions, id, at: now)
    }

    private mutating func perform(
        _ actions: [ClientPublication.Action], _ id: UsageID<ClientPublication>, at now: Instant
    ) {
        for action in actions {
            switch action {
            case .publish(let tag, let document, let expires):
                sendPublish(id, .publish, tag: tag, document: document, expires: expires, at: now)
            case .unpublish(let tag): sendPublish(id, .unpublish, tag: tag, document: false, expires: .zero, at: now)
            case .report(let event): report(.publication(id, event))
            case .ended(let outcome): finish(id.any, outcome, at: now)
            }
        }
        touch(id.any)
        if records[id.any] != nil { report(.changed(id.any)) }
    }

    private mutating func sendPublish(
        _ id: UsageID<ClientPublication>, _ purpose: SentRequest.Purpose, tag: String?, document: Bool,
        expires: Duration, at now: Instant
    ) {
        guard let details = publications[id]?.details else { return }
        request(.publish, for: id.any, purpose, at: now) { draft in
            draft.fields.append(.event, details.event)
            draft.fields.append(.expires, "\(expires.inMilliseconds / 1000)")
            if let tag { draft.fields.append(.sipIfMatch, tag) }
            if document {
                draft.fields.append(.contentType, details.contentType)
                draft.body = details.body
            }
        }
    }

    mutating func publishAnswered(
        _ id: AnyUsageID, _ response: SIPMessage, _ status: StatusCode, asked: SentRequest, at now: Instant
    ) {
        let id = publicationID(id)
        if status.isSuccess {
            let seconds = (try? response.expires()) ?? asked.draft.fields.first(.expires).flatMap(UInt32.init) ?? 3600
            // §6 step 6: a 2xx has one entity-tag. Without one, or with two, it can be neither renewed nor removed.
            guard let tag = response.value(.sipETag), response.values(.sipETag).count == 1 else {
                guard asked.purpose == .unpublish else {
                    publishFailed(id.any, .status(status, reason: "2xx without one SIP-ETag"), retryAfter: nil, at: now)
                    return
                }
                drive(id, .answered(.accepted(tag: "", granted: .zero)), at: now)
                return
            }
            _ = publications.update(id) { $0.details.raises = 0 }
            drive(id, .answered(.accepted(tag: tag, granted: lease(seconds))), at: now)
        } else if status == 412 {
            drive(id, .answered(.conflict), at: now)
        } else if status == 423, let minimum = try? response.minExpires(), mayRaise(id) {
            _ = publications.update(id) { $0.details.raises += 1 }
            drive(id, .answered(.intervalTooBrief(minimum: lease(minimum))), at: now)
        } else if status == 401 || status == 407 {
            let realm = foreignRealm(in: response, to: id.any)
            drive(id, .answered(.unauthorized(status, foreignRealm: realm)), at: now)
        } else {
            publishFailed(
                id.any, .status(status, reason: visible(response.reasonPhrase)), retryAfter: retryAfter(response),
                at: now)
        }
    }

    private func mayRaise(_ id: UsageID<ClientPublication>) -> Bool {
        publications[id].map { $0.details.raises < configuration.limits.intervalRaises } ?? false
    }

    mutating func publishFailed(_ id: AnyUsageID, _ failure: Failure, retryAfter: Duration?, at now: Instant) {
        let jitter = entropy.fraction()
        drive(publicationID(id), .answered(.failed(failure, retryAfter: retryAfter, jitter: jitter)), at: now)
    }
}
