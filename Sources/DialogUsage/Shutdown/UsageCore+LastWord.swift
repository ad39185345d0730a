import SIPMessage
import SIPTransaction
import SansIO

/// Best effort: one copy of each end request that section 5 of `shutdown.md` permits in the present state. Nothing is
/// awaited, nothing repeated.
extension UsageCore {
    mutating func sendLastWord(of id: AnyUsageID, at now: Instant) {
        guard records[id]?.endedAt == nil else { return }  // It has been said, and a copy is on its way.
        switch id.kind {
        case .clientRegistration:
            guard let (own, others) = lastRegister(of: registrationID(id)) else { return }
            say(.register, of: id, contact: own, at: now) { draft in
                for contact in others { draft.fields.append(.contact, contact) }
                draft.fields.append(.expires, "0")
            }
        case .clientPublication:
            guard case .published(_, let tag, _) = publications[any: id]?.usage.state,
                let event = publications[any: id]?.details.event
            else { return }
            say(.publish, of: id, at: now) { draft in
                draft.fields.append(.event, event)
                draft.fields.append(.expires, "0")
                draft.fields.append(.sipIfMatch, tag)
            }
        case .clientSubscription:
            guard case .subscribed(_, _, _, .due, _) = subscriptions[any: id]?.usage.state,
                let event = subscriptions[any: id]?.details.event
            else { return }
            say(.subscribe, of: id, contact: contact(of: records[id]?.account), at: now) { draft in
                draft.fields.append(.event, event.description)
                draft.fields.append(.expires, "0")
            }
        case .serverSubscription:
            guard case .notifying(_, _, .idle) = watchers[any: id]?.usage.state,
                let details = watchers[any: id]?.details
            else {
                if case .requested = watchers[any: id]?.usage.state { drive(watcherID(id), .endRequested, at: now) }
                return
            }
            say(.notify, of: id, contact: localContact(for: details.request), at: now) { draft in
                draft.fields.append(.event, details.event.description)
                draft.fields.append(.subscriptionState, details.value.lastState(.goingAway))
                if let referral = details.referral {
                    draft.fields.append(.contentType, SipfragStatus.contentType)
                    draft.body = referral.progress.statusOnLeaving?.octets ?? details.body
                }
            }
        case .clientInviteSession:
            switch callers[any: id]?.usage.state {
            case .proceeding: drive(callerID(id), .endRequested, at: now)
            case .established: say(.bye, of: id, at: now)
            case .calling, .answering, .endingUnheard, .cancelling, .terminating, .ended, nil: break
            }
        case .serverInviteSession:
            switch callees[any: id]?.usage.state {
            case .offered: drive(calleeID(id), .endRequested, at: now)
            case .established: say(.bye, of: id, at: now)
            case .accepted, .refusing, .terminating, .ended, nil: break
            }
        case .serverOutOfDialogRequest, .serverPagerMessage, .serverRegistration, .serverPublication:
            drive(id, served: .endRequested, at: now)
        case .clientPagerMessage, .clientOutOfDialogRequest: break
        }
    }

    private mutating func say(
        _ method: Method, of id: AnyUsageID, contact: ContactTemplate? = nil, at now: Instant,
        _ fill: (inout RequestDraft) -> Void = { _ in }
    ) {
        guard var draft = updateDialog(of: id, { $0.request(method) }), let target = dialog(of: id)?.target else {
            return
        }
        fill(&draft)
        if let account = records[id]?.account { draft = digest.authorize(draft, id: account) }
        draft.fields.append(.userAgent, configuration.userAgent)
        let outputs = stack.sendOnce(draft, to: target, contact: contact, at: now)
        // A server that has only a name, and has never answered, is told nothing.
        if !outputs.isEmpty { records[id]?.endRequests += 1 }
        enqueue(outputs)
    }
}
