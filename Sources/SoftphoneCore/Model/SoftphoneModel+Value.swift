import DialogUsage
import SIPMessage
import SansIO

/// The paths of `assert` and `where` (`batch.md`, section 3).
extension SoftphoneModel {
    /// nil when the path names nothing that there is or was.
    package func value(at path: String) -> StateValue? {
        let parts = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 2 else { return nil }
        switch parts[0] {
        case "usages": return count(parts[1])
        case "sent": return .integer(sent[parts[1].uppercased()] ?? 0)
        case "received": return .integer(received[parts[1].uppercased()] ?? 0)
        case "reg": return registration(parts)
        case "call": return call(parts)
        case "sub": return usage(parts, kind: .clientSubscription)
        case "pub": return usage(parts, kind: .clientPublication)
        case "last": return response(path)
        case "presence": return presence(of: parts.dropFirst().joined(separator: "."))
        default: return nil
        }
    }

    /// `last.response.status`, `last.response.reason`, and `last.response.header(Contact)`: the values of all fields of
    /// that name, in one text.
    private func response(_ path: String) -> StateValue? {
        guard let bytes = lastResponse, let message = try? SIPMessage(parsing: bytes) else { return nil }
        switch path {
        case "last.response.status": return message.status.map { .integer(Int($0.value)) }
        case "last.response.reason": return .text(visible(message.reasonPhrase))
        default:
            guard path.hasPrefix("last.response.header("), path.hasSuffix(")") else { return nil }
            let values = message.values(FieldName(String(path.dropFirst(21).dropLast())))
            return values.isEmpty ? nil : .text(values.map { visible($0) }.joined(separator: ", "))
        }
    }

    private func count(_ what: String) -> StateValue? {
        if what == "total" { return .integer(usages.count) }
        guard let kind = UsageKind(rawValue: what) ?? UsageKind.allCases.first(where: { $0.prefix == what }) else {
            return nil
        }
        return .integer(usages.range(of: kind).count)
    }

    private func registration(_ parts: [String]) -> StateValue? {
        guard parts.count >= 3, parts.last == "state" else { return nil }
        let name = parts[1..<(parts.count - 1)].joined(separator: ".")
        if let account = accounts.first(where: { $0.name == name }) { return .text(account.registration) }
        return usage(parts, kind: .clientRegistration)
    }

    private func call(_ parts: [String]) -> StateValue? {
        let tails: [[String]] = [
            ["rtp", "sent"], ["rtp", "received"], ["rtp", "loss"], ["rtp", "jitter"], ["state"], ["muted"], ["digits"],
            ["duration"],
            ["mos"], ["recording"], ["conference"], ["playing"], ["peer"], ["codec"],
        ]
        guard let tail = tails.first(where: { parts.count > $0.count + 1 && parts.suffix($0.count).elementsEqual($0) })
        else { return nil }
        let name = parts[1..<(parts.count - tail.count)].joined(separator: ".")
        guard let call = calls.last(where: { $0.alias == name || $0.id.description == name }) else { return nil }
        switch tail {
        case ["rtp", "sent"]: return .integer(call.rtp.sent)
        case ["rtp", "received"]: return .integer(call.rtp.received)
        case ["rtp", "loss"]: return .number(call.rtp.loss)
        case ["rtp", "jitter"]: return .number(call.rtp.jitter.inSeconds)
        case ["mos"]: return call.mos.map(StateValue.number)
        case ["recording"]: return .flag(call.recording != nil)
        case ["conference"]: return .flag(call.conference != nil)
        case ["playing"]: return .text(call.playing ?? "")
        case ["peer"]: return .text(call.peer)
        case ["codec"]: return call.codec.map(StateValue.text)
        case ["muted"]: return .flag(call.isMuted)
        case ["digits"]: return .text(call.digitsReceived)
        case ["duration"]: return .number(call.duration(at: now).inSeconds)
        default: return .text(call.state.rawValue)
        }
    }

    /// A live usage, or one that has ended and is remembered.
    private func usage(_ parts: [String], kind: UsageKind) -> StateValue? {
        guard parts.count >= 3, let tail = parts.last else { return nil }
        let name = parts[1..<(parts.count - 1)].joined(separator: ".")
        if let row = usage(named: name), row.id.kind == kind {
            return tail == "state" ? .text(row.summary.state) : tail == "body" ? row.document.map(StateValue.text) : nil
        }
        guard let entry = remembered[name], entry.id.kind == kind else { return nil }
        return tail == "state" ? .text("ended") : tail == "body" ? entry.document.map(StateValue.text) : nil
    }

    /// `presence.bob@example.com`: "open", "closed" or "unknown".
    private func presence(of uri: String) -> StateValue? {
        presence.first { $0.uri == uri || $0.uri == "sip:" + uri }.map { .text($0.state.rawValue) }
    }
}
