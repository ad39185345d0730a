package import SDP
package import SIPMessage
import SIPTransaction
package import SansIO

/// What both sides of an established session do: re-INVITE, BYE and INFO (RFC 3261 §14, §15; RFC 6086).
extension UsageCore {
    func sessionID(_ id: AnyUsageID) -> SessionID {
        id.kind == .clientInviteSession ? .client(callerID(id)) : .server(calleeID(id))
    }
    func sessionDetails(_ id: SessionID) -> SessionDetails? {
        switch id {
        case .client(let id): callers[id]?.details
        case .server(let id): callees[id]?.details
        }
    }
    mutating func updateSession(_ id: SessionID, _ change: (inout SessionDetails) -> Void) {
        switch id {
        case .client(let id): _ = callers.update(id) { change(&$0.details) }
        case .server(let id): _ = callees.update(id) { change(&$0.details) }
        }
    }
    func isEstablished(_ id: SessionID) -> Bool {
        switch id {
        case .client(let id): callers[id]?.usage.state == .established
        case .server(let id): callees[id]?.usage.state == .established
        }
    }
    func isEndingSession(_ id: AnyUsageID) -> Bool {
        callers[any: id]?.usage.isEnding ?? callees[any: id]?.usage.isEnding ?? true
    }

    // MARK: Our re-INVITE

    package mutating func offer(
        _ id: SessionID, _ description: SessionDescription, at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        let details = try modifiable(id, "change the session")
        guard details.modification.isIdle else {
            throw .notNow(command: "change the session", state: "another change is under way")
        }
        updateSession(id) { $0.offered = description }
        sendReinvite(id, at: now)
        return settle(at: now)
    }

    private mutating func sendReinvite(_ id: SessionID, at now: Instant) {
        guard let description = sessionDetails(id)?.offered else { return }
        updateSession(id) { $0.modification = .sent }
        request(.invite, for: id.any, .reinvite, contact: sessionContact(id), at: now) { $0.carry(description) }
        touch(id.any)
    }
    mutating func noteReinvite(_ transaction: ClientTransactionID, for id: AnyUsageID) {
        updateSession(sessionID(id)) { $0.reinvite = transaction }
    }
    func sessionContact(_ id: SessionID) -> ContactTemplate {
        if case .server(let callee) = id, let request = callees[callee]?.details.request {
            return localContact(for: request)
        }
        return contact(of: records[id.any]?.account)
    }

    mutating func reinviteAnswered(_ id: AnyUsageID, _ response: SIPMessage, _ status: StatusCode, at now: Instant) {
        let id = sessionID(id)
        guard let details = sessionDetails(id) else { return }
        if status.isSuccess {
            _ = updateDialog(of: id.any) { $0.refreshTarget(from: response) }
            let sequence = (try? response.cSeq().number) ?? 0
            if details.acknowledgedSequence != sequence || details.acknowledgement == nil {
                updateSession(id) { session in
                    session.acknowledgedSequence = sequence
                    session.acknowledgement = nil
                    session.answerComesInACK = false
                }
            }
            sendAcknowledgement(id, at: now)
            guard details.modification == .sent else { return }
            let answer = response.sessionDescription
            updateSession(id) { session in
                session.modification = .none
                session.localDescription = session.offered
                session.offered = nil
                if let answer { session.remoteDescription = answer }
            }
            if let answer {
                report(.session(id, .answered(answer)))
            } else {
                report(.session(id, .offerFailed(.status(status, reason: "2xx without an answer"))))
            }
        } else if status == 491 {
            // §14.1: the side that owns the Call-ID waits 2.1 to 4 s, the other up to 2 s.
            guard !isEndingSession(id.any) else { return }
            let fraction = entropy.fraction()
            let wait: Duration =
                id.any.kind == .clientInviteSession
                ? .milliseconds(2100 + Int64(fraction * 190) * 10) : .milliseconds(Int64(fraction * 200) * 10)
            updateSession(id) { $0.modification = .glare(retryAt: now + wait) }
            touch(id.any)
        } else {
            reinviteFailed(id.any, Self.failure(status, response) ?? .timedOut, at: now)
        }
    }

    mutating func reinviteFailed(_ id: AnyUsageID, _ failure: Failure, at now: Instant) {
        let session = sessionID(id)
        guard sessionDetails(session)?.modification == .sent else { return }
        updateSession(session) { details in
            details.modification = .none
            details.offered = nil
        }
        report(.session(session, .offerFailed(failure)))
        // 481 and silence mean that the dialog itself is gone there (§12.2.1.2).
        if failure == .timedOut || failure.status == 481 || failure.status == 408 { beginEnd(id, at: now) }
    }

    // MARK: The peer's re-INVITE

    mutating func reinvited(
        _ id: SessionID, _ message: SIPMessage, _ transaction: ServerTransactionID, at now: Instant
    ) {
        guard let details = sessionDetails(id) else { return refuse(transaction, message, 481, at: now) }
        guard isEstablished(id) else {
            return refuse(transaction, message, isEndingSession(id.any) ? 481 : 500, retryAfter: 1, at: now)
        }
        switch details.modification {
        case .sent, .glare: return refuse(transaction, message, 491, at: now)
        case .received, .answered: return refuse(transaction, message, 500, retryAfter: 1, at: now)
        case .none: break
        }
        let offer = message.sessionDescription
        guard offer != nil || message.sessionBody == nil else { return refuse(transaction, message, 488, at: now) }
        _ = updateDialog(of: id.any) { $0.refreshTarget(from: message) }
        updateSession(id) { session in
            session.modification = .received(transaction)
            session.request = message
            if let offer { session.remoteDescription = offer }
        }
        report(.session(id, .offered(offer)))
    }

