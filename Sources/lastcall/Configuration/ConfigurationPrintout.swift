import SansIO
import TerminalUI

/// `--print-config`: what is in force, as YAML, and behind each value where it comes from.
struct ConfigurationPrintout {
    var configuration: Configuration
    var looks: Configuration.Terminal
    /// What the command line and the environment have changed.
    var overridden: [String: Origin]

    init(_ options: Options, _ configuration: Configuration, environment: [String: String]) {
        looks = options.looks(over: configuration.terminal)
        overridden = [:]
        if options.color != nil { overridden["terminal.color"] = .option("--color") }
        if options.theme != nil { overridden["terminal.theme"] = .option("--theme") }
        if options.mouse != nil { overridden["terminal.mouse"] = .option("--mouse") }
        if looks.color == .auto, !looks.usesColour(environment: environment) {
            looks.color = .never
            overridden["terminal.color"] = .environment("NO_COLOR")
        }
        if looks.theme == .auto, looks.theme(environment: environment) == .light {
            looks.theme = .light
            overridden["terminal.theme"] = .environment("COLORFGBG")
        }
        self.configuration = configuration
    }

    var text: String {
        var shown = configuration
        shown.terminal = looks
        var lines: [(text: String, origin: Origin?)] = []
        lines.append(shown.accounts.isEmpty ? ("accounts: []", .standard) : ("accounts:", nil))
        for (index, account) in shown.accounts.enumerated() {
            var margin = "  - "
            for setting in Settings.account {
                let path = "accounts.\(index).\(setting.name)"
                let origin = configuration.origins[path]
                guard origin != nil, let text = setting.text(account) else { continue }
                lines.append(("\(margin)\(setting.name): \(text)", origin))
                margin = "    "
            }
        }
        for (section, settings) in [(Settings.Section.terminal, Settings.terminal), (.shutdown, Settings.shutdown)] {
            lines.append(("\(section.rawValue):", nil))
            for setting in settings {
                let path = "\(section.rawValue).\(setting.name)"
                let origin = overridden[path] ?? configuration.origins[path] ?? .standard
                if let text = setting.text(shown) { lines.append(("  \(setting.name): \(text)", origin)) }
            }
        }
        lines.append(("keys:", nil))
        for target in KeyMap.Target.all {
            let origin = configuration.origins["keys.\(target.word)"] ?? .standard
            lines.append(("  \(target.word): \(Self.keys(of: target, in: shown.keys))", origin))
        }
        let width = (lines.filter { $0.origin != nil }.map(\.text.count).max() ?? 0) + 2
        return lines.map { line in
            guard let origin = line.origin else { return line.text + "\n" }
            return line.text.padding(to: min(width, 48)) + "# \(visible(origin.description))\n"
        }.joined()
    }

    static func keys(of target: KeyMap.Target, in map: KeyMap) -> String {
        let keys = map.keys(of: target).map(\.name)
        guard let first = keys.first else { return "none" }
        return keys.count == 1
            ? YAMLText.scalar(first) : "[" + keys.map { YAMLText.inList($0) }.joined(separator: ", ") + "]"
    }
}

extension String {
    /// With spaces up to this width, and one at least.
    func padding(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
