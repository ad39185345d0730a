import SoftphoneCore

/// Every command and every key, as a page and for the manual: from the same two tables as the help.
package enum CommandsPage {
    /// `Sources/Manual/commands.md`.
    package static var markdown: String {
        var lines = [
            "# Commands and keys", "",
            "<!-- Made from the command table by scripts/docs; a test fails when they differ. -->", "",
            "Each command can be typed after `:`, stands in scripts (`--batch`) as it is, and is done by its key to what is",
            "selected. The configuration gives keys to commands: `keys:`, then `COMMAND: KEY`, a list of keys, or `none`.",
        ]
        for section in CommandSpec.Section.allCases {
            lines += ["", "## \(section.rawValue)", "", "| Key | Command | What it does |", "|---|---|---|"]
            for spec in CommandSpec.all where spec.section == section {
                lines.append("| \(keys(of: .verb(spec.verb))) | `\(escaped(spec.grammar))` | \(spec.summary) |")
            }
            lines += ["", "```"]
            lines += CommandSpec.all.filter { $0.section == section }.map(\.example) + ["```"]
        }
        for place in ScreenAction.Place.allCases {
            lines += [
                "", "## \(place.rawValue)", "", "| Key | Name in the configuration | What it does |", "|---|---|---|",
            ]
            for action in ScreenAction.allCases where action.place == place {
                lines.append("| \(keys(of: .screen(action))) | `\(action.word)` | \(action.summary) |")
            }
            guard place == .screens else { continue }
            for (key, summary) in KeyMap.fixed { lines.append("| `\(key)` | | \(summary) |") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func keys(of target: KeyMap.Target) -> String {
        KeyMap().keys(of: target).map { "`\($0)`" }.joined(separator: " ")
    }
    private static func escaped(_ text: String) -> String { text.replacing("|", with: "\\|") }

    /// The sections of the manual page that tell the same, in `man(7)`.
    package static var manual: String {
        var lines = [".SH COMMANDS"]
        for section in CommandSpec.Section.allCases {
            lines.append(".SS \(roff(section.rawValue))")
            for spec in CommandSpec.all where spec.section == section {
                let keys = KeyMap().keys(of: .verb(spec.verb)).map(\.description).joined(separator: ", ")
                lines += [".TP", ".B \(roff(spec.grammar))"]
                lines.append(roff(spec.summary) + "." + (keys.isEmpty ? "" : " Key: \(roff(keys))."))
            }
        }
        lines.append(".SH KEYS")
        for place in ScreenAction.Place.allCases {
            lines.append(".SS \(roff(place.rawValue))")
            for action in ScreenAction.allCases where action.place == place {
                let keys = KeyMap().keys(of: .screen(action)).map(\.description).joined(separator: ", ")
                lines += [".TP", ".B \(roff(keys))", "\(roff(action.summary)) (\(roff(action.word)))."]
            }
            guard place == .screens else { continue }
            for (key, summary) in KeyMap.fixed { lines += [".TP", ".B \(roff(key.description))", roff(summary) + "."] }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Text that `roff` takes for nothing but text.
    package static func roff(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
        return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
    }
}
