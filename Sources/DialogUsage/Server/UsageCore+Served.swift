package import SIPMessage
import SIPTransaction
package import SansIO

/// Server requests of every kind: how they begin, how the application answers them, and how they end without it.
extension UsageCore {
    typealias Served<Usage: ServerRequestUsage, Asked: Sendable> = UsageTable<Usage, ServedRequest<Asked>>

    /// Opens the usage; the caller announces it. nil: the request could not be read and has been refused.
    mutating func open<Usage, Asked>(
        _ table: WritableKeyPath<UsageCore, Served<Usage, Asked>>, _ message: SIPMessage,
        _ transaction: ServerTransactionID, asked: Asked, at now: Instant
    ) -> UsageID<Usage>? {
        guard let from = try? message.from(), let dialog = try? Dialog(answering: message, localTag: entropy.token())
        else {
            refuse(transaction, message, 400, at: now)
            return nil
        }
        guard self[keyPath: table].count < configuration.limits.waitingRequests else {
            refuse(transaction, message, 503, retryAfter: configuration.limits.overloadPause, at: now)
            return nil
        }
        let id = self[keyPath: table].nextID()
        let owed = OwedAnswer(answerBy: now + answerTime, whenEnded: configuration.role.refusal)
        self[keyPath: table][id] = .init(
            usage: Usage(owed), details: ServedRequest(transaction: transaction, message: message, asked: asked))
        owners[transaction] = id.any
        open(id.any, account: nil, dialog: dialog, peer: from.uri.description, at: now)
        touch(id.any)
        return id
    }

    /// Long enough for an application, and short of the moment at which the client stops listening.
    var answerTime: Duration { min(configuration.limits.answerTime, configuration.stack.timers.t1 * 60) }

    /// Whether its content was good only until now: Expires counts from Date, or from its arrival (RFC 3428 §7).
    func hasExpired(_ message: SIPMessage, at now: Instant) -> Bool {
        guard let seconds = try? message.expires() else { return false }
        let since = message.value(.date).flatMap { configuration.epoch?.instant(of: $0) } ?? now
        return since + .seconds(Int64(seconds)) <= now
    }

    // MARK: The application answers

    /// The application's answer to a request it was given; its only one.
    package mutating func respond(
        to id: UsageID<ServerOutOfDialogRequest>, status: StatusCode, fields: FieldList = FieldList(),
        body: [UInt8] = [], at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        try answer(\.served, id, status, fields: fields, body: body, at: now)
        return settle(at: now)
    }
    /// The application's answer to a message; its only one. A 2xx has no body (RFC 3428 §7).
    package mutating func respond(
        to id: UsageID<ServerPagerMessage>, status: StatusCode, fields: FieldList = FieldList(), at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        try answer(\.messages, id, status, fields: fields, at: now)
        return settle(at: now)
    }

    /// Answers once. A provisional answer and 408 are no answers to such a request (RFC 4320 §4).
    mutating func answer<Usage, Asked>(
        _ table: WritableKeyPath<UsageCore, Served<Usage, Asked>>, _ id: UsageID<Usage>, _ status: StatusCode,
        fields: FieldList = FieldList(), body: [UInt8] = [], at now: Instant
    ) throws(UsageError) {
        guard let details = self[keyPath: table][id]?.details else { throw .ended("\(id)") }
        guard status.isFinal, status != 408 else {
            throw .notNow(command: "answer \(status)", state: "a final answer other than 408 is owed (RFC 4320)")
        }
        let actions = self[keyPath: table].update(id) { $0.usage.answer.handle(.answered(status), at: now) } ?? []
        var response = ResponseDraft(status, to: details.message, toTag: localTag(of: id.any))
        for entry in fields.entries { response.fields.append(entry.name, entry.value) }
        response.body = body
        respond(details.transaction, response, at: now)
        perform(actions, id, details.value, at: now)
    }

    // MARK: Without the application

    /// The end of the usage, or the end of our patience with the application.
    mutating func drive(_ id: AnyUsageID, served input: OwedAnswer.Input, at now: Instant) {
        switch id.kind {
        case .serverOutOfDialogRequest: drive(\.served, UsageID(serial: id.serial), input, at: now)
        case .serverPagerMessage: drive(\.messages, UsageID(serial: id.serial), input, at: now)
        case .serverRegistration: drive(\.registering, UsageID(serial: id.serial), input, at: now)
        case .serverPublication: drive(\.publishing, UsageID(serial: id.serial), input, at: now)
        case .serverInviteSession, .serverSubscription, .clientInviteSession, .clientSubscription,
            .clientPagerMessage, .clientPublication, .clientRegistration, .clientOutOfDialogRequest:
            break
        }
    }
    private mutating func drive<Usage, Asked>(
        _ table: WritableKeyPath<UsageCore, Served<Usage, Asked>>, _ id: UsageID<Usage>, _ input: OwedAnswer.Input,
        at now: Instant
    ) {
        guard let details = self[keyPath: table][id]?.details,
            let actions = self[keyPath: table].update(id, { $0.usage.answer.handle(input, at: now) })
        else { return }
        perform(actions, id, details.value, at: now)
        touch(id.any)
    }
    private mutating func perform<Usage, Asked>(
        _ actions: [OwedAnswer.Action], _ id: UsageID<Usage>, _ details: ServedRequest<Asked>, at now: Instant
    ) {
        for action in actions {
            switch action {
            case .refuse(let status):
                coordinator.saySomething()
                let isLeaving = status == configuration.role.refusal
                refuse(
                    details.transaction, details.message, status,
                    retryAfter: isLeaving ? configuration.limits.absence : nil,
                    at: now)
            case .ended(let outcome): finish(id.any, outcome, at: now)
            }
        }
    }
}
