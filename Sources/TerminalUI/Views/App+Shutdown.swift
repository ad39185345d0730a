import DialogUsage
import SansIO
import SoftphoneCore

/// The shutdown panel: one bar for each group and one for all, the time that is left, who is waited for and why, and
/// what can be done about it (`shutdown.md`, S7).
extension App {
    struct PanelLine: Hashable {
        var text: String
        var style: Style = .plain
        /// The keys that may stand in it.
        var hints: [KeyHint] = []
    }

    func drawShutdown(_ frame: inout Frame, at now: Instant) {
        let width = min(78, frame.size.columns)
        let lines = panelLines(width: width - 4, isSpacious: frame.size.rows >= 20, at: now)
        let height = min(lines.count + 2, frame.size.rows)
        let area = Area(
            row: (frame.size.rows - height) / 2, column: (frame.size.columns - width) / 2, width: width, height: height)
        frame.fill(row: area.row, column: area.column, width: width, height: height)
        frame.box(area, title: shutdownTitle(at: now), style: Looks.waiting)
        frame.answer(.cover, area)
        for (offset, line) in lines.enumerated() {
            frame.line(line.text, in: area, row: area.row + 1 + offset, style: line.style)
            answerBracketed(line.hints, &frame, row: area.row + 1 + offset)
        }
    }

    /// `[s] skip this one  [n] skip the group`
    static func bracketed(_ hints: [KeyHint]) -> String {
        hints.map { "[\($0.key)]\u{A0}\($0.text)" }.joined(separator: "  ")
    }
    func answerBracketed(_ hints: [KeyHint], _ frame: inout Frame, row: Int) {
        for hint in hints {
            guard let key = hint.press, let column = frame.column(of: "[\(hint.key)]\u{A0}", row: row) else { continue }
            frame.answer(.key(key), row: row, column: column, width: Width.of(hint.key) + 3 + Width.of(hint.text))
        }
    }

    func shutdownTitle(at now: Instant) -> String {
        if case .armed(let until) = leaving { return "Leaving in \(Words.tenths(until - now))" }
        guard let shutdown = model.shutdown else { return "Shutting down" }
        let mode =
            switch shutdown.mode {
            case .graceful: "graceful"
            case .ifIdle: "when idle"
            case .force, .bestEffort: "force"
            case .cancelled: "cancelled"
            }
        guard let deadline = shutdown.deadline else { return "Shutting down: \(mode) ── waits for ever" }
        let all = Words.short(deadline - shutdown.started)
        return "Shutting down: \(mode) ── gives up in \(Words.tenths(deadline - now)) (of \(all))"
    }

    /// Whose end everything waits for: of the group that is being ended, else the first that is late.
    var blocking: Blocker? {
        if case .ending(let group) = model.shutdown?.stage,
            let blocker = model.blockers.first(where: { $0.id.kind.group == group })
        {
            return blocker
        }
        return model.blockers.first
    }

    /// As the shutdown ends them; before it has begun, what it is going to do.
    var shutdownGroups: [ShutdownProgress.Group] {
        let planned = UsageList.groups.map { group in
            let count = model.usages.range(of: group).count
            return ShutdownProgress.Group(group: group, phase: .waiting, total: count, done: 0, softDeadline: nil)
        }
        return (model.shutdown?.groups ?? planned).filter { $0.group != .serverRequests || $0.total > 0 }
    }

    private func panelLines(width: Int, isSpacious: Bool, at now: Instant) -> [PanelLine] {
        let groups = shutdownGroups
        let (done, total) = (groups.reduce(0) { $0 + $1.done }, groups.reduce(0) { $0 + $1.total })
        let columns = ShutdownBar.Columns(
            title: groups.map { Width.of($0.group.title) }.max() ?? 0, count: Width.of("\(total)/\(total)"))
        var lines = groups.map { groupLine($0, columns, width: width, at: now) }
        let all = ShutdownBar(number: "", title: "all", done: done, total: total).text(columns)
        lines.append(PanelLine(text: all + stageText, style: .bold))
        let gap = isSpacious ? [PanelLine(text: "")] : []
        // As many lines with a blocker as without, so that the panel does not jump about.
        var blockerLines = blocking.map { self.blockerLines($0, width: width, at: now) } ?? []
        while blockerLines.count < 3 { blockerLines.append(PanelLine(text: "")) }
        let hints = shutdownHints
        let keys = Words.wrapped(Self.bracketed(hints), to: width).map { PanelLine(text: $0, hints: hints) }
        lines += gap + blockerLines.prefix(3) + gap + keys
        if let notice {
            lines.append(PanelLine(text: notice.text, style: notice.isFault ? Looks.bad : Looks.good))
        } else if isSpacious, isTooLateToStay {
            lines.append(PanelLine(text: Self.tooLateToStay, style: Looks.faint))
        }
        return lines
    }

    /// Staying was possible until the first goodbye.
    private var isTooLateToStay: Bool {
        guard let shutdown = model.shutdown else { return false }
        switch shutdown.mode {
        case .graceful, .ifIdle: return !shutdown.canCancel && shutdown.stage != .stopped
        case .force, .bestEffort, .cancelled: return false
        }
    }

    private var stageText: String {
        switch model.shutdown?.stage {
        case nil, .running: ""
        case .idleWait: "waiting until nothing is alive"
        case .ending(let group): group.title
        case .waitingForLaggards: "waiting for the late ones"
        case .flushing: "sending the last bytes"
        case .stopped: "ended"
        }
    }

    /// What it waits for, how often it has asked, and how long its server has been silent.
    private func blockerLines(_ blocker: Blocker, width: Int, at now: Instant) -> [PanelLine] {
        let who = "\(name(of: blocker.id)) \(Width.fit(Words.withoutScheme(blocker.peer), in: max(8, width / 3)))"
        let what = Words.wrapped("\(who) waits for \(blocker.waitsFor)", to: width, indent: "  ")
        var details: [String] = []
        if blocker.requestsSent > 0 { details.append("sent ×\(blocker.requestsSent)") }
        details.append("for \(Words.tenths(now - blocker.since))")
        let likely = blocker.requestsSent > 2 ? ", likely down" : ""
        details.append(
            blocker.lastHeard.map { "server silent \(Words.tenths(now - $0))\(likely)" }
                ?? "its server was never heard")
        return what.prefix(2).map { PanelLine(text: $0, style: Looks.bad) }
            + [PanelLine(text: "  " + details.joined(separator: ", "))]
    }
}
