import SoftphoneCore

/// The events that scripts can wait for, and what each says.
enum EventName {
    /// The fields that `where` may ask for, by the name of the event.
    static let fields: [String: [String]] = [
        "reg.ok": ["status", "expires", "bindings", "missing"], "reg.failed": ["status", "reason"],
        "reg.removed": ["result", "reason"],
        "call.incoming": ["from", "display", "to", "replaces"], "call.trying": ["status"], "call.ringing": ["status"],
        "call.early": ["status"], "call.connected": ["status", "codec"], "call.held": ["by"], "call.resumed": ["by"],
        "call.redirected": ["to"], "call.ended": ["status", "by", "reason", "duration"],
        "call.dtmf": ["digit", "via"], "call.media.started": [], "call.media.stalled": [],
        "call.quality": ["mos", "reason"], "call.conference": ["calls"], "call.split": [],
        "call.recording": ["file"], "call.recorded": ["file"],
        "call.transfer.progress": ["status", "reason", "to"], "call.transfer.requested": ["from", "to", "call"],
        "sub.active": [], "sub.notify": ["state", "expires", "type", "body"], "sub.pending": [],
        "sub.terminated": ["reason", "status"], "sub.stale": ["reason"], "sub.unknown": ["state"],
        "sub.interrupted": ["reason", "retry_after"], "sub.forked": ["from"],
        "pub.ok": ["status", "expires"], "pub.conflict": ["status"], "pub.removed": ["result", "reason"],
        "msg.received": ["from", "body", "type", "expired"], "msg.sent": ["to", "status"],
        "msg.failed": ["to", "status", "reason"], "mwi": ["waiting", "new"],
        "shutdown.phase": ["phase", "kind"], "shutdown.usage": ["phase", "kind", "result", "reason"],
        "shutdown.plan": ["place", "phase", "kind", "count", "usages", "longest_ms"],
        "shutdown.gaveup": [], "shutdown.done": ["mode", "clean", "abandoned"],
    ]
    static let all = fields.keys.sorted()

    /// Events that others have and that cannot come here: why, and what can be waited for instead.
    private static let impossible: [String: String] = [
        "watcher.new": "nobody watches lastcall itself, but the presence server to which it publishes",
        "blf": "what a line does is told in sub.notify of a subscription to 'dialog'",
        "transport.up": "what becomes of a connection is told by the request that needs it",
        "transport.down": "what becomes of a connection is told by the request that needs it",
        "dns.failover": "the next server is tried without a word; call.ended and reg.failed tell when none is left",
        "net.changed": "a change of the network is not told",
        "device.changed": "the device is chosen once, with 'set device'",
    ]

    /// nil when there is such an event; otherwise what to do about it.
    static func complaint(about word: String) -> String? {
        if fields[word] != nil { return nil }
        if let why = impossible[word] { return "'\(word)' never happens: \(why)" }
        if let suggestion = closest(to: word, among: all) {
            return "there is no event '\(word)'; did you mean '\(suggestion)'?"
        }
        let group = word.split(separator: ".").first.map { "\($0)." } ?? ""
        let siblings = all.filter { $0.hasPrefix(group) }
        return "there is no event '\(word)'; known are \((siblings.isEmpty ? all : siblings).joined(separator: ", "))"
    }

    /// nil when an event of one of these names has such a field, or the state such a value.
    static func complaint(about path: String, in names: [String]) -> String? {
        let known = names.flatMap { fields[$0] ?? [] }
        if known.contains(path) { return nil }
        if StatePath.isPath(path) { return StatePath.complaint(about: path) }
        let what = names.joined(separator: " or ")
        if let suggestion = closest(to: path, among: known) {
            return "\(what) has no '\(path)'; did you mean '\(suggestion)'?"
        }
        return "\(what) has no '\(path)'; it has \(known.isEmpty ? "no fields" : known.joined(separator: ", "))"
    }
}
