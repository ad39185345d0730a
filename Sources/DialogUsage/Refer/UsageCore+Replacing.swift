import SIPMessage
import SIPTransaction
import SansIO

/// An INVITE that is to take the place of a dialog of ours (RFC 3891 §3).
extension UsageCore {
    /// Which session the INVITE replaces; nil: it is an ordinary one. Throws the status to refuse it with.
    func replaced(by message: SIPMessage, user: String?, at now: Instant) throws(Refusal) -> SessionID? {
        let replaces: Replaces?
        do { replaces = try message.replaces() } catch { throw Refusal(status: 400) }
        guard let replaces else { return nil }
        let judgement = Replacement.judge(replaces, matches(replaces, at: now)) { id in
            mayReplace(id, message, user: user)
        }
        switch judgement {
        case .refused(let status): throw Refusal(status: status)
        case .replaces(let id): return id
        }
    }
    struct Refusal: Error { var status: StatusCode }

    private func matches(_ replaces: Replaces, at now: Instant) -> [Replacement.Match] {
        let wasEnded = ended.has(replaces, at: now)
        let set = dialogs.set(DialogSetKey(callID: replaces.callID, localTag: replaces.toTag))
        let named = set.filter { id in
            dialogs[id].map {
                replaces.names(callID: $0.callID, localTag: $0.localTag, remoteTag: $0.remoteTag)
            } ?? false
        }
        guard !named.isEmpty else { return wasEnded ? [.ended] : [] }
        return named.map { id in
            guard let session = sessionID(in: id) else { return wasEnded ? .ended : .notInvite }
            return phase(of: session)
        }
    }

    private func phase(of id: SessionID) -> Replacement.Match {
        if isEndingSession(id.any) { return .ended }
        if isEstablished(id) { return .confirmed(id) }
        switch id {
        case .client: return .calling(id)
        case .server(let callee):
            if callees[callee]?.usage.isOffered == true { return .called(id) }
            return .confirmed(id)  // Our 2xx makes the dialog a confirmed one (RFC 3261 §13.3.1.4).
        }
    }

    /// Who asks must be the one who is replaced, or be sent by him (§3).
    private func mayReplace(_ id: SessionID, _ message: SIPMessage, user: String?) -> Bool {
        switch configuration.replacing {
        case .whoeverNamesTheDialog: return true
        case .nobody: return false
        case .theReplacedOrReferredByHim:
            guard let replaced = dialog(of: id.any)?.peer?.sip else { return false }
            if let user, user == replaced.user { return true }
            let referrer = (try? message.referredBy())??.address
            return [try? message.from(), referrer].contains { $0?.uri.sip?.isSameParty(as: replaced) == true }
        }
    }

    /// The new session is answered: the one whose place it takes is ended, by BYE or, unanswered, by CANCEL.
    mutating func endReplaced(by id: UsageID<ServerInviteSession>, at now: Instant) {
        guard let old = callees[id]?.details.replaces else { return }
        beginEnd(old.any, at: now)
    }
}

/// Who may put a call of his own in the place of one that we have (RFC 3891 §3).
package enum ReplacementPolicy: Hashable, Sendable {
    /// The one at the other end, by his address or his credentials, and whom he refers to us.
    case theReplacedOrReferredByHim
    /// The identifiers of a dialog are known only to those who have seen its messages.
    case whoeverNamesTheDialog
    case nobody
}

extension SIPURI {
    /// The same user at the same host, whatever else the URIs say.
    func isSameParty(as other: SIPURI) -> Bool {
        userDecoded == other.userDecoded && host.lowercased() == other.host.lowercased()
    }
}
