import DialogUsage
import SansIO
import SoftphoneCore

/// Everything about the selected usage: what it waits for, when something happens next, and its messages as a ladder.
extension App {
    func drawDetail(_ frame: inout Frame, _ area: Area, first: Int, at now: Instant) {
        guard let usage = selectedUsage else { return drawOverview(&frame, area, at: now) }
        frame.box(area, title: "\(usage.name)  \(peerText(of: usage)) ── \(usage.id.kind.rawValue)")
        var row = area.row + 1
        for (text, style) in facts(of: usage, at: now) {
            frame.line(text, in: area, row: row, style: style)
            row += 1
        }
        row += 1
        drawLadder(&frame, area, usage, from: row, first: first)
    }

    private func facts(of usage: UsageRow, at now: Instant) -> [(String, Style)] {
        let summary = usage.summary
        let state = stateWord(of: usage)
        var facts: [(String, Style)] = [("\(state) for \(Words.clock(now - summary.since))", Looks.state(state))]
        var place: [String] = []
        if let account = summary.accountName { place.append("account \(account)") }
        if let package = summary.eventPackage { place.append("event \(package)") }
        if let tag = summary.entityTag { place.append("etag \(tag)") }
        if !place.isEmpty { facts.append((place.joined(separator: "   "), .plain)) }
        if let call = usage.call { facts += callFacts(call, at: now) }
        if let presence = presence(of: usage) {
            facts.append(("\(presenceText(presence)), said \(Words.clock(now - presence.since)) ago", .plain))
        }
        let next = Words.until(summary.nextDeadline, from: now)
        let expires = Words.until(summary.expiresAt, from: now)
        let timers = [next.isEmpty ? "" : "next timer in \(next)", expires.isEmpty ? "" : "expires in \(expires)"]
        let timerText = timers.filter { !$0.isEmpty }.joined(separator: ", ")
        if !timerText.isEmpty { facts.append((timerText, .plain)) }
        facts.append(
            summary.waitsFor.map { ("why: waits for \($0)", Looks.waiting) } ?? ("why: nothing is pending", Looks.faint))
        return facts
    }

    private func callFacts(_ call: CallRow, at now: Instant) -> [(String, Style)] {
        var facts: [(String, Style)] = []
        if call.connectedAt != nil {
            let jitter = Words.milliseconds(call.rtp.jitter * 1000)
            facts.append(
                (
                    "\(call.codec ?? "no codec")  sent \(call.rtp.sent)  received \(call.rtp.received)  "
                        + "loss \(Int((call.rtp.loss * 1000).rounded()) / 10) %  jitter \(jitter) ms"
                        + (call.isMuted ? "  MUTED" : ""), .plain
                ))
        }
        if !call.digitsReceived.isEmpty { facts.append(("digits heard: \(call.digitsReceived)", .plain)) }
        return facts
    }

    private func drawLadder(_ frame: inout Frame, _ area: Area, _ usage: UsageRow, from top: Int, first: Int) {
        let entries = model.ladder(of: usage.id)
        let room = area.row + area.height - 1 - top - 1
        guard room > 0, let start = entries.first?.at else { return }
        let peer = entries.last.map { "\($0.peer)" } ?? ""
        let head = "me" + String(repeating: " ", count: max(1, area.width - 18 - Width.of(peer))) + peer
        frame.line("         " + head, in: area, row: top, style: Looks.faint)
        // The newest are in sight; scrolling goes back from there.
        let last = max(min(entries.count, room), entries.count - first)
        for (offset, entry) in entries[max(0, last - room)..<last].enumerated() {
            let time = Width.pad(Words.milliseconds(entry.at - start), to: 8, rightAligned: true)
            let copies = entry.retransmissions > 0 ? " ×\(entry.retransmissions + 1)" : ""
            let label = " \(entry.summary)\(copies) "
            let width = max(6, area.width - 4 - 10)
            let dashes = max(2, width - Width.of(label) - 3)
            let arrow =
                entry.isSent
                ? "──" + label + String(repeating: "─", count: max(1, dashes - 1)) + "▶"
                : "◀" + String(repeating: "─", count: max(1, dashes - 1)) + label + "──"
            frame.line(time, in: area, row: top + 1 + offset, style: Looks.faint)
            frame.write(
                arrow, row: top + 1 + offset, column: area.column + 11,
                style: entry.isSent ? Style(.cyan) : Style(.green), maxWidth: area.width - 12)
        }
    }

    /// With no usage selected: what there is to do.
    private func drawOverview(_ frame: inout Frame, _ area: Area, at now: Instant) {
        frame.box(area, title: "Welcome")
        var lines: [String] = []
        if model.usages.isEmpty {
            lines += ["Nothing is alive yet. A good beginning:", ""]
            lines += ["r   register", "s   watch somebody: sip:bob@sandbox.test", "p   publish: open, busy, \"a note\""]
            lines += ["c   call: sip:echo@sandbox.test", "t   write a message", "Q   leave in order", ""]
        } else {
            lines += ["\(Words.count(model.usages.count, "usage")) alive. j and k move, Enter shows one.", ""]
        }
        for account in model.accounts { lines.append("\(account.isCurrent ? "▶" : " ") \(account.name)  \(account.addressOfRecord)") }
        if let sandbox = model.sandbox { lines.append("  others may register at \(sandbox) as carol, password carol-secret") }
        for (offset, line) in lines.enumerated() { frame.line(line, in: area, row: area.row + 1 + offset) }
        let recent = model.log.suffix(max(0, area.height - lines.count - 4))
        for (offset, line) in recent.enumerated() {
            frame.line(logText(line, at: now), in: area, row: area.row + 2 + lines.count + offset, style: logStyle(line))
        }
    }
}
