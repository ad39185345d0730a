import SIPMessage
import SIPTransaction
package import SansIO

/// BYE and INFO, for both sides of a session (RFC 3261 §15, RFC 6086).
extension UsageCore {
    mutating func sendBye(_ id: AnyUsageID, at now: Instant) {
        let reason = records[id]?.reason
        request(.bye, for: id, .bye, at: now) { draft in
            if let reason { draft.fields.append(.reason, reason) }
        }
    }

    mutating func byeAnswered(_ id: AnyUsageID, _ status: StatusCode, at now: Instant) {
        switch sessionID(id) {
        case .client(let id): drive(id, .byeAnswered(status), at: now)
        case .server(let id): drive(id, .byeAnswered(status), at: now)
        }
    }
    mutating func byeFailed(_ id: AnyUsageID, _ failure: Failure, at now: Instant) {
        switch sessionID(id) {
        case .client(let id): drive(id, .byeFailed(failure), at: now)
        case .server(let id): drive(id, .byeFailed(failure), at: now)
        }
    }

    mutating func hungUp(
        _ id: SessionID, in dialog: DialogID, _ message: SIPMessage, _ transaction: ServerTransactionID,
        at now: Instant
    ) {
        settleModificationsBeforeEnd(id, at: now)
        respond(transaction, ResponseDraft(200, to: message), at: now)
        switch id {
        case .client(let caller):
            // A callee may not do this before it has answered; its INVITE still gets a final answer (§15).
            if isEarly(id) { dropLeg(dialog, of: id) }
            drive(caller, .peerEnded, at: now)
        case .server(let callee): drive(callee, .peerEnded, at: now)
        }
    }

    /// Digits in the two old forms are taken; any other body is answered 415 (RFC 6086 §4.2.2).
    mutating func informed(
        _ id: SessionID, _ message: SIPMessage, _ transaction: ServerTransactionID, at now: Instant
    ) {
        let type = (try? message.contentType()).flatMap { $0 }?.essence
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
        guard sessionDetails(id) != nil, records[id.any]?.endedAt == nil else { throw .ended("\(id)") }
        guard isEstablished(id) else { throw .notNow(command: "send INFO", state: "the call is not connected") }
        request(.info, for: id.any, .info, at: now) { draft in
            draft.fields.append(.contentType, contentType)
            draft.body = body
        }
        return settle(at: now)
    }
}
