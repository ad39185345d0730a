import DialogUsage
import SansIO
import SoftphoneCore

/// Everything about the selected usage: what it waits for, when something happens next, and its messages as a ladder.
extension App {
    func drawDetail(_ frame: inout Frame, _ area: Area, first: Int, at now: Instant) {
        guard let usage = selectedUsage else { return drawOverview(&frame, area, at: now) }
        let kind = " ── \(usage.id.kind.rawValue)"
        let room = area.width - 6 - Width.of(usage.name) - 1 - Width.of(kind)
        frame.box(area, title: "\(usage.name) \(Width.fit(peerText(of: usage), in: max(8, room)))\(kind)")
        var row = area.row + 1
        for (text, style) in facts(of: usage, at: now) {
            for line in Words.wrapped(text, to: area.inner.width, indent: "  ") {
                frame.line(line, in: area, row: row, style: style)
                row += 1
            }
        }
        drawLadder(&frame, area, usage, from: row + 1, first: first)
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
            let doubt = presence.freshness == .stale ? "; the server is silent, so it may be old" : ""
            facts.append(
                ("\(presenceText(presence)), said \(Words.clock(now - presence.since)) ago\(doubt)", .plain))
        }
        let timers = [("next timer in", summary.nextDeadline), ("expires in", summary.expiresAt)]
            .map { ($0.0, Words.until($0.1, from: now)) }.filter { !$0.1.isEmpty }
        if !timers.isEmpty { facts.append((timers.map { "\($0.0) \($0.1)" }.joined(separator: ", "), .plain)) }
        facts.append(
            summary.waitsFor.map { ("why: waits for \($0)", Looks.waiting) } ?? ("why: nothing is pending", Looks.faint)
        )
        return facts
    }

    private func callFacts(_ call: CallRow, at now: Instant) -> [(String, Style)] {
        var facts: [(String, Style)] = []
        if call.connectedAt != nil {
            let marks = [call.isMuted ? "MUTED" : "", call.isHeldByPeer ? "HELD BY PEER" : ""].filter { !$0.isEmpty }
            facts.append(
                (
                    (["audio \(call.codec ?? "without a codec")"] + marks).joined(separator: "   "), .plain
                ))
            facts.append(("packets sent ↑\(call.rtp.sent)   received ↓\(call.rtp.received)", .plain))
            let loss = Int((call.rtp.loss * 1000).rounded())
            let jitter = Words.tenthsOfMillisecond(call.rtp.jitter)
            let roundTrip = call.rtp.roundTrip.map { "   round trip \(Words.tenthsOfMillisecond($0))" } ?? ""
            facts.append(("loss \(loss / 10).\(loss % 10) %   jitter \(jitter)\(roundTrip)", .plain))
        }
        if !call.digitsReceived.isEmpty { facts.append(("digits heard: \(call.digitsReceived)", .plain)) }
        return facts
    }
}
