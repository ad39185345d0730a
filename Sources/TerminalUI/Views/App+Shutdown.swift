import DialogUsage
import SansIO
import SoftphoneCore

/// The shutdown panel: one bar for each group and one for all, the time that is left, who is waited for and why.
extension App {
    func drawShutdown(_ frame: inout Frame, at now: Instant) {
        let width = min(76, frame.size.columns)
        let lines = panelLines(width: width - 4, at: now)
        let height = min(lines.count + 2, frame.size.rows)
        let area = Area(
            row: max(0, (frame.size.rows - height) / 2), column: (frame.size.columns - width) / 2, width: width,
            height: height)
        frame.fill(row: area.row, column: area.column, width: width, height: height)
        frame.box(area, title: panelTitle(at: now), style: Looks.waiting)
        for (offset, line) in lines.prefix(height - 2).enumerated() {
            frame.line(line.text, in: area, row: area.row + 1 + offset, style: line.style)
        }
    }

    private struct Line {
        var text: String
        var style: Style = .plain
    }

    private func panelTitle(at now: Instant) -> String {
        if case .armed(let until) = leaving { return "Leaving in \(Words.tenths(until - now)) — Esc stays, Enter goes" }
        guard let shutdown = model.shutdown else { return "Shutting down" }
        let mode =
            switch shutdown.mode {
            case .graceful: "graceful"
            case .ifIdle: "when idle"
            case .force, .bestEffort: "force"
            case .cancelled: "cancelled"
            }
        guard let deadline = shutdown.deadline else { return "Shutting down: \(mode) ── no deadline" }
        let all = (deadline - shutdown.started).inSeconds.rounded()
        return "Shutting down: \(mode) ── gives up in \(Words.tenths(deadline - now)) (of \(Int(all)))"
    }

    private func panelLines(width: Int, at now: Instant) -> [Line] {
        let groups = (model.shutdown?.groups ?? planned).filter { $0.group != .serverRequests || $0.total > 0 }
        var lines = groups.map { groupLine($0, width: width) }
        let (total, done) = groups.reduce((0, 0)) { ($0.0 + $1.total, $0.1 + $1.done) }
        lines.append(Line(text: "  " + Width.pad("all", to: 22) + bar(done, total) + " \(done)/\(total)", style: .bold))
        if let blocker = model.blockers.first { lines += blockerLines(blocker, at: now) }
        lines.append(Line(text: ""))
        lines.append(Line(text: "[s] skip this one  [n] skip the group  [+] 10 s more  [i] no deadline"))
        let stay = model.shutdown?.canCancel ?? true ? "  [Esc] stay" : ""
        lines.append(Line(text: "[!] force now" + stay))
        return lines
    }

    /// Before the shutdown has begun: what it is going to do.
    private var planned: [ShutdownProgress.Group] {
        UsageList.groups.map { group in
            let count = model.usages.count { $0.id.kind.group == group }
            return .init(group: group, phase: .waiting, total: count, done: 0, softDeadline: nil)
        }
    }

    private func groupLine(_ group: ShutdownProgress.Group, width: Int) -> Line {
        let number = group.group.rawValue
        let head = "\(number) " + Width.pad(group.group.title, to: 22) + bar(group.done, group.total) + " "
        let counts = Width.pad("\(group.done)/\(group.total)", to: 7)
        let isDone = group.done == group.total
        let text: String
        let style: Style
        switch group.phase {
        case .waiting:
            text = group.total == 0 ? "" : group.group == .clientRegistrations ? "last" : "waits its turn"
            style = Looks.faint
        case .active:
            let waits = model.blockers.filter { $0.id.kind.group == group.group }
            text = waits.first.map { "waiting: \(name(of: $0.id))" + (waits.count > 1 ? " +\(waits.count - 1)" : "") } ?? ""
            style = Looks.waiting
        case .passed:
            let late = model.blockers.filter { $0.id.kind.group == group.group }
            text = group.total == 0 ? "" : isDone ? "done" : "late: " + late.map { name(of: $0.id) }.prefix(2).joined(separator: ", ")
            style = isDone ? Looks.good : Looks.bad
        }
        return Line(text: head + counts + text, style: group.total == 0 ? Looks.faint : style)
    }

    private func bar(_ done: Int, _ total: Int) -> String {
        guard total > 0 else { return String(repeating: "─", count: 10) }
        let full = done * 10 / total
        return String(repeating: "█", count: full) + String(repeating: "░", count: 10 - full)
    }

    /// Who holds it up, with what it waits for and how long its server has been silent.
    private func blockerLines(_ blocker: Blocker, at now: Instant) -> [Line] {
        let peer = blocker.peer.hasPrefix("sip:") ? String(blocker.peer.dropFirst(4)) : blocker.peer
        var lines = [
            Line(text: ""),
            Line(text: "\(name(of: blocker.id)) \(peer) waits for \(blocker.waitsFor)", style: Looks.bad),
        ]
        var details: [String] = []
        if blocker.requestsSent > 0 { details.append("sent ×\(blocker.requestsSent)") }
        details.append("since \(Words.tenths(now - blocker.since))")
        details.append(blocker.lastHeard.map { "server silent for \(Words.tenths(now - $0))" } ?? "its server was never heard")
        lines.append(Line(text: "  " + details.joined(separator: ", ")))
        return lines
    }
}
