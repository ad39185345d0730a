import SoftphoneCore

/// The events that scripts can wait for.
enum EventName {
    static let all = [
        "reg.ok", "reg.failed", "reg.removed",
        "call.incoming", "call.trying", "call.ringing", "call.early", "call.connected", "call.held", "call.resumed",
        "call.ended", "call.dtmf", "call.media.started", "call.media.stalled", "call.quality",
        "call.conference", "call.split", "call.recording", "call.recorded",
        "call.transfer.progress", "call.transfer.requested",
        "sub.active", "sub.notify", "sub.pending", "sub.terminated", "sub.stale",
        "sub.unknown", "sub.interrupted", "sub.forked",
        "pub.ok", "pub.conflict", "pub.removed",
        "msg.received", "msg.sent", "msg.failed",
        "watcher.new", "transport.up", "transport.down",
        "shutdown.phase", "shutdown.usage", "shutdown.gaveup", "shutdown.done",
    ]

    /// nil when there is such an event; otherwise what to do about it.
    static func complaint(about word: String) -> String? {
        if all.contains(word) { return nil }
        if let suggestion = closest(to: word, among: all) {
            return "there is no event '\(word)'; did you mean '\(suggestion)'?"
        }
        let group = word.split(separator: ".").first.map { "\($0)." } ?? ""
        let siblings = all.filter { $0.hasPrefix(group) }
        return "there is no event '\(word)'; known are \((siblings.isEmpty ? all : siblings).joined(separator: ", "))"
    }
}
