package import SIPMessage
import SIPTransaction
package import SansIO

/// A request that the application answers.
struct ServedRequest: Sendable {
    var transaction: ServerTransactionID
    var request: SIPMessage
}

/// Responses of ours, and what is the same for all of them.
extension UsageCore {
    /// The application's answer to a request it was given; its only one.
    package mutating func respond(
        to id: UsageID<ServerRequest>, status: StatusCode, fields: FieldList = FieldList(), body: [UInt8] = [],
        at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        guard let details = served[id]?.details, let actions = served.update(id, { $0.usage.answered(status) }) else {
            throw .ended("\(id)")
        }
        var response = ResponseDraft(status, to: details.request, toTag: localTag(of: id.any))
        for entry in fields.entries { response.fields.append(entry.name, entry.value) }
        response.body = body
        respond(details.transaction, response, at: now)
        for case .ended(let outcome) in actions { finish(id.any, outcome, at: now) }
        return settle(at: now)
    }

    mutating func endServed(_ id: AnyUsageID, at now: Instant) {
        let id = servedID(id)
        guard let details = served[id]?.details, let actions = served.update(id, { $0.usage.end(at: now) }) else {
            return
        }
        for action in actions {
            switch action {
            case .refuse(let status):
                coordinator.saySomething()
                refuse(details.transaction, details.request, status, retryAfter: 30, at: now)
            case .ended(let outcome): finish(id.any, outcome, at: now)
            }
        }
    }

    mutating func refuse(
        _ transaction: ServerTransactionID, _ message: SIPMessage, _ status: StatusCode, retryAfter: Int? = nil,
        at now: Instant
    ) {
        let tag = owners[transaction].flatMap { localTag(of: $0) } ?? entropy.token()
        var response = ResponseDraft(status, to: message, toTag: tag)
        if let retryAfter { response.fields.append(.retryAfter, "\(retryAfter)") }
        respond(transaction, response, at: now)
    }

    mutating func respond(
        _ transaction: ServerTransactionID, _ response: ResponseDraft, contact: ContactTemplate? = nil,
        at now: Instant
    ) {
        var complete = response
        complete.fields.append(.server, configuration.userAgent)
        enqueue(stack.respond(to: transaction, with: complete, contact: contact, at: now))
    }

    /// A dialog-making answer repeats the Record-Route it came with (RFC 3261 §12.1.1).
    func copyRecordRoute(from request: SIPMessage, to response: inout ResponseDraft) {
        for value in request.values(.recordRoute) { response.fields.append(.recordRoute, value) }
    }

    /// Our Contact for a request that named us by its Request-URI: its user part is kept.
    func localContact(for request: SIPMessage) -> ContactTemplate {
        let user = (try? request.requestURI())?.sip?.user
        return ContactTemplate(user: user, uriParameters: Parameters(), fieldParameters: Parameters())
    }
}
