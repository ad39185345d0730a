import SoftphoneCore

/// The keys and words there are, made from the command table: it cannot say anything that is not so.
enum HelpView {
    static let lines: [(text: String, isHeading: Bool)] = {
        var lines: [(String, Bool)] = [
            ("Moving", true), ("  j k ↑ ↓  one row     1-7  to a group    Tab  next group    Enter  details", false),
            ("  :        command line, Tab completes       ?  this list     Esc  back", false),
            ("  l        event log       L  messages       Ctrl-C  leave, twice: now, three times: at once", false),
        ]
        for section in CommandSpec.Section.allCases {
            lines.append((section.rawValue, true))
            for spec in CommandSpec.all where spec.section == section {
                let key = spec.key.map { String($0) } ?? " "
                lines.append(("  \(key)  \(Width.pad(spec.word, to: 20)) \(spec.summary)", false))
                lines.append(("     \(spec.grammar)", false))
            }
        }
        return lines
    }()

    static func draw(_ frame: inout Frame, _ area: Area, first: Int) {
        frame.box(area, title: "Keys and commands")
        for (offset, line) in lines.dropFirst(first).prefix(max(0, area.height - 2)).enumerated() {
            frame.line(line.text, in: area, row: area.row + 1 + offset, style: line.isHeading ? Looks.heading : .plain)
        }
    }
}
