import DialogUsage
import SansIO
import SoftphoneCore

/// Everything about the selected usage: what it waits for, when something happens next, and its messages as a ladder.
extension App {
    /// - Parameter reading: nil when it only stands beside the list.
    func drawDetail(_ frame: inout Frame, _ area: Area, _ reading: Reading?, at now: Instant) {
        let title: String
        let facts: [(String, Style)]
        if let usage = selectedUsage {
            let kind = " ── \(usage.id.kind.rawValue)"
            let room = area.width - 6 - Width.of(usage.name) - 1 - Width.of(kind)
            title = "\(usage.name) \(Width.fit(peerText(of: usage), in: max(8, room)))\(kind)"
            facts = self.facts(of: usage, at: now)
        } else if let reading {
            title = "\(reading.usage) ── \(reading.usage.kind.rawValue)"
            facts = factsOfEnded(reading.usage, at: now)
        } else {
            return drawOverview(&frame, area, at: now)
        }
        frame.box(area, title: title)
        frame.answer(.surface(.ladder), area)
        // Whoever reads messages wants room for them.
        let isBrief = reading != nil && (isZoomed || area.height < Self.briefBelow)
        let shown =
            isBrief
            ? facts.prefix(1) + facts.dropFirst().filter { $0.1 == Looks.waiting || $0.1 == Looks.bad } : facts[...]
        var row = area.row + 1
        for (text, style) in shown {
            for line in Words.wrapped(text, to: area.inner.width, indent: "  ") {
                frame.line(line, in: area, row: row, style: style)
                row += 1
            }
        }
        drawLadder(&frame, area, from: row + 1, reading)
    }

    /// From so many rows on there is room for all facts beside a ladder.
    private static let briefBelow = 18

    private func factsOfEnded(_ id: AnyUsageID, at now: Instant) -> [(String, Style)] {
        guard let call = model.calls.last(where: { $0.id == id }) else { return [("ended", Looks.bad)] }
        let age = call.endedAt.map { " \(Words.clock(now - $0)) ago" } ?? ""
        let duration =
            call.connectedAt == nil ? "never connected" : "connected for \(Words.clock(call.duration(at: now)))"
        let ending = call.ending.map { ": \($0)" } ?? ""
        return [(Words.withoutScheme(call.peer), .plain), ("ended\(age)\(ending)", Looks.bad), (duration, .plain)]
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
        if let published = usage.published { facts.append(("others see: \(presenceText(published))", .plain)) }
        if let call = usage.call { facts += callFacts(call, at: now) }
        if let presence = presence(of: usage) {
            let doubt = presence.freshness == .stale ? "; the server is silent, so it may be old" : ""
            facts.append(
                ("\(presenceText(presence)), said \(Words.clock(now - presence.since)) ago\(doubt)", .plain))
        }
        let next = Words.until(summary.nextDeadline, from: now)
        let end = Words.until(summary.expiresAt, from: now)
        let timers = [next.isEmpty ? "" : "\(nextWord(of: usage)) in \(next)", end.isEmpty ? "" : "expires in \(end)"]
            .filter { !$0.isEmpty }
        if !timers.isEmpty { facts.append(("next: " + timers.joined(separator: ", "), .plain)) }
        return facts + why(usage, at: now)
    }

    /// What the deadline of a usage is for.
    private func nextWord(of usage: UsageRow) -> String {
        switch (usage.id.kind, usage.summary.state) {
        case (.clientRegistration, "failing"), (.clientPublication, "failing"), (.clientSubscription, "interrupted"):
            "tries again"
        case (.clientRegistration, "registered"), (.clientPublication, "published"), (.clientSubscription, "active"),
            (.clientSubscription, "pending"):
            "refreshes"
        case (.serverSubscription, "active"), (.serverSubscription, "pending"): "runs out"
        case (.clientInviteSession, "connected"), (.serverInviteSession, "connected"): "session timer"
        default: usage.wait == nil ? "timer" : "gives up"
        }
    }

    /// What it waits for, since when and for how long at most; then how often it has asked and what it has heard.
    private func why(_ usage: UsageRow, at now: Instant) -> [(String, Style)] {
        guard let wait = usage.wait else {
            let waitsFor = usage.summary.waitsFor
            return [
                waitsFor.map { ("why: waits for \($0)", Looks.waiting) } ?? ("why: nothing is pending", Looks.faint)
            ]
        }
        let patience =
            wait.until.map { "\(Words.clock($0 - now + .milliseconds(999))) more at most" } ?? "without limit"
        let text = "why: waits for \(wait.waitsFor), for \(Words.clock(now - wait.since)) now, \(patience)"
        let sent = wait.requestsSent > 0 ? "sent ×\(wait.requestsSent), " : ""
        let heard = wait.lastHeard.map { "the other side last heard \(Words.clock(now - $0)) ago" }
        return [(text, Looks.waiting), ("     \(sent)\(heard ?? "the other side was never heard")", Looks.faint)]
    }

    private func callFacts(_ call: CallRow, at now: Instant) -> [(String, Style)] {
        var facts: [(String, Style)] = []
        if call.connectedAt != nil {
            let marks = [
                call.isMuted ? "MUTED" : "", call.isHeldByPeer ? "HELD BY PEER" : "",
                call.conference == nil ? "" : "IN A CONFERENCE with \(others(inConferenceOf: call))",
            ].filter { !$0.isEmpty }
            facts.append(((["audio \(call.codec ?? "without a codec")"] + marks).joined(separator: "   "), .plain))
            facts.append(("packets sent ↑\(call.rtp.sent)   received ↓\(call.rtp.received)", .plain))
            facts += qualityFacts(call)
        }
        if let file = call.recording { facts.append(("● recording to \(file)", Looks.bad)) }
        if !call.digitsReceived.isEmpty { facts.append(("digits heard: \(call.digitsReceived)", .plain)) }
        return facts
    }

    private func qualityFacts(_ call: CallRow) -> [(String, Style)] {
        let loss = Int((call.rtp.loss * 1000).rounded())
        let jitter = Words.tenthsOfMillisecond(call.rtp.jitter)
        let roundTrip = call.rtp.roundTrip.map { "   round trip \(Words.tenthsOfMillisecond($0))" } ?? ""
        let numbers = "loss \(loss / 10).\(loss % 10) %   jitter \(jitter)\(roundTrip)"
        guard let mos = call.mos else { return [(numbers, .plain)] }
        let grade = CallRow.Grade(mos)
        let style = grade == .good ? Looks.good : grade == .fair ? Looks.waiting : Looks.bad
        return [
            (numbers, .plain), ("MOS \(Words.tenths(mos)) \(grade.rawValue)  \(Sparkline.text(call.quality))", style),
        ]
    }

    private func others(inConferenceOf call: CallRow) -> String {
        model.calls.filter { $0.id != call.id && $0.state != .ended && $0.conference == call.conference }
            .map { $0.alias ?? $0.id.description }.joined(separator: ", ")
    }
}
