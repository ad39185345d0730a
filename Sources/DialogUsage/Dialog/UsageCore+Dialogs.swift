import SIPMessage
import SIPTransaction
import SansIO

/// Which usage lives in which dialog, and whose a message is (RFC 3261 §12, RFC 5057).
extension UsageCore {
    /// Opens the books for a new usage in a new dialog, or in a new series of requests. Nothing is sent yet.
    mutating func open(_ id: AnyUsageID, account: AccountID?, dialog: Dialog, peer: String, at now: Instant) {
        let dialog = dialogs.open(dialog, for: id)
        records[id] = UsageRecord(account: account, dialog: dialog, peer: visible(peer), since: now)
        coordinator.born(id, at: now)
    }

    /// Opens the books for a new usage in a dialog that is there already (RFC 5057 §3).
    mutating func open(_ id: AnyUsageID, account: AccountID?, in dialog: DialogID, peer: String, at now: Instant) {
        dialogs.join(id, dialog)
        records[id] = UsageRecord(account: account, dialog: dialog, peer: visible(peer), since: now)
        coordinator.born(id, at: now)
    }

    /// The dialog, or the series of requests, which a usage is in now.
    func dialog(of id: AnyUsageID) -> Dialog? {
        guard let record = records[id] else { return nil }
        return dialogs[record.dialog]
    }
    func localTag(of id: AnyUsageID) -> String? { dialog(of: id)?.localTag }

    /// Changes the dialog of a usage in place; nil if the usage is gone.
    mutating func updateDialog<Result>(of id: AnyUsageID, _ change: (inout Dialog) -> Result) -> Result? {
        guard let record = records[id] else { return nil }
        return dialogs.update(record.dialog, change)
    }

    /// From now on the usage is in another dialog; the one it leaves goes if nothing else lives there.
    mutating func move(_ id: AnyUsageID, to dialog: DialogID) {
        guard let old = records[id]?.dialog, old != dialog else { return }
        dialogs.join(id, dialog)
        records[id]?.dialog = dialog
        dialogs.leave(id, old)
    }

    // MARK: Whose a message is

    /// The dialog that a request from the peer names, by Call-ID, local tag and remote tag alone (§12.2.2).
    func dialog(addressedBy request: SIPMessage) -> DialogID? {
        guard let key = DialogSetKey(to: request), let tag = try? request.fromTag() ?? "" else { return nil }
        return dialogs.established(key, remoteTag: tag)
    }

    /// The usage in a dialog that a request of the peer is for: by its method, and for SUBSCRIBE and NOTIFY by its event
    /// package and id (RFC 5057 §4.2, RFC 6665 §4.5.2).
    func usage(for request: SIPMessage, in dialog: DialogID) -> AnyUsageID? {
        let usages = dialogs.usages(in: dialog)
        switch request.method {
        case .notify: return subscription(for: request, among: usages)
        case .subscribe: return watcher(for: request, among: usages)
        case .invite, .ack, .bye, .cancel, .info, .prack, .update:
            return usages.first { $0.kind == .clientInviteSession || $0.kind == .serverInviteSession }
        case .message:
            return usages.first { $0.kind == .clientInviteSession || $0.kind == .serverInviteSession } ?? usages.first
        case .options, .register, .publish, .refer, .other: return usages.first
        }
    }

    /// Where none has this event, one of the same kind: it knows what to answer.
    private func subscription(for notify: SIPMessage, among usages: [AnyUsageID]) -> AnyUsageID? {
        let subscribers = usages.filter { $0.kind == .clientSubscription }
        guard subscribers.count > 1, let event = try? notify.event() else { return subscribers.first }
        return subscribers.first { event.names(subscriptions[any: $0]?.details.event) }
            ?? subscribers.first { subscriptions[any: $0]?.details.value.isNamed(by: event) == true }
            ?? subscribers.first
    }
    private func watcher(for subscribe: SIPMessage, among usages: [AnyUsageID]) -> AnyUsageID? {
        let notifiers = usages.filter { $0.kind == .serverSubscription }
        guard notifiers.count > 1, let event = try? subscribe.event() else { return notifiers.first }
        return notifiers.first { event.names(watchers[any: $0]?.details.event) }
            ?? notifiers.first { watchers[any: $0]?.details.value.isNamed(by: event) == true } ?? notifiers.first
    }

    /// The usage a message belongs to that no transaction accounts for: an ACK, a late answer.
    func usage(of message: SIPMessage, received: Bool) -> AnyUsageID? {
        let isOursInTo = message.isRequest == received
        guard let key = isOursInTo ? DialogSetKey(to: message) : DialogSetKey(from: message) else { return nil }
        let remote = isOursInTo ? try? message.fromTag() : try? message.toTag()
        let dialog = dialogs.established(key, remoteTag: (remote ?? nil) ?? "") ?? dialogs.set(key).first
        return dialog.flatMap { usage(for: message, in: $0) ?? dialogs.usages(in: $0).first }
    }
}

extension DialogSetKey {
    /// Ours is the To tag: a request from the peer, or our answer to one.
    init?(to message: SIPMessage) {
        guard let call = try? message.callID(), let tag = try? message.toTag() else { return nil }
        self.init(callID: call, localTag: tag)
    }
    /// Ours is the From tag: a request of our own, or an answer to one.
    init?(from message: SIPMessage) {
        guard let call = try? message.callID(), let tag = try? message.fromTag() else { return nil }
        self.init(callID: call, localTag: tag)
    }
}

extension EventType {
    /// Both name the same subscription (RFC 6665 §8.2.1).
    func names(_ other: EventType?) -> Bool { other?.package == package && other?.id == id }
}
