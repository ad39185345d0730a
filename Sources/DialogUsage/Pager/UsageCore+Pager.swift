package import SIPMessage
import SIPTransaction
package import SansIO

/// MESSAGE and OPTIONS of ours (RFC 3428, RFC 3261 §11).
extension UsageCore {
    /// Joins the live usage to the same peer, where there is one; its messages go out one after the other.
    package mutating func message(
        _ accountID: AccountID, to peer: AnyURI, contentType: String, body: [UInt8], at now: Instant
    ) throws(UsageError) -> (UsageID<ClientPagerMessage>, MessageID, [UsageOutput]) {
        let account = try gate(accountID)
        lastMessage += 1
        let message = MessageID(serial: lastMessage)
        let content = UndeliveredMessage(to: peer, contentType: contentType, body: body)
        let live = pagers.ids.first { id in
            records[id.any]?.account == accountID && records[id.any]?.endedAt == nil
                && dialog(of: id.any)?.remoteTarget == peer
        }
        if let id = live {
            guard pagers[id].map({ $0.usage.queuedCount < configuration.limits.queuedMessages }) == true else {
                throw .limitReached("\(configuration.limits.queuedMessages) messages waiting")
            }
            _ = pagers.update(id) { $0.details[message] = content }
            drive(id, .queued(message), at: now)
            return (id, message, settle(at: now))
        }
        try limit(pagers.count, .clientPagerMessage)
        let id = pagers.nextID()
        let (usage, actions) = ClientPagerMessage.start(with: message)
        pagers[id] = .init(usage: usage, details: [message: content])
        open(id.any, account: accountID, dialog: series(from: account, to: peer), peer: peer.description, at: now)
        perform(actions, id, at: now)
        return (id, message, settle(at: now))
    }

    mutating func drive(_ id: UsageID<ClientPagerMessage>, _ input: ClientPagerMessage.Input, at now: Instant) {
        guard let actions = pagers.update(id, { $0.usage.handle(input, at: now) }) else { return }
        perform(actions, id, at: now)
    }

    /// Until when messages that wait may still be sent after the end was asked for: one that then begins has its answer
    /// before `usageBound`.
    func flushUntil(_ now: Instant) -> Instant? {
        switch configuration.queueAtEnd {
        case .giveBack: nil
        case .flush: now + configuration.stack.timers.t1 * 64 * 3
        }
    }

    private mutating func perform(
        _ actions: [ClientPagerMessage.Action], _ id: UsageID<ClientPagerMessage>, at now: Instant
    ) {
        for action in actions {
            switch action {
            case .send(let message):
                guard let content = pagers[id]?.details[message] else { continue }
                request(.message, for: id.any, .message(message), at: now) { draft in
                    draft.fields.append(.contentType, content.contentType)
                    draft.body = content.body
                }
            case .delivered(let message, let status):
                forget(message, id)
                report(.pager(id, .delivered(message, status)))
            case .failed(let message, let failure):
                forget(message, id)
                report(.pager(id, .failed(message, failure)))
            case .undelivered(let message):
                guard let content = pagers[id]?.details[message] else { continue }
                forget(message, id)
                coordinator.undelivered(content)
                report(.pager(id, .undelivered(message, content)))
            case .ended(let outcome): finish(id.any, outcome, at: now)
            }
        }
        if records[id.any] != nil { report(.changed(id.any)) }
    }
    private mutating func forget(_ message: MessageID, _ id: UsageID<ClientPagerMessage>) {
        _ = pagers.update(id) { $0.details[message] = nil }
    }

    /// Everything that is still here when the usage is dropped, the one in flight included, goes back to its writer.
    mutating func giveBackQueue(_ id: UsageID<ClientPagerMessage>, at now: Instant) {
        guard let entry = pagers[id] else { return }
        for (message, content) in entry.details.value.sorted(by: { $0.key.serial < $1.key.serial }) {
            coordinator.undelivered(content)
            report(.pager(id, .undelivered(message, content)))
        }
    }

    mutating func messageAnswered(
        _ id: AnyUsageID, _ message: MessageID, _ failure: Failure?, _ status: StatusCode?, at now: Instant
    ) {
        if let failure {
            drive(pagerID(id), .failed(failure), at: now)
        } else {
            drive(pagerID(id), .answered(status ?? 200), at: now)
        }
    }

    // MARK: OPTIONS

    /// Asks what the peer can do (RFC 3261 §11).
    package mutating func options(
        _ accountID: AccountID, to peer: AnyURI, at now: Instant
    ) throws(UsageError) -> (UsageID<ClientOutOfDialogRequest>, [UsageOutput]) {
        let account = try gate(accountID)
        try limit(outOfDialog.count, .clientOutOfDialogRequest)
        let id = outOfDialog.nextID()
        outOfDialog[id] = .init(usage: ClientOutOfDialogRequest(), details: .options)
        open(id.any, account: accountID, dialog: series(from: account, to: peer), peer: peer.description, at: now)
        request(.options, for: id.any, .outOfDialog, contact: contact(of: accountID), at: now)
        return (id, settle(at: now))
    }

    mutating func outOfDialogAnswered(_ id: AnyUsageID, _ response: SIPMessage, _ status: StatusCode, at now: Instant) {
        let id = UsageID<ClientOutOfDialogRequest>(serial: id.serial)
        guard let actions = outOfDialog.update(id, { $0.usage.answered(status) }) else { return }
        report(.outOfDialog(id, response))
        for case .ended(let outcome) in actions { finish(id.any, outcome, at: now) }
    }
    mutating func outOfDialogFailed(_ id: AnyUsageID, _ failure: Failure, at now: Instant) {
        let id = UsageID<ClientOutOfDialogRequest>(serial: id.serial)
        guard let actions = outOfDialog.update(id, { $0.usage.failed(failure) }) else { return }
        for case .ended(let outcome) in actions { finish(id.any, outcome, at: now) }
    }
}
