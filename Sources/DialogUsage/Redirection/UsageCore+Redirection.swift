package import SIPMessage
import SIPTransaction
package import SansIO

/// A final answer that need not be the last word: another target, or the same without what was refused (RFC 3261
/// §8.1.3.4, §8.1.3.5). Nothing of this is done for what is being ended (R4).
extension UsageCore {
    /// true: it has been asked again, or elsewhere, or the application is asked.
    mutating func pursues(
        _ request: SentRequest, _ response: SIPMessage, _ status: StatusCode, at now: Instant
    ) -> Bool {
        if status == 503, let pause = retryAfter(response) { paused.pause(request.target, for: pause, at: now) }
        guard !status.isSuccess, mayRetry(request), records[request.usage]?.endedAt == nil else { return false }
        if status == 422, asksLonger(request, response, at: now) { return true }
        let domain = request.account.flatMap { accounts[$0]?.domain }
        if let draft = request.draft.repaired(after: response, status, domain: domain) {
            resend(request, draft, to: draft.uri == request.draft.uri ? nil : draft.uri, at: now)
            return true
        }
        if request.purpose == .invite { return redirects(request, response, status, at: now) }
        return status.isRedirection && follows(request, response, at: now)
    }

    // MARK: INVITE

    private mutating func redirects(
        _ request: SentRequest, _ response: SIPMessage, _ status: StatusCode, at now: Instant
    ) -> Bool {
        let id = callerID(request.usage)
        guard var redirection = redirection(of: id, request) else { return false }
        var offered: [NameAddress] = []
        switch (status.statusClass, configuration.redirection) {
        case (3, .follow):
            let insecure = redirection.targets.add(response.contactAddresses)
            if redirection.targets.isEmpty { offered = insecure }
        case (3, .ask):
            // None that has been tried before is worth a question.
            var fresh = redirection.targets
            _ = fresh.add(response.contactAddresses, insecureToo: true)
            if !fresh.isEmpty { offered = response.contactAddresses }
        case (6, _): redirection.targets.removeAll()
        default: break
        }
        if !offered.isEmpty {
            redirection.phase = .asking(
                Boxed(request), status, reason: visible(response.reasonPhrase),
                until: now + configuration.limits.redirectionChoice)
        }
        _ = callers.update(id) { $0.details.redirection = Boxed(redirection) }
        guard offered.isEmpty else {
            touch(id.any)
            report(.session(.client(id), .redirectionOffered(offered)))
            return true
        }
        return triesNext(request, at: now)
    }
    private func redirection(of id: UsageID<ClientInviteSession>, _ request: SentRequest) -> Redirection? {
        guard let details = callers[id]?.details else { return nil }
        return details.redirection?.value ?? Redirection(request.draft, limit: configuration.limits.redirections)
    }

    /// The next target there is, after a failure at this one.
    mutating func triesNext(_ request: SentRequest, at now: Instant) -> Bool {
        let id = callerID(request.usage)
        guard request.purpose == .invite, mayRetry(request), records[id.any]?.endedAt == nil,
            var redirection = callers[id]?.details.redirection?.value, let next = redirection.targets.next()
        else { return false }
        redirection.phase = .trying
        let original = redirection.original
        _ = callers.update(id) { $0.details.redirection = Boxed(redirection) }
        var draft = original
        next.apply(to: &draft)
        report(.session(.client(id), .redirected(to: next.uri)))
        resend(request, draft, to: next.uri, at: now)
        return true
    }

    /// The application follows a redirection it was asked about, to these of the contacts, in their order of q.
    package mutating func follow(
        _ id: UsageID<ClientInviteSession>, _ contacts: [NameAddress], at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        guard let details = callers[id]?.details, records[id.any]?.endedAt == nil else { throw .ended("\(id)") }
        guard var redirection = details.redirection?.value, case .asking(let request, _, _, _) = redirection.phase
        else {
            throw .notNow(command: "follow a redirection", state: "there is none")
        }
        _ = redirection.targets.add(contacts, insecureToo: true)
        guard !redirection.targets.isEmpty else {
            throw .notNow(command: "follow a redirection", state: "none of these can be called")
        }
        _ = callers.update(id) { $0.details.redirection = Boxed(redirection) }
        _ = triesNext(request.value, at: now)
        return settle(at: now)
    }

    /// The end, or the time, comes while the application is asked: the 3xx is the answer then. false: nobody was asked.
    @discardableResult
    mutating func endsRedirection(_ id: UsageID<ClientInviteSession>, at now: Instant) -> Bool {
        guard case .asking(_, let status, let reason, _)? = callers[id]?.details.redirection?.phase else {
            return false
        }
        drive(id, .refused(status, reason: reason), at: now)
        return true
    }

    /// Sends a call from outside elsewhere: 302, or another of 300 to 305, with at least one Contact (§13.3.1.2).
    package mutating func redirect(
        _ id: UsageID<ServerInviteSession>, to contacts: [NameAddress], status: StatusCode = 302, at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        guard !contacts.isEmpty, status.isRedirection else {
            throw .notNow(command: "redirect a call", state: "there is nowhere to redirect it to")
        }
        var fields = FieldList()
        for contact in contacts { fields.append(.contact, contact.description) }
        return try reject(id, status: status, fields: fields, at: now)
    }

    // MARK: Other requests

    /// Outside dialogs, to the best contact that has not been tried.
    private mutating func follows(_ request: SentRequest, _ response: SIPMessage, at now: Instant) -> Bool {
        switch request.purpose {
        case .message, .outOfDialog, .publish, .unpublish, .subscribe(.initial): break
        default: return false
        }
        guard configuration.redirection != .refuse, dialog(of: request.usage)?.isEstablished == false else {
            return false
        }
        var targets = request.targets ?? TargetSet(first: request.draft.uri, limit: configuration.limits.redirections)
        targets.removeAll()
        _ = targets.add(response.contactAddresses)
        guard let next = targets.next() else { return false }
        var draft = request.draft
        next.apply(to: &draft)
        var elsewhere = request
        elsewhere.targets = targets
        return resend(elsewhere, draft, to: next.uri, at: now)
    }
}

extension SIPMessage {
    /// Of a 3xx: where else to ask. Nothing where they cannot be read.
    var contactAddresses: [NameAddress] {
        if case .addresses(let addresses)? = try? contacts() { addresses } else { [] }
    }
}
