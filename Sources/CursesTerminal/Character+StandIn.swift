extension Character {
    /// What stands for this character where only ASCII can be shown. Lines keep their shape; anything unknown is `?`.
    var standIn: Character {
        if isASCII { return self }
        switch self {
        case "─", "━", "═", "┄", "╌", "–", "—": return "-"
        case "│", "┃", "║", "┆", "╎": return "|"
        case "█", "▓", "▉", "▊", "▋", "▌", "▍", "▎", "▏", "▇", "▆", "▅": return "#"
        case "░", "▒", "·", "▄", "▃", "▂", "▁", "…", "⋯": return "."
        case "●", "◉", "■", "★", "•", "◆", "☎", "♪": return "*"
        case "○", "◌", "□", "◐", "◑", "◒", "◓", "☆": return "o"
        case "▶", "→", "▸", "»", "›", "⇒": return ">"
        case "◀", "←", "◂", "«", "‹", "⇐": return "<"
        case "▲", "↑", "△": return "^"
        case "▼", "↓", "▽": return "v"
        case "✓", "✔": return "+"
        case "✗", "✘", "×": return "x"
        case "⏎": return "/"
        case "‘", "’": return "'"
        case "“", "”": return "\""
        case "\u{A0}": return " "
        default: return isLineJoint ? "+" : "?"
        }
    }
    /// The corners, joints and crossings of the box-drawing block.
    private var isLineJoint: Bool { unicodeScalars.first.map { (0x250C...0x256C).contains($0.value) } ?? false }
}
