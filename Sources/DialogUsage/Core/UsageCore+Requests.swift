import SIPMessage
import SIPTransaction
import SansIO

/// Requests of ours on their way out, and what is the same for all of them.
extension UsageCore {
    /// A fresh series of requests from this account (§8.1.1): its own Call-ID and tag.
    mutating func series(
        from account: Account, to peer: AnyURI, target: AnyURI? = nil, usingServiceRoute: Bool = true,
        as identity: CallerIdentity = .shown
    ) -> Dialog {
        var route: [NameAddress] = []
        if var proxy = account.outboundProxy {
            proxy.parameters.set("lr", nil)
            route = [NameAddress(uri: .sip(proxy))]
        }
        if usingServiceRoute {
            // The proxy may name itself first in its Service-Route; it is passed through once.
            let isFirst = account.serviceRoute.first.map { first in
                route.contains { $0.uri.isEquivalent(to: first.uri) }
            }
            route = isFirst == true ? account.serviceRoute : route + account.serviceRoute
        }
        return Dialog(
            callID: entropy.token(digits: 24), localTag: entropy.token(), from: identity.from(account),
            to: NameAddress(uri: peer.asIdentity), target: ChosenTarget(target ?? peer).uri, route: route)
    }

    /// Sends `draft` for a usage, with the credentials that its servers are known to want.
    mutating func send(
        _ draft: RequestDraft, for id: AnyUsageID, _ purpose: SentRequest.Purpose, in dialog: DialogID,
        contact: ContactTemplate? = nil, at now: Instant
    ) {
        transmit(
            draft, dialog: dialogs[dialog], named: dialog, for: id, purpose, contact: contact,
            account: records[id]?.account, rounds: 0, at: now)
    }

    /// nil: it cannot be sent. Its usage is told of that with what else there is to be worked off, not from within.
    @discardableResult
    mutating func transmit(
        _ draft: RequestDraft, dialog: Dialog?, named dialogID: DialogID? = nil, for id: AnyUsageID,
        _ purpose: SentRequest.Purpose,
        contact: ContactTemplate?, account accountID: AccountID?, rounds: Int, at now: Instant
    ) -> ClientTransactionID? {
        guard let target = dialog?.target else {
            // A target that is no SIP URI, such as a Contact with a scheme we do not speak.
            let request = SentRequest(
                usage: id, purpose: purpose, draft: draft, target: Target(SIPURI(user: nil, host: "", port: nil)),
                account: accountID, rounds: rounds, dialog: dialogID, sentAt: now)
            unsendable.append((request, .unreachable("the peer's address is not a SIP URI")))
            return nil
        }
        if paused.isPaused(target, at: now), !purpose.isEnd, dialog?.isEstablished == false {
            let request = SentRequest(
                usage: id, purpose: purpose, draft: draft, target: target, account: accountID, rounds: rounds,
                dialog: dialogID, series: purpose == .invite ? dialog : nil, sentAt: now)
            unsendable.append((request, .status(503, reason: "the server asked to be left alone")))
            return nil
        }
        var complete = draft
        if let accountID { complete = digest.authorize(draft, id: accountID) }
        features.announce(in: &complete)
        if complete.fields.first(.userAgent) == nil { complete.fields.append(.userAgent, configuration.userAgent) }
        let (transaction, outputs) = stack.send(complete, to: target, contact: contact, at: now)
        sent[transaction] = Boxed(
            SentRequest(
                usage: id, purpose: purpose, draft: complete, target: target, contact: contact, account: accountID,
                rounds: rounds, dialog: dialogID, series: purpose == .invite || purpose == .byeOfFork ? dialog : nil,
                transaction: transaction, sentAt: now))
        switch purpose {
        case .invite: noteInvite(transaction, complete, for: id)
        case .reinvite: noteReinvite(transaction, for: id)
        case .subscribe(.initial): noteRefer(complete, for: id)
        case .register, .unregister, .publish, .unpublish, .subscribe, .notify, .notifyFinal, .message, .bye, .cancel,
            .update, .refresh, .prack, .info, .messageInSession, .outOfDialog, .byeOfFork:
            break
        }
        if purpose.isEnd { coordinator.saySomething() }
        enqueue(outputs)
        return transaction
    }

    /// The next request of a usage, sent: in its dialog or series, or in another dialog that it has.
    mutating func request(
        _ method: Method, for id: AnyUsageID, _ purpose: SentRequest.Purpose, in dialog: DialogID? = nil,
        contact: ContactTemplate? = nil, at now: Instant, _ fill: (inout RequestDraft) -> Void = { _ in }
    ) {
        guard let dialog = dialog ?? records[id]?.dialog, var draft = dialogs.update(dialog, { $0.request(method) })
        else { return }
        fill(&draft)
        send(draft, for: id, purpose, in: dialog, contact: contact, at: now)
    }

    func contact(of account: AccountID?) -> ContactTemplate {
        let user = account.flatMap { accounts[$0]?.user }
        return ContactTemplate(user: user, uriParameters: Parameters(), fieldParameters: Parameters())
    }

    // MARK: Answers

