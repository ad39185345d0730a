import DialogUsage
import SansIO
import SoftphoneCore

/// What others have done is said in the line above the keys. What came of our own commands is said when they are
/// completed.
extension App {
    mutating func announce(_ happening: Happening, at now: Instant) {
        let name = happening.alias ?? happening.usage?.description ?? "it"
        let reason = text(happening, "reason")
        switch happening.name {
        case "msg.received":
            let from = Words.withoutScheme(text(happening, "from"))
            say("message from \(from): \(Words.inOneLine(text(happening, "body")))", at: now)
        case "call.ended" where text(happening, "by") != "us" && isRinging(happening.usage):
            let peer = model.calls.last { $0.id == happening.usage }?.peer ?? name
            say("missed call from \(Words.withoutScheme(peer)): \(reason)", isFault: true, at: now)
        case "call.ended" where text(happening, "by") != "us": say("\(name) has ended: \(reason)", at: now)
        case "call.recorded" where !reason.isEmpty:
            say("the recording of \(name) has broken off: \(reason)", isFault: true, at: now)
        case "call.conference": say("talking together: \(text(happening, "calls"))", at: now)
        case "call.connected": say("\(name) is connected", at: now)
        case "call.quality":
            say("\(name) sounds \(reason): MOS \(text(happening, "mos"))", isFault: reason != "good", at: now)
        case "call.held" where text(happening, "by") == "peer": say("\(name) is held by the other side", at: now)
        case "call.resumed" where text(happening, "by") == "peer":
            say("\(name) is taken from hold by the other side", at: now)
        case "call.dtmf": say("\(name) heard the digit \(text(happening, "digit"))", at: now)
        case "call.transfer.progress":
            say("transfer of \(name): \(text(happening, "status")) \(reason)", at: now)
        case "log.failed": say("\(reason); it is written to where it was", isFault: true, at: now)
        case "log.dropped":
            say("\(text(happening, "count")) events were not shown: the terminal stood still", isFault: true, at: now)
        case "reg.failed": say("registration failed: \(reason)", isFault: true, at: now)
        case "sub.interrupted":
            sayLost(happening, "\(name) is interrupted, asked for again: \(reason)", at: now)
        case "sub.stale": sayLost(happening, "\(name) may be old, its server is silent: \(reason)", at: now)
        case "sub.terminated": say("\(name) has ended: \(reason)", at: now)
        default: break
        }
    }

    /// A server that is gone takes all its subscriptions with it: that is said once, and not of each.
    private mutating func sayLost(_ happening: Happening, _ text: String, at now: Instant) {
        guard let id = happening.usage, let usage = model.usages.first(where: { $0.id == id }) else {
            return say(text, isFault: true, at: now)
        }
        let server = Words.host(of: usage.summary.peer)
        lost[id] = Lost(server: server, at: now)
        lost = lost.filter { now - $0.value.at < Self.noticeFor }
        let count = lost.values.count { $0.server == server }
        guard count > 1 else { return say(text, isFault: true, at: now) }
        let reason = self.text(happening, "reason")
        say("\(server) is lost: \(count) subscriptions may be old, asked for again: \(reason)", isFault: true, at: now)
    }

    private func isRinging(_ id: AnyUsageID?) -> Bool {
        model.calls.contains { $0.id == id && $0.state == .incoming }
    }
    private func text(_ happening: Happening, _ field: String) -> String { happening[field]?.description ?? "" }
}
