import DialogUsage
import SansIO
import SoftphoneCore

/// Messages as arrows between us and the peer, with the time since the first one. Copies of a message are counted, and
/// a challenge and the request that answers it have the same sign: `A1`, `A2`.
extension App {
    /// - Parameter reading: nil when nobody moves in it; the newest messages are in sight then.
    func drawLadder(_ frame: inout Frame, _ area: Area, from top: Int, _ reading: Reading?) {
        let room = area.row + area.height - 1 - top - 1
        guard room > 0 else { return }
        guard let start = sheet.entries.first?.at else {
            if reading != nil { frame.line("no messages yet", in: area, row: top, style: Looks.faint) }
            return
        }
        let columns = LadderColumns(sheet, width: area.inner.width)
        drawEnds(&frame, area, columns, row: top, reading)
        let cursor = reading.flatMap { self.cursor(of: $0) }
        let count = sheet.entries.count
        let first = firstShown(.ladder, selected: cursor ?? count, count: count, room: room)
        for index in first..<min(count, first + room) {
            let row = top + 1 + index - first
            let entry = sheet.entries[index]
            frame.answer(.row(.ladder, index, first: first), row: row, column: area.column, width: area.width)
            let isMarked = reading?.marks.contains(entry.serial) ?? false
            let sign = index == cursor ? (isMarked ? "◆" : "▶") : isMarked ? "*" : " "
            frame.write(sign, row: row, column: area.column + 1, style: .bold)
            drawEntry(&frame, entry, since: start, columns, row: row, column: area.inner.column)
            if index == cursor {
                frame.restyle(row: row, column: area.column + 1, width: area.width - 2) { $0.selected }
            }
        }
        if count > room { frame.footer("\(cursor.map { $0 + 1 } ?? count) of \(count)", of: area) }
    }

    /// Who stands at the ends of the arrows, and whose messages they are.
    private func drawEnds(_ frame: inout Frame, _ area: Area, _ columns: LadderColumns, row: Int, _ reading: Reading?) {
        let column = area.inner.column + columns.arrowAt
        let peer = Width.fit(sheet.entries.last.map { "\($0.peer)" } ?? "", in: columns.arrow - 4)
        let end = column + columns.arrow - Width.of(peer)
        frame.write("me", row: row, column: column, style: Looks.faint)
        frame.write(peer, row: row, column: end, style: Looks.faint)
        guard let reading else { return }
        let text = "w: \(reading.scope.rawValue)"
        let middle = column + 4 + (columns.arrow - 4 - Width.of(peer) - Width.of(text)) / 2
        if middle >= column + 4 { frame.write(text, row: row, column: middle, style: Looks.heading) }
    }

    private func drawEntry(
        _ frame: inout Frame, _ entry: LadderEntry, since start: Instant, _ columns: LadderColumns, row: Int,
        column: Int
    ) {
        let time = Width.pad(Words.milliseconds(entry.at - start), to: LadderColumns.time, rightAligned: true)
        frame.write(time, row: row, column: column, style: Looks.faint)
        if columns.round > 0 {
            let sign = entry.round.map { "A\($0)" } ?? (entry.authentication == .credentials ? "a" : "")
            frame.write(sign, row: row, column: column + columns.roundAt, style: Looks.waiting, maxWidth: columns.round)
        }
        if columns.name > 0 {
            let name = Width.fit(entry.usage.map { self.name(of: $0) } ?? "-", in: columns.name - 1)
            frame.write(name, row: row, column: column + columns.nameAt, style: .bold)
        }
        frame.write(
            arrow(entry, width: columns.arrow), row: row, column: column + columns.arrowAt,
            style: entry.isSent ? Looks.sent : Looks.received)
    }

    private func arrow(_ entry: LadderEntry, width: Int) -> String {
        let copies = entry.retransmissions > 0 ? " ×\(entry.retransmissions + 1)" : ""
        // The last one is named at the top; another one is named where it is.
        let other = entry.peer == sheet.entries.last?.peer ? "" : " \(entry.peer)"
        let room = max(4, width - 8 - Width.of(copies) - Width.of(other))
        let label = " \(Width.fit(entry.summary, in: room))\(copies)\(other) "
        let dashes = String(repeating: "─", count: max(1, width - Width.of(label) - 3))
        return entry.isSent ? "──" + label + dashes + "▶" : "◀" + dashes + label + "──"
    }
}

/// Where things stand in a ladder.
struct LadderColumns: Hashable {
    static let time = 8
    /// The sign of an authentication round, and the usage, where there is anything to tell apart; else 0.
    var round: Int
    var name: Int
    var arrow: Int

    var roundAt: Int { Self.time + 1 }
    var nameAt: Int { roundAt + round }
    var arrowAt: Int { nameAt + name }

    init(_ sheet: LadderSheet, width: Int) {
        round = sheet.entries.contains { $0.authentication != .none } ? 3 : 0
        name = sheet.entries.contains { $0.usage != sheet.focus } ? 9 : 0
        arrow = max(8, width - Self.time - 1 - round - name)
    }
}
