import SoftphoneCore

/// The keys and words there are, made from the command table: it cannot say anything that is not so.
struct HelpView {
    struct Line: Hashable {
        var text: String
        var style: Style = .plain
    }
    let lines: [Line]

    /// - Parameter width: of a line; nothing is cut, long grammars go on in the next line.
    init(width: Int) {
        var lines = [Line(text: "Moving", style: Looks.heading)]
        for (keys, summary) in Self.moving { lines += Self.entry(keys, "", summary, width: width) }
        for section in CommandSpec.Section.allCases {
            lines.append(Line(text: ""))
            lines.append(Line(text: section.rawValue, style: Looks.heading))
            for spec in CommandSpec.all where spec.section == section {
                lines += Self.entry(spec.key.map { String($0) } ?? "", spec.word, spec.summary, width: width)
                lines += Words.wrapped("      " + spec.grammar, to: width, indent: "          ")
                    .map { Line(text: $0, style: Looks.faint) }
            }
        }
        self.lines = lines
    }

    /// The keys that are no verbs.
    static let moving: [(keys: String, summary: String)] = [
        ("j k ↑ ↓", "one row; with g and G, Home and End, to the ends"),
        ("1-7", "to a group"),
        ("Tab", "to the next group, Shift-Tab to the one before"),
        ("Enter", "everything about what is selected, with its messages"),
        (":", "a command, as in a script; Tab completes, ↑ recalls"),
        ("l L", "the event log; the messages"),
        ("? Esc", "this list; back"),
        ("Ctrl-C", "end everything in order; twice: now; three times: at once"),
        ("Ctrl-Z", "back to the shell for a while"),
    ]

    private static func entry(_ key: String, _ word: String, _ summary: String, width: Int) -> [Line] {
        let head = word.isEmpty ? "  " + Width.pad(key, to: 9) : "  " + Width.pad(key, to: 3) + Width.pad(word, to: 21)
        let indent = String(repeating: " ", count: Width.of(head) + 1)
        return Words.wrapped(head + " " + summary, to: width, indent: indent).map { Line(text: $0) }
    }

    /// The furthest that one can scroll.
    func lastFirst(height: Int) -> Int { max(0, lines.count - max(1, height)) }

    func draw(_ frame: inout Frame, _ area: Area, first: Int) {
        frame.box(area, title: "Keys and commands")
        let height = area.inner.height
        let first = min(first, lastFirst(height: height))
        for (offset, line) in lines.dropFirst(first).prefix(height).enumerated() {
            frame.line(line.text, in: area, row: area.row + 1 + offset, style: line.style)
        }
        guard lines.count > height else { return }
        frame.footer("\(first + 1)-\(min(lines.count, first + height)) of \(lines.count)", of: area)
    }
}
