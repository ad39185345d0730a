import SIPMessage
import SIPTransaction
import SansIO

/// Requests from outside: to which usage they belong, or that they belong to none (RFC 3261 §8.2, §12.2.2).
extension UsageCore {
    mutating func received(
        _ message: SIPMessage, _ transaction: ServerTransactionID, from source: Source, at now: Instant
    ) {
        let tag: String?
        do { tag = try message.toTag() } catch { return refuse(transaction, message, 400, at: now) }
        if !refusals.isEmpty, let status = refusals[message.method] {
            return refuse(transaction, message, status, at: now)
        }
        if tag != nil {
            inDialog(message, transaction, at: now)
        } else {
            outOfDialog(message, transaction, from: source, at: now)
        }
    }

    // MARK: In a dialog

    private mutating func inDialog(
        _ message: SIPMessage, _ transaction: ServerTransactionID, at now: Instant
    ) {
        let known = dialog(addressedBy: message) ?? dialogToBe(of: message) ?? dialogOfFork(message, at: now)
        guard let dialog = known, let sequence = try? message.cSeq()
        else {
            _ = passesScreening(message, transaction, .inUnknownDialog, at: now)
            return
        }
        let owner = usage(for: message, in: dialog)
        // Where no usage is meant, an answer still comes from the dialog: it is that of any usage in it.
        guard let id = owner ?? dialogs.usages(in: dialog).first else {
            return refuse(transaction, message, 481, at: now)
        }
        owners[transaction] = id
        records[id]?.lastHeard = now
        let isInOrder = dialogs.update(dialog) { !$0.isEstablished || $0.admit(sequence.number) }
        guard isInOrder == true else { return refuse(transaction, message, 500, at: now) }
        guard records[id]?.endedAt == nil || message.method.mayReachEnding else {
            return refuse(transaction, message, 481, at: now)
        }
        guard passesScreening(message, transaction, .inDialog, at: now) else { return }
        switch (message.method, id.kind) {
        case (.notify, .clientSubscription): notified(subscriptionID(id), message, transaction, at: now)
        case (.subscribe, .serverSubscription) where isRenewal(message, of: id):
            watchedAgain(watcherID(id), message, transaction, at: now)
        case (.invite, .clientInviteSession), (.invite, .serverInviteSession):
            reinvited(sessionID(id), in: dialog, message, transaction, at: now)
        case (.bye, .clientInviteSession), (.bye, .serverInviteSession):
            hungUp(sessionID(id), in: dialog, message, transaction, at: now)
        case (.update, .clientInviteSession), (.update, .serverInviteSession):
            updated(sessionID(id), in: dialog, message, transaction, at: now)
        case (.prack, .serverInviteSession):
            pracked(calleeID(id), in: dialog, message, transaction, at: now)
        case (.info, .clientInviteSession), (.info, .serverInviteSession):
            informed(sessionID(id), message, transaction, at: now)
        case (.refer, _):
            // 480 would end the call in whose dialog it came (G2, RFC 5057 §5.1).
            if coordinator.isActive { return refuse(transaction, message, 603, at: now) }
            guard let user = authenticate(message, transaction, at: now) else { return }
            referred(message, transaction, in: dialog, user: user.name, at: now)
        case (.options, _): answerOptions(message, transaction, at: now)
        case (.subscribe, _):
            // Another usage in this dialog; 480 ends nothing but itself (RFC 5057 §5.3, G2).
            if coordinator.isActive { return refuse(transaction, message, 480, at: now) }
            guard let user = authenticate(message, transaction, at: now) else { return }
            watched(message, transaction, in: dialog, user: user.name, at: now)
        case (.message, .clientInviteSession), (.message, .serverInviteSession):
            messaged(sessionID(id), message, transaction, at: now)
        case (.message, _): refuse(transaction, message, coordinator.isActive ? 480 : 405, at: now)
        case (_, _): refuse(transaction, message, 481, at: now)
        }
    }

