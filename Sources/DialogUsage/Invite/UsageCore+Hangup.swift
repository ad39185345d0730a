import SIPMessage
import SIPTransaction
import SansIO

/// BYE, for both sides of a session (RFC 3261 §15).
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
        records[id.any]?.causes = message.reasons
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
}

extension UsageCore {
    /// Why it ends, as its end is told: what the peer said, or we.
    func causes(of id: AnyUsageID) -> [Reason] {
        guard let record = records[id] else { return [] }
        return record.causes.isEmpty ? record.reason.map(Reason.list) ?? [] : record.causes
    }
}