    mutating func answered(_ transaction: ClientTransactionID, _ response: SIPMessage, at now: Instant) {
        guard let request = sent[transaction]?.value, let status = response.status else { return }
        if status.isProvisional {
            guard records[request.usage] != nil else { return limitInvite(transaction, at: now) }
            if request.purpose == .invite { inviteProgressed(request, response, status, at: now) }
            if request.purpose == .reinvite { reinviteProgressed(request, at: now) }
            return
        }
        if !request.isAnswered {
            sent[transaction]?.isAnswered = true
            sent[transaction]?.value.forgetDraft()
            records[request.usage]?.lastStatus = status
            if request.purpose.isEnd { coordinator.endRequestAnswered(for: request.usage) }
        }
        if status == 401 || status == 407, retry(request, after: response, at: now) { return }
        if status == 500, repeats(overtaken: request, at: now) { return }
        if pursues(request, response, status, at: now) { return }
        if status.isSuccess, let account = request.account, !digest.trusts(response, to: request.draft, id: account) {
            return distrust(request, response, status, at: now)
        }
        dispatch(request, response, status, at: now)
    }

    /// No answer to it comes any more, no 2xx is repeated, and so no ACK either.
    mutating func requestEnded(_ transaction: ClientTransactionID) {
        guard let request = sent.removeValue(forKey: transaction),
            request.purpose == .invite || request.purpose == .reinvite
        else { return }
        forgetAcknowledgement(sessionID(request.usage), of: request.value.draft.sequence)
    }

    mutating func failed(_ transaction: ClientTransactionID, _ failure: TransactionFailure, at now: Instant) {
        guard let request = sent[transaction]?.value else { return }
        if !request.isAnswered {
            sent[transaction]?.isAnswered = true
            if request.purpose.isEnd { coordinator.endRequestAnswered(for: request.usage) }
        }
        finishFailed(request, Failure(failure), at: now)
    }

    /// A 2xx from somebody who does not know our password (RFC 7616 §3.5) is as good as none. A session it would have
    /// made is acknowledged and ended.
    private mutating func distrust(
        _ request: SentRequest, _ response: SIPMessage, _ status: StatusCode, at now: Instant
    ) {
        switch request.purpose {
        case .invite, .reinvite:
            beginEnd(request.usage, reason: "\(Failure.untrusted)", at: now)
            dispatch(request, response, status, at: now)
        case .register, .unregister, .publish, .unpublish, .subscribe, .notify, .notifyFinal, .message, .update,
            .refresh, .prack, .bye, .cancel, .info, .messageInSession, .outOfDialog, .byeOfFork:
            finishFailed(request, .untrusted, at: now)
        }
    }

    /// Repeats a challenged request with credentials (RFC 3261 §22.2); false when there is no point.
    private mutating func retry(_ request: SentRequest, after response: SIPMessage, at now: Instant) -> Bool {
        guard let accountID = request.account, var account = accounts[accountID],
            request.rounds < configuration.limits.repetitions
        else { return false }
        if request.purpose == .register || request.purpose == .publish {
            account.learnRealms(from: response)
            accounts[accountID] = account
        }
        let verdict = digest.learn(
            from: response, to: request.draft, id: accountID, account: account, rounds: request.rounds,
            entropy: &entropy)
        guard verdict == .answer else { return false }
        guard mayRetry(request) else { return false }
        return resend(request, rounds: request.rounds + 1, at: now)
    }

    /// The usages of a dialog do not wait for each other, and over UDP the later of two requests may arrive first. The
    /// other one is then refused with 500 (§12.2.2), though nothing is wrong with it. False where that is not so.
    private mutating func repeats(overtaken request: SentRequest, at now: Instant) -> Bool {
        guard request.purpose.mayBeOvertaken, let dialog = request.dialog.flatMap({ dialogs[$0] }),
            dialog.isEstablished, dialog.hasGoneOn(since: request.draft),
            request.rounds < configuration.limits.repetitions, mayRetry(request)
        else { return false }
        return resend(request, rounds: request.rounds + 1, at: now)
    }

    /// The same request once more, or `draft` of it, with the next CSeq number; to another target where one is named.
    /// false: there is nothing left to send it in.
    @discardableResult
    mutating func resend(
        _ request: SentRequest, _ draft: RequestDraft? = nil, to target: AnyURI? = nil, rounds: Int = 0, at now: Instant
    ) -> Bool {
        if request.purpose == .invite {
            dropLegs(of: sessionID(request.usage))
            drive(callerID(request.usage), .repeated, at: now)
        }
        let known = request.purpose == .byeOfFork ? nil : request.dialog ?? records[request.usage]?.dialog
        guard var dialog = request.series?.value ?? known.flatMap({ dialogs[$0] }) else { return false }
        if let target { dialog.retarget(to: target) }
        let draft = dialog.renumber(draft ?? request.draft)
        if let known { _ = dialogs.update(known) { $0 = dialog } }
        let transaction = transmit(
            draft, dialog: dialog, named: known, for: request.usage, request.purpose, contact: request.contact,
            account: request.account, rounds: rounds, at: now)
        // Where it has been already is not forgotten, lest a challenge on the way begins a circle anew (H-078).
        if let transaction, let targets = request.targets { sent[transaction]?.targets = targets }
        return true
    }

