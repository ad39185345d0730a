import SIPMessage
import SIPTransaction
package import SansIO

/// MESSAGE and INFO in a session, both ways (RFC 3428 §4, RFC 6086).
extension UsageCore {
    // MARK: Ours

    /// `infoAnswered` says what has become of it.
    package mutating func sendInfo(
        _ id: SessionID, contentType: String, body: [UInt8], at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        _ = try put(.info, contentType, body, into: id, at: now)
        return settle(at: now)
    }

    /// `delivered` or `undelivered` says what has become of it.
    package mutating func sendMessage(
        _ id: SessionID, contentType: String, body: [UInt8], at now: Instant
    ) throws(UsageError) -> (MessageID, [UsageOutput]) {
        let message = try put(.message, contentType, body, into: id, at: now)
        return (message, settle(at: now))
    }

    private mutating func put(
        _ kind: DialogOutbox.Item.Kind, _ contentType: String, _ body: [UInt8], into id: SessionID, at now: Instant
    ) throws(UsageError) -> MessageID {
        let command = kind == .info ? "send INFO" : "send a message"
        guard let details = sessionDetails(id), records[id.any]?.endedAt == nil else { throw .ended("\(id)") }
        guard isEstablished(id) else { throw .notNow(command: command, state: "the call is not connected") }
        guard details.outbox.count <= configuration.limits.queuedMessages else {
            throw .limitReached("\(configuration.limits.queuedMessages) messages waiting")
        }
        lastMessage += 1
        let item = DialogOutbox.Item(MessageID(serial: lastMessage), kind, contentType: contentType, body: body)
        drive(id, outbox: .queued(item), at: now)
        return item.id
    }

    mutating func drive(_ id: SessionID, outbox input: DialogOutbox.Input, at now: Instant) {
        var actions: [DialogOutbox.Action] = []
        updateSession(id) { actions = $0.outbox.handle(input) }
        for action in actions {
            switch action {
            case .send(let item):
                // What is being ended gets no more; the rest is given back with its end.
                guard records[id.any]?.endedAt == nil else { continue }
                let purpose: SentRequest.Purpose = item.kind == .info ? .info : .messageInSession
                request(item.kind == .info ? .info : .message, for: id.any, purpose, at: now) { draft in
                    draft.fields.append(.contentType, item.contentType)
                    draft.body = item.body
                }
            case .delivered(let item, let status):
                report(.session(id, item.kind == .info ? .infoAnswered(nil) : .delivered(item.id, status)))
            case .failed(let item, let failure):
                report(.session(id, item.kind == .info ? .infoAnswered(failure) : .undelivered(item.id, failure)))
            }
        }
    }

    /// One of them has its answer, or will get none.
    mutating func talkAnswered(_ request: SentRequest, _ failure: Failure?, _ status: StatusCode?, at now: Instant) {
        let id = sessionID(request.usage)
        drive(id, outbox: failure.map { .failed($0) } ?? .delivered(status ?? 200), at: now)
        dialogFailed(id, in: request.dialog, failure, at: now)
    }

    // MARK: Theirs

    mutating func messaged(
        _ id: SessionID, _ message: SIPMessage, _ transaction: ServerTransactionID, at now: Instant
    ) {
        guard isEstablished(id) else { return refuse(transaction, message, 480, at: now) }
        let type = (try? message.contentType()).flatMap { $0 }
        guard type == nil || type?.type.lowercased() == "text" || message.body.isEmpty else {
            var fields = FieldList()
            fields.append(.accept, "text/plain")
            return reply(transaction, message, 415, fields: fields, at: now)
        }
        respond(transaction, ResponseDraft(200, to: message), at: now)
        report(
            .session(id, .message(contentType: type?.description ?? "text/plain", body: Array(message.body))))
    }

    /// Digits in the two old forms are taken; any other body is answered 415 before it comes here, and any package of
    /// information 469 (RFC 6086 §4.2.2).
    mutating func informed(
        _ id: SessionID, _ message: SIPMessage, _ transaction: ServerTransactionID, at now: Instant
    ) {
        respond(transaction, ResponseDraft(200, to: message), at: now)
        guard !message.body.isEmpty, let type = (try? message.contentType()).flatMap({ $0 }) else { return }
        report(.session(id, .info(contentType: type.essence, body: Array(message.body))))
    }
}
