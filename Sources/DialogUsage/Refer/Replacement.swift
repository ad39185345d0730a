package import SIPMessage

/// What an INVITE with Replaces gets, judged from the dialogs that it may mean, check by check in the order of RFC 3891 §3.
package enum Replacement: Hashable, Sendable {
    case refused(StatusCode)
    /// The session whose place the new one takes when it is answered.
    case replaces(SessionID)

    /// A dialog that the Replaces names.
    package enum Match: Hashable, Sendable {
        case confirmed(SessionID)
        /// Not answered yet, and ours: we called.
        case calling(SessionID)
        /// Not answered yet, and the peer's: it calls us.
        case called(SessionID)
        /// Over already, not long ago.
        case ended
        /// Made by something else than INVITE.
        case notInvite
    }

    package static func judge(_ replaces: Replaces, _ matches: [Match], isAuthorized: (SessionID) -> Bool)
        -> Replacement
    {
        guard matches.count == 1, let match = matches.first else { return .refused(481) }
        switch match {
        case .notInvite: return .refused(481)
        case .ended: return .refused(603)
        case .confirmed(let id):
            guard isAuthorized(id) else { return .refused(403) }
            return replaces.isEarlyOnly ? .refused(486) : .replaces(id)
        case .calling(let id):
            return isAuthorized(id) ? .replaces(id) : .refused(403)
        case .called(let id):
            return isAuthorized(id) ? .refused(481) : .refused(403)
        }
    }
}
