import DialogUsage
import SIPMessage
import SansIO
import SoftphoneCore

/// What the shutdown panel says of one group.
extension App {
    func groupLine(
        _ group: ShutdownProgress.Group, _ columns: ShutdownBar.Columns, width: Int, at now: Instant
    ) -> PanelLine {
        let bar = ShutdownBar(
            number: "\(group.group.rawValue)", title: group.group.title, done: group.done, total: group.total
        ).text(columns)
        guard group.total > 0 else { return PanelLine(text: bar, style: Looks.faint) }
        let (text, more, style) = groupText(group, at: now)
        // What is less important is left out as a whole where there is no room.
        let all = bar + text + more
        return PanelLine(text: Width.of(all) <= width ? all : bar + text, style: style)
    }

    private func groupText(_ group: ShutdownProgress.Group, at now: Instant) -> (String, String, Style) {
        let first = model.blockers.first { $0.id.kind.group == group.group }
        let others = model.blockers.count { $0.id.kind.group == group.group } - 1
        let names = (first.map { [name(of: $0.id)] } ?? []) + (others > 0 ? ["+\(others)"] : [])
        switch group.phase {
        case .waiting: return (turn(of: group.group), "", Looks.faint)
        case .active:
            let next = group.softDeadline.map { ", next group in \(Words.tenths($0 - now))" } ?? ""
            return names.isEmpty
                ? ("", "", Looks.waiting) : ("waits: \(names.joined(separator: " "))", next, Looks.waiting)
        case .passed:
            if group.done < group.total { return ("! late: \(names.joined(separator: " "))", "", Looks.bad) }
            return outcomeText(of: group.group)
        }
    }

    private func turn(of group: ShutdownGroup) -> String {
        guard case .ending(let active) = model.shutdown?.stage else {
            return group == .clientRegistrations ? "last" : ""
        }
        return group == .clientRegistrations ? "last, after group \(active.rawValue)" : "after group \(active.rawValue)"
    }

    private func outcomeText(of group: ShutdownGroup) -> (String, String, Style) {
        let endings = model.endings.filter { $0.id.kind.group == group }
        if let bad = endings.first(where: { !$0.outcome.isClean }) {
            let count = endings.count { !$0.outcome.isClean }
            let more = count > 1 ? " +\(count - 1)" : ""
            let cause = bad.outcome.cause.map { " (\($0))" } ?? ""
            return ("✗ \(bad.outcome.result): \(bad.name ?? bad.id.description)\(more)", cause, Looks.bad)
        }
        let status = endings.last?.outcome.status.map { " \($0.value)" } ?? ""
        return ("✓ ended\(status)", "", Looks.good)
    }
}
