import DialogUsage
import SansIO
import SoftphoneCore

/// The messages of a usage as arrows between us and its peer, with the time since the first one.
extension App {
    func drawLadder(_ frame: inout Frame, _ area: Area, _ usage: UsageRow, from top: Int, first: Int) {
        let entries = model.ladder(of: usage.id)
        let room = area.row + area.height - 1 - top - 1
        guard room > 0, let start = entries.first?.at else { return }
        let inner = area.inner
        let (column, width) = (inner.column + Self.timeWidth + 1, inner.width - Self.timeWidth - 1)
        let peer = Width.fit(entries.last.map { "\($0.peer)" } ?? "", in: width - 4)
        frame.write("me", row: top, column: column, style: Looks.faint)
        frame.write(peer, row: top, column: column + width - Width.of(peer), style: Looks.faint)
        // The newest are in sight; scrolling goes back from there.
        let last = max(min(entries.count, room), entries.count - first)
        for (offset, entry) in entries[max(0, last - room)..<last].enumerated() {
            let row = top + 1 + offset
            let time = Width.pad(Words.milliseconds(entry.at - start), to: Self.timeWidth, rightAligned: true)
            frame.write(time, row: row, column: inner.column, style: Looks.faint)
            frame.write(
                arrow(entry, width: width), row: row, column: column,
                style: entry.isSent ? Looks.sent : Looks.received)
        }
        if entries.count > room { frame.footer("\(last) of \(entries.count)", of: area) }
    }
    private static let timeWidth = 8

    private func arrow(_ entry: LadderEntry, width: Int) -> String {
        let copies = entry.retransmissions > 0 ? " ×\(entry.retransmissions + 1)" : ""
        let label = " \(Width.fit(entry.summary, in: max(4, width - 8 - Width.of(copies))))\(copies) "
        let dashes = String(repeating: "─", count: max(1, width - Width.of(label) - 3))
        return entry.isSent ? "──" + label + dashes + "▶" : "◀" + dashes + label + "──"
    }
}
