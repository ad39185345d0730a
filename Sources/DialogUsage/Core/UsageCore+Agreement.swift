package import SIPMessage
import SansIO

/// What this end believes, for those who compare it with the other end.
extension UsageCore {
    /// Whether a session with this Call-ID stands here, and nobody has asked for its end.
    package func holdsSession(_ callID: String) -> Bool {
        holds(callID, .clientInviteSession) { callers[any: $0]?.usage.isEnding == false }
            || holds(callID, .serverInviteSession) { callees[any: $0]?.usage.isEnding == false }
    }

    /// Whether somebody is notified of this event in a dialog with this Call-ID, and the last NOTIFY has not been sent.
    package func holdsWatcher(_ callID: String, _ event: EventType) -> Bool {
        holds(callID, .serverSubscription) { id in
            guard event.names(watchers[any: id]?.details.event) else { return false }
            return if case .notifying = watchers[any: id]?.usage.state { true } else { false }
        }
    }

    private func holds(_ callID: String, _ kind: UsageKind, _ isLive: (AnyUsageID) -> Bool) -> Bool {
        records.contains { id, record in
            id.kind == kind && dialogs[record.dialog]?.callID == callID && isLive(id)
        }
    }
}
