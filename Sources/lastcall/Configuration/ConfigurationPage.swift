import TerminalUI

/// The configuration for readers: a page, and a section of the manual.
enum ConfigurationPage {
    /// `Sources/Manual/configuration.md`.
    static var markdown: String {
        var lines = [
            "# The configuration", "",
            "<!-- Made from the table of the keys by scripts/docs; a test fails when they differ. -->", "",
            "`$XDG_CONFIG_HOME/lastcall/config.yaml`, else `~/.config/lastcall/config.yaml`, is YAML. `lastcall --default-config`",
            "prints one that explains itself, `--check-config` says everything that is wrong with a file, and `--print-config`",
            "what is in force and where each value comes from. [`config.schema.json`](config.schema.json) is for editors.",
        ]
        lines += section(.accounts, Settings.account, defaults: nil)
        lines += section(.terminal, Settings.terminal, defaults: Configuration())
        lines += section(.shutdown, Settings.shutdown, defaults: Configuration())
        lines += [
            "", "## `keys`", "", Settings.Section.keys.summary, "",
            "The names of the commands stand in [commands.md](commands.md). A key is a character, "
                + TerminalUI.Key.names.prefix { !$0.hasPrefix("F1") }.map { "`\($0)`" }.joined(separator: ", ")
                + ", `F1` to `F12`, `Ctrl-X` or `Alt-x`.",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func section<Subject>(
        _ section: Settings.Section, _ settings: [Setting<Subject>], defaults: Subject?
    ) -> [String] {
        var lines = ["", "## `\(section.rawValue)`", "", section.summary, ""]
        if let defaults {
            lines += ["| Key | Default | What can stand there | What it is for |", "|---|---|---|---|"]
            for setting in settings {
                let value = setting.text(defaults).map { "`\($0)`" } ?? ""
                lines.append("| `\(setting.name)` | \(value) | \(setting.words) | \(setting.summary) |")
            }
        } else {
            lines += ["| Key | What can stand there | What it is for |", "|---|---|---|"]
            for setting in settings {
                let name = setting.isRequired ? "**`\(setting.name)`**" : "`\(setting.name)`"
                lines.append("| \(name) | \(setting.words) | \(setting.summary) |")
            }
        }
        return lines
    }

    /// For `lastcall.1`, in `man(7)`.
    static var manual: String {
        var lines = [".SH CONFIGURATION"]
        lines += part(.accounts, Settings.account) + part(.terminal, Settings.terminal)
        lines += part(.shutdown, Settings.shutdown)
        lines += [".SS keys", CommandsPage.roff(Settings.Section.keys.summary)]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func part<Subject>(_ section: Settings.Section, _ settings: [Setting<Subject>]) -> [String] {
        var lines = [".SS \(section.rawValue)", CommandsPage.roff(section.summary)]
        for setting in settings {
            let words = setting.words.replacing("`", with: "")
            lines += [
                ".TP", ".B \(CommandsPage.roff(setting.name))", CommandsPage.roff("\(setting.summary): \(words)."),
            ]
        }
        return lines
    }
}
