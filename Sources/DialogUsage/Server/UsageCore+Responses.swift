import SIPMessage
import SIPTransaction
import SansIO

/// Responses of ours, and what is the same for all of them.
extension UsageCore {
    mutating func refuse(
        _ transaction: ServerTransactionID, _ message: SIPMessage, _ status: StatusCode, retryAfter: Int? = nil,
        at now: Instant
    ) {
        var fields = FieldList()
        if let retryAfter { fields.append(.retryAfter, "\(retryAfter)") }
        reply(transaction, message, status, fields: fields, at: now)
    }
    /// The answer to a request that belongs to no usage, or does not leave one.
    mutating func reply(
        _ transaction: ServerTransactionID, _ message: SIPMessage, _ status: StatusCode, fields: FieldList,
        at now: Instant
    ) {
        let tag = owners[transaction].flatMap { localTag(of: $0) } ?? entropy.token()
        var response = ResponseDraft(status, to: message, toTag: tag)
        for entry in fields.entries { response.fields.append(entry.name, entry.value) }
        respond(transaction, response, at: now)
    }

    /// 500 with a Retry-After of 0 to 10 s: something of the same kind is under way (RFC 3261 §14.2, RFC 3311 §5.2).
    mutating func refuseForNow(_ transaction: ServerTransactionID, _ message: SIPMessage, at now: Instant) {
        refuse(transaction, message, 500, retryAfter: Int(entropy.fraction() * 11), at: now)
    }

    /// A body that we cannot do with: 415 says what we take, 488 what was wrong (§8.2.3, §20.43).
    mutating func refuseBody(
        _ transaction: ServerTransactionID, _ message: SIPMessage, _ status: StatusCode, at now: Instant
    ) {
        let tag = owners[transaction].flatMap { localTag(of: $0) } ?? entropy.token()
        var response = ResponseDraft(status, to: message, toTag: tag)
        if status == 415 { response.fields.append(.accept, "application/sdp") }
        if status == 488 {
            response.fields.append(.warning, "399 \(Self.warningAgent) \"the session description cannot be read\"")
        }
        respond(transaction, response, at: now)
    }
    /// Who warns, in Warning: a pseudonym (§20.43).
    static let warningAgent = "lastcall"

    mutating func respond(
        _ transaction: ServerTransactionID, _ response: ResponseDraft, contact: ContactTemplate? = nil,
        at now: Instant
    ) {
        var complete = response
        if response.status.isSuccess, let method = response.method { features.announce(in: &complete, to: method) }
        complete.fields.append(.server, configuration.userAgent)
        digestServer?.complete(&complete, in: transaction, entropy: &entropy, at: now)
        enqueue(stack.respond(to: transaction, with: complete, contact: contact, at: now))
    }

    /// A dialog-making answer repeats the Record-Route it came with (RFC 3261 §12.1.1).
    func copyRecordRoute(from request: SIPMessage, to response: inout ResponseDraft) {
        for value in request.values(.recordRoute) { response.fields.append(.recordRoute, value) }
    }

    /// Our Contact for a request that named us by its Request-URI: its user part is kept.
    func localContact(for request: SIPMessage) -> ContactTemplate {
        localContact(user: (try? request.requestURI())?.sip?.user)
    }
    func localContact(user: String?) -> ContactTemplate {
        ContactTemplate(user: user, uriParameters: Parameters(), fieldParameters: Parameters())
    }
}
