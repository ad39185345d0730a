import TerminalUI

/// `--default-config`: a file that explains itself. What has a default stands there with it, the rest behind `#`; with the
/// `#` taken away it is a configuration as well.
enum ConfigurationExample {
    static var text: String {
        var lines = [
            "# The configuration of lastcall: $XDG_CONFIG_HOME/lastcall/config.yaml, else ~/.config/lastcall/config.yaml.",
            "# lastcall --check-config says what is wrong with it, --print-config where each value comes from.", "",
        ]
        lines += comment(on: .accounts) + ["#accounts:"]
        for (index, setting) in Settings.account.enumerated() where setting.name != "password" {
            let text = "\(index == 0 ? "#  - " : "#    ")\(setting.name): \(setting.example)"
            lines.append(explained(text, setting.isRequired ? "\(setting.summary); required" : setting.summary))
        }
        lines += ["", "# password: \"…\" in place of password_command asks for a file that only you can read.", ""]
        for (section, settings) in [(Settings.Section.terminal, Settings.terminal), (.shutdown, Settings.shutdown)] {
            lines += comment(on: section) + ["\(section.rawValue):"]
            for setting in settings {
                guard let value = setting.text(Configuration()) else { continue }
                lines += [
                    "  # \(setting.summary)", "  # (\(setting.words.replacing("`", with: ""))).",
                    "  \(setting.name): \(value)",
                ]
            }
            lines.append("")
        }
        lines += comment(on: .keys) + ["#keys:"]
        let map = KeyMap()
        lines += KeyMap.Target.all.map { "#  \($0.word): \(ConfigurationPrintout.keys(of: $0, in: map))" }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func comment(on section: Settings.Section) -> [String] { ["# \(section.summary)"] }
    private static func explained(_ text: String, _ summary: String) -> String { text.padding(to: 56) + "# \(summary)" }
}