    /// Before there is a dialog only the notifier may make one, by a NOTIFY that overtakes the answer to our SUBSCRIBE
    /// (RFC 6665 §4.4.1).
    private func dialogToBe(of message: SIPMessage) -> DialogID? {
        guard message.method == .notify, let key = DialogSetKey(to: message) else { return nil }
        return dialogs.unanswered(key)
    }

    // MARK: Outside any dialog

    private mutating func outOfDialog(
        _ message: SIPMessage, _ transaction: ServerTransactionID, from source: Source, at now: Instant
    ) {
        if Features.dialogMethods.contains(message.method) {
            return refuse(transaction, message, 481, at: now)
        }
        if coordinator.isActive {
            // The gate (G1): nothing new is begun while we are on our way out.
            coordinator.saySomething()
            return refuse(
                transaction, message, configuration.role.refusal, retryAfter: configuration.limits.absence, at: now)
        }
        guard let user = authenticate(message, transaction, at: now) else { return }
        guard passesScreening(message, transaction, .outside, at: now) else { return }
        switch message.method {
        case .options: answerOptions(message, transaction, at: now)
        case .invite: invited(message, transaction, from: source, user: user.name, at: now)
        case .subscribe: watched(message, transaction, user: user.name, at: now)
        case .refer: referred(message, transaction, in: nil, user: user.name, at: now)
        case .register where registrar != nil: registered(message, transaction, user: user.name, at: now)
        case .publish where compositor != nil: published(message, transaction, user: user.name, at: now)
        case .message, .register, .publish, .prack, .update, .info, .notify, .bye, .ack, .cancel, .other:
            serve(message, transaction, from: source, user: user.name, at: now)
        }
    }

    private struct Caller { var name: String? }

    /// nil when the request has been answered with a challenge or a refusal.
    private mutating func authenticate(
        _ message: SIPMessage, _ transaction: ServerTransactionID, at now: Instant
    ) -> Caller? {
        guard var server = digestServer, server.challenges(message.method) else { return Caller(name: nil) }
        defer { digestServer = server }
        let verdict = server.verify(message, in: transaction, at: now)
        switch verdict {
        case .authenticated(let user): return Caller(name: user)
        case .wrong:
            refuse(transaction, message, 403, at: now)
            return nil
        case .missing, .stale:
            let response = server.challenge(
                message, stale: verdict == .stale, toTag: entropy.token(), entropy: &entropy, at: now)
            respond(transaction, response, at: now)
            return nil
        }
    }

    private mutating func serve(
        _ message: SIPMessage, _ transaction: ServerTransactionID, from source: Source, user: String?,
        at now: Instant
    ) {
        guard let from = try? message.from(), let to = try? message.to() else {
            return refuse(transaction, message, 400, at: now)
        }
        let incoming = IncomingRequest(
            method: message.method, request: message, from: from, to: to, source: source, authenticatedUser: user,
            hasExpired: hasExpired(message, at: now))
        if message.method == .message {
            guard let id = open(\.messages, message, transaction, asked: message.method, at: now) else { return }
            report(.message(id, incoming))
        } else {
            guard let id = open(\.served, message, transaction, asked: message.method, at: now) else { return }
            report(.request(id, incoming))
        }
    }

    /// What an INVITE would get, and what we can do (§11.2). In a dialog it asks for the latter only.
    private mutating func answerOptions(_ message: SIPMessage, _ transaction: ServerTransactionID, at now: Instant) {
        let isInDialog = owners[transaction] != nil
        if !isInDialog, let status = refusalOfCalls { return refuse(transaction, message, status, at: now) }
        let tag = entropy.token()
        respond(
            transaction, ResponseDraft(200, to: message, toTag: tag), contact: localContact(for: message), at: now)
    }
}

extension Method {
    /// What still has its answer in a usage that is being ended; everything else is told that there is none (G3).
    fileprivate var mayReachEnding: Bool {
        switch self {
        case .bye, .notify, .prack, .ack, .cancel: true
        case .invite, .options, .register, .message, .subscribe, .publish, .refer, .update, .info, .other: false
        }
    }
}
