import SoftphoneCore

/// The keys and commands there are, with a line to search them and the chosen one explained at the foot.
extension App {
    func drawHelp(_ frame: inout Frame, _ area: Area, _ help: Help) {
        frame.box(area, title: "Keys and commands")
        let list = HelpList(self, help)
        let inner = area.inner
        let cursor = frame.write("Search: " + help.sought, row: inner.row, column: inner.column, maxWidth: inner.width)
        frame.cursor = .init(row: inner.row, column: min(inner.column + cursor, area.column + area.width - 2))
        let foot = footer(of: list, help, width: inner.width)
        let top = inner.row + 1
        let room = max(1, inner.height - 1 - foot.count)
        // The chosen row stays in sight, and the heading before the first one as well.
        let at = help.chosen == 0 ? 0 : list.line(of: help.chosen)
        let first = firstShown(.help, selected: at, count: list.lines.count, room: room)
        frame.answer(.surface(.help), area)
        for (offset, line) in list.lines.dropFirst(first).prefix(room).enumerated() {
            if case .row(let index) = line {
                let hit = Hit.row(.help, index, first: first)
                frame.answer(hit, row: top + offset, column: area.column, width: area.width)
            }
            draw(line, of: list, help, &frame, area, row: top + offset)
        }
        for (offset, line) in foot.enumerated() {
            frame.line(line.0, in: area, row: area.row + area.height - 1 - foot.count + offset, style: line.1)
        }
        guard !list.rows.isEmpty else {
            frame.line("Nothing is called so; Esc shows everything again.", in: area, row: top, style: Looks.faint)
            return
        }
        frame.footer("\(help.chosen + 1)/\(list.rows.count)", of: area)
    }

    private func draw(
        _ line: HelpList.Line, of list: HelpList, _ help: Help, _ frame: inout Frame, _ area: Area, row: Int
    ) {
        switch line {
        case .heading(let text): frame.line(text, in: area, row: row, style: Looks.heading)
        case .row(let index):
            let entry = list.rows[index]
            let isChosen = index == help.chosen
            let key = Width.pad(entry.key, to: 11)
            let word = Width.pad(entry.word, to: 19)
            let text = "\(isChosen ? "▶" : " ") \(key) \(word) \(entry.obstacle.map { "✗ \($0)" } ?? entry.summary)"
            frame.line(text, in: area, row: row, style: entry.obstacle == nil ? .plain : Looks.faint)
            if isChosen {
                frame.restyle(row: row, column: area.column + 1, width: area.width - 2) { $0.selected }
            }
        }
    }

    /// What the chosen one is for, how it is written, and what is in its way.
    private func footer(of list: HelpList, _ help: Help, width: Int) -> [(String, Style)] {
        guard list.rows.indices.contains(help.chosen) else { return [] }
        let row = list.rows[help.chosen]
        var lines = [(String(repeating: "─", count: width), Looks.frame)]
        let grammar = row.grammar.map { ":" + $0 }
        lines += ([row.summary] + (grammar.map { [$0] } ?? [])).flatMap { Words.wrapped($0, to: width, indent: "    ") }
            .map { ($0, .plain) }
        if let obstacle = row.obstacle {
            lines += Words.wrapped("Not now: \(obstacle).", to: width).map { ($0, Looks.waiting) }
        }
        return lines
    }
}
