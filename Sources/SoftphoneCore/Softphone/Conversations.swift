import DialogUsage
import SansIO

/// The messages of all conversations, the newest ones (`hardening.md`: 500, each shortened to 4 KiB).
struct Conversations: Sendable {
    private(set) var rows: [MessageRow] = []
    private(set) var forgotten = 0
    private var lastSerial = 0
    private var ours: [MessageID: Int] = [:]
    let limits: SoftphoneConfiguration.Limits

    init(limits: SoftphoneConfiguration.Limits) { self.limits = limits }

    mutating func received(from peer: String, _ text: String, type: String, account: String?, at now: Instant) {
        append(peer, isOurs: false, text, type, account, .received, at: now)
    }
    mutating func sending(
        _ id: MessageID, to peer: String, _ text: String, type: String, account: String?, at now: Instant
    ) {
        append(peer, isOurs: true, text, type, account, .sending, at: now)
        ours[id] = lastSerial
    }
    mutating func settled(_ id: MessageID, _ standing: MessageRow.Standing) {
        guard let serial = ours.removeValue(forKey: id), let index = rows.firstIndex(where: { $0.serial == serial })
        else { return }
        rows[index].standing = standing
    }
    func peer(of id: MessageID) -> String? {
        guard let serial = ours[id] else { return nil }
        return rows.first { $0.serial == serial }?.peer
    }

    private mutating func append(
        _ peer: String, isOurs: Bool, _ text: String, _ type: String, _ account: String?,
        _ standing: MessageRow.Standing, at now: Instant
    ) {
        lastSerial += 1
        rows.append(
            MessageRow(
                serial: lastSerial, peer: visible(peer), isOurs: isOurs, contentType: visible(type),
                text: visible(text.prefix(limits.messageText)), at: now, standing: standing, account: account))
        if rows.count > limits.messages {
            rows.removeFirst()
            forgotten += 1
        }
    }
}
