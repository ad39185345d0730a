import CursesTerminal
import TerminalUI

/// From what is configured, and what the environment says, to what the screen is told.
extension Configuration.Terminal {
    /// `NO_COLOR` counts when it is not empty (no-color.org).
    func usesColour(environment: [String: String]) -> Bool {
        switch color {
        case .always: true
        case .never: false
        case .auto: (environment["NO_COLOR"] ?? "").isEmpty
        }
    }

    func theme(environment: [String: String]) -> TerminalUI.Theme {
        switch theme {
        case .auto: Self.isLight(environment["COLORFGBG"]) ? .light : .dark
        case .dark: .dark
        case .light: .light
        case .highContrast: .highContrast
        case .mono: .mono
        }
    }

    var shown: CursesTerminal.Terminal.Glyphs {
        switch glyphs {
        case .auto: .byLocale
        case .unicode: .unicode
        case .ascii: .ascii
        }
    }

    /// `0;15` or `0;default;15`: black on white, as some terminals say of themselves.
    private static func isLight(_ colours: String?) -> Bool {
        guard let background = colours?.split(separator: ";").last else { return false }
        return background == "7" || background == "15"
    }
}
