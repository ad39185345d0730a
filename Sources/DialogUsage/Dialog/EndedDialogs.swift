import SIPMessage
import SansIO

/// The dialogs of sessions that ended not long ago. An INVITE that would replace one of them comes too late, and must not
/// ring (RFC 3891 §3).
struct EndedDialogs: Sendable {
    private struct Entry: Sendable {
        var key: DialogSetKey
        var remoteTag: String
        var until: Instant
    }
    /// Oldest first.
    private var entries: [Entry] = []
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    mutating func note(_ dialog: Dialog, until: Instant) {
        guard let remoteTag = dialog.remoteTag else { return }
        entries.append(Entry(key: dialog.key, remoteTag: remoteTag, until: until))
        if entries.count > limit { entries.removeFirst() }
    }

    func has(_ replaces: Replaces, at now: Instant) -> Bool {
        entries.contains { entry in
            now < entry.until
                && replaces.names(
                    callID: entry.key.callID, localTag: entry.key.localTag, remoteTag: entry.remoteTag)
        }
    }
    mutating func removeAll() { entries = [] }
}
