import DialogUsage
import SansIO
import SoftphoneCore

/// The usages under their seven headings, which are edges of the box they stand in. Only the rows on the screen are
/// made into text.
extension App {
    func drawList(_ frame: inout Frame, _ area: Area, at now: Instant) {
        guard area.height > 2 else { return }
        frame.box(area)
        frame.answer(.surface(.list), area)
        let room = area.height - 2
        let first = firstRow(room: room)
        // The heading of the first row stays in sight as the upper edge.
        let top = list.heading(above: first)
        drawHeading(&frame, top, area, row: area.row, joints: ("┌", "┐"))
        frame.answer(.row(.list, top, first: first), row: area.row, column: area.column, width: area.width)
        let shown = first..<min(list.rowCount, first + room)
        let usages = shown.compactMap { list.usage(at: $0) }
        var next = UsageTexts.columns(usages.map { texts(of: $0, at: now) }, width: area.width - 2).makeIterator()
        for index in shown {
            let row = area.row + 1 + index - first
            frame.answer(.row(.list, index, first: first), row: row, column: area.column, width: area.width)
            if let usage = list.usage(at: index) {
                guard let columns = next.next() else { continue }
                drawUsage(&frame, usage, columns, area, row: row, isSelected: index == selected)
            } else {
                drawHeading(&frame, index, area, row: row, joints: ("├", "┤"))
            }
        }
        let place = list.rowCount - 1 > room ? "\(selected + 1)/\(list.rowCount)" : ""
        if !place.isEmpty { frame.footer(place, of: area) }
        let state = Width.fit(listState, in: area.width - 8 - Width.of(place))
        if !state.isEmpty {
            frame.write(" \(state) ", row: area.row + area.height - 1, column: area.column + 2, style: Looks.waiting)
        }
    }

    /// What the list does not show, and what the next keys are for.
    private var listState: String {
        var parts: [String] = []
        if !filter.isEmpty {
            let shown = list.sections.reduce(0) { $0 + $1.members.count }
            parts.append("\\\(filter): \(shown) of \(model.usages.count)")
        }
        if !sought.isEmpty { parts.append("/\(sought): n N") }
        if !marked.isEmpty { parts.append("\(marked.count) marked") }
        return parts.joined(separator: "  ")
    }

    /// The index of the first row under the upper edge. The selected row is kept in sight, with some of what stands
    /// before it.
    func firstRow(room: Int) -> Int {
        guard list.rowCount - 1 > room else { return 1 }
        return max(1, firstShown(.list, selected: selected, count: list.rowCount, room: room))
    }

    private func drawHeading(
        _ frame: inout Frame, _ index: Int, _ area: Area, row: Int, joints: (left: String, right: String)
    ) {
        guard let section = list.section(at: index) else { return }
        let (group, count) = (section.group, section.members.count)
        let number = UsageList.groups.firstIndex(of: group).map { $0 + 1 } ?? 0
        let left =
            "\(index == selected ? "▶" : "")\(number) \(UsageList.title(group)) ─ \(group.title) \(section.isClosed ? "▸ " : "")"
        let right = count < section.total ? " \(count) of \(section.total) ─" : " \(count) ─"
        let dashes = String(repeating: "─", count: max(1, area.width - 2 - Width.of(left) - Width.of(right)))
        frame.write(joints.left, row: row, column: area.column, style: Looks.frame)
        frame.write(
            left + dashes + right, row: row, column: area.column + 1,
            style: count > 0 ? Looks.heading : Looks.headingEmpty, maxWidth: area.width - 2)
        frame.write(joints.right, row: row, column: area.column + area.width - 1, style: Looks.frame)
        if index == selected {
            frame.restyle(row: row, column: area.column + 1, width: area.width - 2) { $0.selected }
        }
    }

    private func drawUsage(
        _ frame: inout Frame, _ usage: UsageRow, _ texts: UsageTexts, _ area: Area, row: Int, isSelected: Bool
    ) {
        var column = area.column + 1
        let isMarked = marked.contains(usage.id)
        let sign = isSelected ? (isMarked ? "◆" : "▶") : isMarked ? "*" : " "
        frame.write(sign, row: row, column: column, style: .bold)
        if isTroubled(usage) { frame.write("!", row: row, column: column + 1, style: Looks.bad) }
        column += 2
        column += frame.write(texts.name, row: row, column: column, style: .bold) + 1
        column += frame.write(texts.peer, row: row, column: column) + 1
        column += frame.write(texts.state, row: row, column: column, style: Looks.state(stateWord(of: usage))) + 1
        frame.write(texts.right, row: row, column: column)
        if isSelected {
            frame.restyle(row: row, column: area.column + 1, width: area.width - 2) { $0.selected }
        }
    }

    private func isTroubled(_ usage: UsageRow) -> Bool {
        let state = stateWord(of: usage)
        return state == "failing" || state == "stale"
    }
}
