/// What the looks of the views become on the screen.
///
/// Views speak in a few colours of the terminal's own palette; a theme says how each of them is shown. Nothing is said
/// by colour alone (`terminal.md` rule 8), so that no theme can hide anything.
package enum Theme: String, Hashable, Sendable, CaseIterable {
    /// As the views speak.
    case dark
    /// Without the colours that nobody can read on white.
    case light
    /// The terminal's own text on its own background, and what matters in bold or underlined.
    case highContrast = "high-contrast"
    /// No colour at all: bold, dim and reverse only.
    case mono

    package func shown(_ style: Style) -> Style {
        switch self {
        case .dark: return style
        case .light:
            guard style.background == .standard else { return style }
            return Style(Self.onWhite(style.foreground), style.attributes)
        case .highContrast:
            let more =
                Self.isAlarm(style.foreground) ? [.bold, .underline] : Self.isFaint(style) ? [] : Self.bold(style)
            return Style(.standard, style.attributes.subtracting(.dim).union(Self.behind(style)).union(more))
        case .mono:
            let more: Style.Attributes = Self.isAlarm(style.foreground) ? .bold : Self.isFaint(style) ? .dim : []
            return Style(.standard, style.attributes.union(Self.behind(style)).union(more))
        }
    }

    private static func onWhite(_ colour: Colour) -> Colour {
        switch colour {
        case .yellow, .brightYellow: .magenta
        case .cyan, .brightCyan: .blue
        case .brightRed: .red
        case .brightGreen: .green
        case .white, .brightWhite: .standard
        default: colour
        }
    }
    private static func isAlarm(_ colour: Colour) -> Bool { colour == .red || colour == .brightRed }
    private static func isFaint(_ style: Style) -> Bool { style.foreground == .grey }
    private static func bold(_ style: Style) -> Style.Attributes { style.foreground == .standard ? [] : .bold }
    /// A coloured background becomes a reversed line.
    private static func behind(_ style: Style) -> Style.Attributes {
        style.background == .standard ? [] : [.reverse, .bold]
    }
}

extension Frame {
    /// The same picture in a theme.
    package mutating func show(in theme: Theme) {
        guard theme != .dark else { return }
        restyle(row: 0, height: size.rows) { theme.shown($0) }
    }
}
