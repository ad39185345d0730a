import SansIO
import SoftphoneCore

/// One message as it went, and what differs between two: pages over the whole screen.
extension App {
    struct PageLine: Hashable {
        var text: String
        var style: Style = .plain
    }

    func drawPage(_ frame: inout Frame, _ area: Area, title: String, _ lines: [PageLine], first: Int) {
        frame.box(area, title: title)
        frame.answer(.surface(.page), area)
        let room = area.inner.height
        let first = min(first, max(0, lines.count - room))
        for (offset, line) in lines.dropFirst(first).prefix(room).enumerated() {
            frame.line(line.text, in: area, row: area.row + 1 + offset, style: line.style)
        }
        guard lines.count > room else { return }
        frame.footer("\(first + 1)-\(min(lines.count, first + room)) of \(lines.count)", of: area)
    }

    /// How far a page of so many lines can be scrolled.
    func lastFirst(of lines: [PageLine]) -> Int { max(0, lines.count - pageHeight) }
    private var pageWidth: Int { size.columns - 4 }

    // MARK: One message

    func messageTitle(_ reading: Reading) -> String {
        guard let at = cursor(of: reading) else { return "No message" }
        return "Message \(at + 1) of \(sheet.entries.count): \(sheet.entries[at].summary)"
    }

    func messageLines(_ reading: Reading, at now: Instant) -> [PageLine] {
        guard let at = cursor(of: reading), let start = sheet.entries.first?.at else { return [] }
        let entry = sheet.entries[at]
        var way =
            "\(entry.isSent ? "sent to" : "received from") \(entry.peer) by \(entry.transport.rawValue.uppercased())"
        way += ", \(Words.milliseconds(entry.at - start)) s after the first, \(Words.clock(now - entry.at)) ago"
        if entry.retransmissions > 0 {
            let last = Words.milliseconds(entry.lastCopyAt - entry.at)
            way += ", ×\(entry.retransmissions + 1), the last copy after \(last) s"
        }
        let facts = Words.wrapped(way, to: pageWidth, indent: "  ").map { PageLine(text: $0, style: Looks.faint) }
        var isBody = false
        let lines = entry.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .flatMap { index, line -> [PageLine] in
                if line.isEmpty { isBody = true }
                let style: Style = index == 0 ? .bold : isBody ? Looks.received : .plain
                return Words.wrapped(String(line), to: pageWidth, indent: "    ")
                    .map { PageLine(text: $0, style: style) }
            }
        return facts + [PageLine(text: "")] + lines
    }

    // MARK: Two messages

    func differenceTitle(_ reading: Reading) -> String {
        guard let (old, new) = marked(reading) else { return "Difference" }
        return "\(old.summary) → \(new.summary)"
    }

    func differenceLines(_ reading: Reading) -> [PageLine] {
        guard let (old, new) = marked(reading) else {
            return [PageLine(text: "One of the two is not kept any more; Esc goes back.", style: Looks.faint)]
        }
        let all = MessageDifference(old, new).lines
        let count = { (isIt: (MessageDifference.Line) -> Bool) in all.count(where: isIt) }
        let changed = count { if case .changed = $0 { true } else { false } }
        let added = count { if case .added = $0 { true } else { false } }
        let removed = count { if case .removed = $0 { true } else { false } }
        let legend =
            changed + added + removed == 0
            ? "Nothing differs."
            : "C changed \(changed)   A added \(added)   R removed \(removed)   after "
                + "\(Words.milliseconds(new.at - old.at)) s"
        return [PageLine(text: legend, style: Looks.faint), PageLine(text: "")] + all.flatMap(pageLines)
    }

    /// In the order in which they went, however they were marked.
    private func marked(_ reading: Reading) -> (LadderEntry, LadderEntry)? {
        let entries = reading.marks.sorted().compactMap { sheet.index(of: $0) }.map { sheet.entries[$0] }
        return entries.count == 2 ? (entries[0], entries[1]) : nil
    }

    private func pageLines(_ line: MessageDifference.Line) -> [PageLine] {
        switch line {
        case .same(let text): return wrapped(" ", text, Looks.faint)
        case .removed(let text): return wrapped("R", text, Looks.bad)
        case .added(let text): return wrapped("A", text, Looks.good)
        case .changed(let old, let new, let note):
            let tail = note.isEmpty ? "" : "   (\(note))"
            return wrapped("C", old, Looks.waiting) + wrapped(" ", "  → \(new)\(tail)", Looks.waiting)
        }
    }
    private func wrapped(_ letter: String, _ text: String, _ style: Style) -> [PageLine] {
        Words.wrapped("\(letter) \(text)", to: pageWidth, indent: "      ").map { PageLine(text: $0, style: style) }
    }
}