    package mutating func answerOffer(
        _ id: SessionID, with description: SessionDescription, at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        let details = try modifiable(id, "answer the offer")
        guard case .received(let transaction) = details.modification, let request = details.request else {
            throw .notNow(command: "answer the offer", state: "there is none")
        }
        var response = ResponseDraft(200, to: request, toTag: localTag(of: id.any))
        features.announce(in: &response, to: .invite)
        response.fields.append(.contentType, "application/sdp")
        response.fields.append(.server, configuration.userAgent)
        response.body = description.serialised()
        let t1 = configuration.stack.timers.t1
        updateSession(id) { session in
            session.localDescription = description
            session.acceptance = response
            session.modification = .answered(
                transaction, retransmitAt: now + t1, interval: t1, giveUpAt: now + t1 * 64)
        }
        enqueue(stack.respond(to: transaction, with: response, contact: localContact(for: request), at: now))
        touch(id.any)
        return settle(at: now)
    }

    package mutating func rejectOffer(
        _ id: SessionID, status: StatusCode, at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        let details = try modifiable(id, "reject the offer")
        guard case .received(let transaction) = details.modification, let request = details.request else {
            throw .notNow(command: "reject the offer", state: "there is none")
        }
        updateSession(id) { $0.modification = .none }
        refuse(transaction, request, status, at: now)
        return settle(at: now)
    }

    mutating func reinviteAcknowledged(_ id: SessionID, _ description: SessionDescription?, at now: Instant) {
        guard case .answered = sessionDetails(id)?.modification else { return }
        updateSession(id) { session in
            session.modification = .none
            if let description { session.remoteDescription = description }
        }
        if let description { report(.session(id, .answered(description))) }
        touch(id.any)
    }

    mutating func modificationDeadline(_ id: SessionID, at now: Instant) {
        guard let details = sessionDetails(id), let due = details.modification.nextDeadline, due <= now else { return }
        switch details.modification {
        case .glare: sendReinvite(id, at: now)
        case .answered(let transaction, _, let interval, let giveUpAt):
            guard now < giveUpAt else {
                updateSession(id) { $0.modification = .none }
                return beginEnd(id.any, at: now)  // No ACK to a re-INVITE's 2xx ends the session (§14.2).
            }
            let next = min(interval * 2, configuration.stack.timers.t2)
            updateSession(id) {
                $0.modification = .answered(transaction, retransmitAt: now + next, interval: next, giveUpAt: giveUpAt)
            }
            if let response = details.acceptance, let request = details.request {
                enqueue(stack.respond(to: transaction, with: response, contact: localContact(for: request), at: now))
            }
        case .none, .sent, .received: break
        }
    }

    /// Before BYE: the peer's unanswered re-INVITE gets 487 (W9), our own glare is forgotten.
    mutating func settleModificationBeforeEnd(_ id: SessionID, at now: Instant) {
        guard let details = sessionDetails(id) else { return }
        if case .received(let transaction) = details.modification, let request = details.request {
            coordinator.saySomething()
            refuse(transaction, request, 487, at: now)
        }
        updateSession(id) { $0.modification = .none }
    }

    // MARK: BYE and INFO

    mutating func hungUp(
        _ id: SessionID, _ message: SIPMessage, _ transaction: ServerTransactionID, at now: Instant
    ) {
        settleModificationBeforeEnd(id, at: now)
        respond(transaction, ResponseDraft(200, to: message), at: now)
        switch id {
        case .client(let id): drive(id, .peerEnded, at: now)
        case .server(let id): drive(id, .peerEnded, at: now)
        }
    }

    /// Digits in the two old forms are taken; any other body is answered 415 (RFC 6086 §4.2.2).
    mutating func informed(
        _ id: SessionID, _ message: SIPMessage, _ transaction: ServerTransactionID, at now: Instant
    ) {
        let type = (try? message.contentType()).flatMap { $0 }.map { "\($0.type)/\($0.subtype)".lowercased() }
        switch type {
        case "application/dtmf-relay", "application/dtmf":
            respond(transaction, ResponseDraft(200, to: message), at: now)
            report(.session(id, .info(contentType: type ?? "", body: Array(message.body))))
        case nil where message.body.isEmpty:
            respond(transaction, ResponseDraft(200, to: message), at: now)
        default:
            var response = ResponseDraft(415, to: message)
            response.fields.append(.accept, "application/dtmf-relay, application/dtmf")
            respond(transaction, response, at: now)
        }
    }

    package mutating func sendInfo(
        _ id: SessionID, contentType: String, body: [UInt8], at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        _ = try modifiable(id, "send INFO")
        request(.info, for: id.any, .info, at: now) { draft in
            draft.fields.append(.contentType, contentType)
            draft.body = body
        }
        return settle(at: now)
    }

    private func modifiable(_ id: SessionID, _ command: String) throws(UsageError) -> SessionDetails {
        guard let details = sessionDetails(id), records[id.any]?.endedAt == nil else { throw .ended("\(id)") }
        guard isEstablished(id) else { throw .notNow(command: command, state: "the call is not connected") }
        return details
    }
}