    /// A request that was sent before the end was asked for is not pursued (R4); a message in flight is.
    func mayRetry(_ request: SentRequest) -> Bool {
        let id = request.usage
        guard records[id] != nil || request.purpose == .byeOfFork else { return false }
        switch request.purpose {
        case .register: return registrations[any: id]?.usage.isEndingBeforeAnswer == false
        case .publish: return publications[any: id]?.usage.isEndingBeforeAnswer == false
        case .subscribe(.initial), .subscribe(.refresh):
            return subscriptions[any: id]?.usage.isEndingBeforeAnswer == false
        case .invite: return callers[any: id]?.usage.isEnding == false
        case .reinvite, .update, .refresh: return !isEndingSession(id) && !isTakenBack(request)
        case .unregister, .unpublish, .subscribe(.end), .notify, .notifyFinal, .message, .bye, .cancel, .info,
            .messageInSession, .prack, .outOfDialog, .byeOfFork:
            return true
        }
    }

    private mutating func dispatch(
        _ request: SentRequest, _ response: SIPMessage, _ status: StatusCode, at now: Instant
    ) {
        let id = request.usage
        switch request.purpose {
        case .register, .unregister: registerAnswered(id, response, status, at: now)
        case .publish, .unpublish: publishAnswered(id, response, status, asked: request, at: now)
        case .subscribe(let which): subscribeAnswered(id, which, response, status, at: now)
        case .notify, .notifyFinal:
            notifyAnswered(id, failure(status, response, of: id), status, retryAfter: retryAfter(response), at: now)
        case .message(let message): messageAnswered(id, message, failure(status, response, of: id), status, at: now)
        case .invite: inviteAnswered(request, response, status, at: now)
        case .reinvite: reinviteAnswered(request, response, status, at: now)
        case .update: offerAnswered(request, response, status, at: now)
        case .refresh: refreshAnswered(request, response, status, at: now)
        case .prack: dialogFailed(sessionID(id), in: request.dialog, failure(status, response, of: id), at: now)
        case .info, .messageInSession: talkAnswered(request, failure(status, response, of: id), status, at: now)
        case .bye: byeAnswered(id, status, at: now)
        case .cancel, .byeOfFork: break
        case .outOfDialog: outOfDialogAnswered(id, response, status, at: now)
        }
    }

    /// The request got no usable answer at all.
    mutating func finishFailed(
        _ request: SentRequest, _ failure: Failure, at now: Instant
    ) {
        let id = request.usage
        switch request.purpose {
        case .register, .unregister: registerFailed(id, failure, retryAfter: nil, at: now)
        case .publish, .unpublish: publishFailed(id, failure, retryAfter: nil, at: now)
        case .subscribe(let which): subscribeFailed(request, which, failure, at: now)
        case .notify, .notifyFinal: notifyAnswered(id, failure, nil, retryAfter: nil, at: now)
        case .message(let message): messageAnswered(id, message, failure, nil, at: now)
        case .invite: inviteFailed(request, failure, at: now)
        case .reinvite, .update: offerFailed(request, failure, at: now)
        case .refresh: refreshRefused(request, failure, at: now)
        case .prack: dialogFailed(sessionID(id), in: request.dialog, failure, at: now)
        case .info, .messageInSession: talkAnswered(request, failure, nil, at: now)
        case .bye: byeFailed(id, failure, at: now)
        case .cancel, .byeOfFork: break
        case .outOfDialog: outOfDialogFailed(id, failure, at: now)
        }
    }

    /// nil for a 2xx. A challenge that comes as far as this is one that we cannot answer.
    func failure(_ status: StatusCode, _ response: SIPMessage, of id: AnyUsageID) -> Failure? {
        if status.isSuccess { return nil }
        if status == 401 || status == 407 {
            return .credentials(status, foreignRealm: foreignRealm(in: response, to: id))
        }
        return .status(status, reason: visible(response.reasonPhrase))
    }
    /// The realm that was told nothing because it is none of ours (AUT-284); nil where that is not why.
    func foreignRealm(in response: SIPMessage, to id: AnyUsageID) -> String? {
        records[id]?.account.flatMap { accounts[$0] }?.foreignRealm(in: response)
    }

    /// Retry-After, within reason (H-006).
    func retryAfter(_ response: SIPMessage) -> Duration? {
        guard let seconds = try? response.retryAfter() else { return nil }
        return min(.seconds(Int64(seconds)), configuration.limits.longestRetry)
    }
    /// A lease within reason (H-006).
    func lease(_ seconds: UInt32) -> Duration {
        min(max(.seconds(Int64(seconds)), configuration.limits.shortestLease), configuration.limits.longestLease)
    }
}

extension Failure {
    init(_ failure: TransactionFailure) {
        switch failure {
        case .timedOut: self = .timedOut
        case .unreachable: self = .unreachable("nobody listens at the peer's address")
        case .noAddress: self = .unreachable("the peer's name has no address")
        case .closed: self = .unreachable("the connection was closed")
        }
    }
}
