import DialogUsage
import SIPMessage
import SansIO

/// A MESSAGE on its way to where its addressee registered. Its sender hears what became of it (RFC 3428 §7): the first
/// success, or the last failure.
struct Relay: Sendable {
    var message: UsageID<ServerPagerMessage>
    /// Copies that have no answer yet.
    var waiting: Int
}

/// bob and the echo answer messages themselves; those for others are carried to every contact of theirs.
extension Sandbox {
    mutating func messaged(_ id: UsageID<ServerPagerMessage>, _ request: IncomingRequest, at now: Instant) {
        guard let target = try? request.request.requestURI(), let address = domain.addressOfRecord(target) else {
            return answer(id, 404, at: now)
        }
        // Nobody else may speak through us, or in our name.
        guard let sender = domain.addressOfRecord(request.from.uri)?.user else { return answer(id, 403, at: now) }
        let type = (try? request.request.contentType()).flatMap { $0 }?.description ?? "text/plain"
        let text = request.request.bodyText
        switch address.user {
        case "bob":
            answer(id, 200, at: now)
            write("bob", "I have read: \(text)", to: sender, at: now)
        case "echo":
            answer(id, 200, at: now)
            write("echo", text, to: sender, at: now)
        default:
            let contacts = targets(of: address.user, at: now)
            guard !contacts.isEmpty else { return answer(id, 480, at: now) }
            lastRelay += 1
            let relay = lastRelay
            relays[relay] = Relay(message: id, waiting: contacts.count)
            for contact in contacts {
                send(from: sender, to: contact, type: type, body: Array(request.request.body), for: relay, at: now)
            }
        }
    }

    mutating func delivery(_ id: UsageID<ClientPagerMessage>, _ event: PagerEvent, at now: Instant) {
        guard let serial = copies.removeValue(forKey: id) else { return }
        switch event {
        case .delivered(_, let status): relayed(serial, status, at: now)
        case .failed(_, let failure): relayed(serial, failure.status ?? 480, at: now)
        case .undelivered: relayed(serial, 480, at: now)
        }
    }

    private mutating func relayed(_ serial: UInt64, _ status: StatusCode, at now: Instant) {
        guard var relay = relays.removeValue(forKey: serial) else { return }
        relay.waiting -= 1
        guard !status.isSuccess, relay.waiting > 0 else {
            // 408 is no answer to give (RFC 4320 §4.2), and a challenge is none of the sender's business.
            let isOurs: Set<StatusCode> = [401, 407, 408]
            return answer(relay.message, isOurs.contains(status) ? 480 : status, at: now)
        }
        relays[serial] = relay
    }

    private mutating func write(_ sender: String, _ text: String, to user: String, at now: Instant) {
        for contact in targets(of: user, at: now) {
            send(from: sender, to: contact, type: "text/plain;charset=UTF-8", body: Array(text.utf8), for: nil, at: now)
        }
    }

    private mutating func send(
        from sender: String, to contact: AnyURI, type: String, body: [UInt8], for relay: UInt64?, at now: Instant
    ) {
        guard let account = accountID(sender),
            let (id, _, produced) = try? core.message(account, to: contact, contentType: type, body: body, at: now)
        else {
            if let relay { relayed(relay, 480, at: now) }
            return
        }
        if let relay { copies[id] = relay }
        absorb(produced, at: now)
    }
}
