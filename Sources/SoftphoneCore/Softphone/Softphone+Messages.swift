import DialogUsage
import SIPMessage
import SansIO

/// Messages, out and in (RFC 3428).
extension Softphone {
    mutating func message(
        _ peer: Peer, _ text: String, contentType: String, _ naming: Naming, _ request: RequestID, at now: Instant
    ) throws(CommandFailure) {
        let account = try accounts.chosen(naming.account)
        try names.check(naming.alias)
        let uri = address(peer, of: account)
        do throws(UsageError) {
            let (id, message, outputs) = try core.message(
                account.id, to: uri, contentType: contentType, body: Array(text.utf8), at: now)
            names.name(id.any, naming.alias)
            waiting.add(request, .delivered(message), for: id.any)
            conversations.sending(
                message, to: uri.description, text, type: contentType, account: account.name, at: now)
            absorb(outputs, at: now)
        } catch {
            throw CommandFailure(error)
        }
    }

    mutating func heard(_ event: PagerEvent, of id: UsageID<ClientPagerMessage>, at now: Instant) {
        switch event {
        case .delivered(let message, let status):
            let peer = conversations.peer(of: message) ?? ""
            conversations.settled(message, .sent)
            for request in waiting.take(.delivered(message), of: id.any) {
                // 202: a server took it, and will pass it on if it can (RFC 3428 §7).
                succeed(request, usage: id.any, status: status, text: status == 202 ? "accepted" : "delivered")
            }
            happened("msg.sent", id.any, fields: ["to": .text(peer), "status": .integer(Int(status.value))], at: now)
        case .failed(let message, let failure):
            notDelivered(message, id.any, CommandFailure(failure, usage: id.any), failure.status, at: now)
        case .undelivered(let message, _):
            notDelivered(
                message, id.any, CommandFailure(.shuttingDown, usage: id.any, "it was never sent"), nil, at: now)
        }
    }

    private mutating func notDelivered(
        _ message: MessageID, _ id: AnyUsageID, _ failure: CommandFailure, _ status: StatusCode?, at now: Instant
    ) {
        let peer = conversations.peer(of: message) ?? ""
        conversations.settled(message, .failed(failure.text))
        fail(waiting.take(.delivered(message), of: id), failure)
        happened(
            "msg.failed", id,
            fields: ["to": .text(peer), "status": .integer(Int(status?.value ?? 0)), "reason": .text(failure.text)],
            at: now)
    }

    /// The longest text taken (`hardening.md`, section 1).
    private static let longestText = 65_536

    /// Of the requests outside any dialog only MESSAGE is ours to answer.
    mutating func refuse(_ id: UsageID<ServerOutOfDialogRequest>, at now: Instant) {
        guard let outputs = try? core.respond(to: id, status: 405, at: now) else { return }
        absorb(outputs, at: now)
    }

    mutating func received(_ incoming: IncomingRequest, _ id: UsageID<ServerPagerMessage>, at now: Instant) {
        guard isForUs(incoming.request) else { return respond(id, 404, at: now) }
        guard incoming.request.body.count <= Self.longestText else { return respond(id, 413, at: now) }
        let type = (try? incoming.request.contentType()).flatMap { $0 }
        guard type == nil || type?.type.lowercased() == "text" else {
            var fields = FieldList()
            fields.append(.accept, "text/plain")
            return respond(id, 415, fields: fields, at: now)
        }
        let from = visible(incoming.from.uri.description)
        let text = incoming.request.bodyText
        // What came too late is shown, and said to have (RFC 3428 §7).
        conversations.received(
            from: from, incoming.hasExpired ? "(expired) \(text)" : text, type: type?.description ?? "text/plain",
            account: accountName(of: incoming.request),
            at: now)
        respond(id, 200, at: now)
        happened(
            "msg.received", id.any,
            fields: [
                "from": .text(from), "body": .text(visible(text.prefix(configuration.limits.messageText))),
                "type": .text(visible(type?.description ?? "text/plain")), "expired": .flag(incoming.hasExpired),
            ], at: now)
    }

    /// A MESSAGE in the dialog of a call is shown as any other of that person.
    mutating func saidInCall(_ id: AnyUsageID, _ type: String, _ body: [UInt8], at now: Instant) {
        guard let summary = core.summary(id), body.count <= Self.longestText else { return }
        let text = String(decoding: body, as: UTF8.self)
        conversations.received(from: summary.peer, text, type: visible(type), account: summary.accountName, at: now)
        happened(
            "msg.received", id,
            fields: [
                "from": .text(summary.peer), "body": .text(visible(text.prefix(configuration.limits.messageText))),
                "type": .text(visible(type)),
            ], at: now)
    }

    private mutating func respond(
        _ id: UsageID<ServerPagerMessage>, _ status: StatusCode, fields: FieldList = FieldList(), at now: Instant
    ) {
        // Stale only when the usage has been ended meanwhile, which answered the request too.
        guard let outputs = try? core.respond(to: id, status: status, fields: fields, at: now) else { return }
        absorb(outputs, at: now)
    }

    // MARK: Whose is it

    /// Whether a request from outside names one of our accounts.
    func isForUs(_ request: SIPMessage) -> Bool {
        guard let user = (try? request.requestURI())?.sip?.userDecoded else { return false }
        return accounts.owns(user: user)
    }
    func accountName(of request: SIPMessage) -> String? {
        guard let user = (try? request.requestURI())?.sip?.userDecoded else { return nil }
        return accounts.entries.first { $0.account.addressOfRecord.uri.sip?.userDecoded == user }?.name
    }
}
