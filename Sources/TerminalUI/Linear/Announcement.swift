import DialogUsage
import SoftphoneCore

/// What has happened, in a sentence that can be heard without seeing what stands around it.
enum Announcement {
    /// nil: nothing that anybody waits for.
    static func text(_ happening: Happening) -> String? {
        let name = happening.alias ?? happening.usage?.description ?? happening.account ?? ""
        let field = { (field: String) in happening[field]?.description ?? "" }
        let peer = { (name: String) in Words.withoutScheme(field(name)) }
        let reason = field("reason").isEmpty ? "" : ", \(field("reason"))"
        switch happening.name {
        case "reg.ok": return "\(happening.account ?? name): registered for \(field("expires")) seconds"
        case "reg.failed": return "\(happening.account ?? name): registration failed\(reason)"
        case "reg.removed": return "\(happening.account ?? name): not registered any more\(reason)"
        case "call.incoming": return "\(name): call from \(peer("from")); answer \(name), or reject \(name)"
        case "call.ringing": return "\(name): ringing"
        case "call.connected": return "\(name): connected"
        case "call.held": return "\(name): on hold by \(field("by"))"
        case "call.resumed": return "\(name): resumed by \(field("by"))"
        case "call.recorded" where !reason.isEmpty:
            return "\(name): the recording to \(field("file")) broke off\(reason)"
        case "call.recorded": return "\(name): recorded to \(field("file"))"
        case "call.ended": return "\(name): call ended\(reason)"
        case "call.dtmf": return "\(name): digit \(field("digit"))"
        case "call.redirected": return "\(name): redirected to \(peer("to"))"
        case "call.transfer.requested":
            return "\(name): \(peer("from")) asks us to call \(peer("to")); accept transfer \(name), or deny transfer"
        case "call.transfer.progress": return "\(name): transfer, \(field("status"))\(reason)"
        case "msg.received": return "message from \(peer("from")): \(Words.inOneLine(field("body")))"
        case "msg.failed": return "message to \(peer("to")) failed\(reason)"
        case "sub.active": return "\(name): subscription active"
        case "sub.pending": return "\(name): subscription pending"
        case "sub.stale": return "\(name): what it said may be old\(reason)"
        case "sub.interrupted": return "\(name): interrupted, asked for again\(reason)"
        case "sub.terminated": return "\(name): subscription ended\(reason)"
        case "mwi": return "\(name): \(field("new")) new voice messages"
        case "pub.ok": return "\(name): published for \(field("expires")) seconds"
        case "pub.removed": return "\(name): not published any more\(reason)"
        case "log.failed": return "\(field("reason")); it is written to where it was"
        case "log.dropped": return "\(field("count")) events were not shown, because nothing could be written"
        case "shutdown.phase": return "ending group \(field("phase")), \(field("kind"))"
        case "shutdown.usage":
            // "ended, 200" says already that it has ended.
            return field("reason").hasPrefix(field("result"))
                ? "\(name): \(field("reason"))" : "\(name): \(field("result"))\(reason)"
        case "shutdown.gaveup": return "given up: the time is over"
        default: return nil
        }
    }

    /// Said as well by `shutdown.usage`, while we are leaving.
    static func isEnding(_ happening: Happening) -> Bool {
        ["reg.removed", "call.ended", "sub.stale", "sub.terminated", "pub.removed"].contains(happening.name)
    }
}
