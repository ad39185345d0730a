import DialogUsage
import SoftphoneCore

/// The rows of the help, made from the two tables of keys: it cannot say anything that is not so.
///
/// First stands what can be done to what is selected, then everything else by section; what cannot be done now says why.
struct HelpList {
    struct Row: Hashable {
        var target: KeyMap.Target
        var key: String
        var word: String
        var summary: String
        /// The whole grammar, for verbs.
        var grammar: String?
        var obstacle: String?
    }
    enum Line: Hashable {
        case heading(String)
        /// An index into `rows`.
        case row(Int)
    }
    private(set) var rows: [Row] = []
    private(set) var lines: [Line] = []

    init(_ app: App, _ help: Help) {
        let terms = help.sought.lowercased().split(separator: " ").map(String.init)
        let here = app.selectionVerbs
        if !here.isEmpty {
            let heading =
                app.selectedUsage.map { "\($0.name) \(app.peerText(of: $0))" }
                ?? app.selectedCall.map { "\($0.alias ?? $0.id.description) \(Words.withoutScheme($0.peer))" }
            add(heading ?? "", here.map(KeyMap.Target.verb), app, terms)
        }
        for section in CommandSpec.Section.allCases {
            let verbs = CommandSpec.all.filter { $0.section == section && !here.contains($0.verb) }
            add(section.rawValue, verbs.map { .verb($0.verb) }, app, terms)
        }
        for section in ScreenAction.Place.allCases {
            let actions = ScreenAction.allCases.filter { $0.place == section }
            add(section.rawValue, actions.map(KeyMap.Target.screen), app, terms)
        }
    }

    private mutating func add(_ heading: String, _ targets: [KeyMap.Target], _ app: App, _ terms: [String]) {
        let found = targets.map { Self.row($0, app) }.filter { row in
            // A single character is looked for among the keys as well.
            let text = "\(row.word) \(row.summary) \(heading)".lowercased()
            return terms.allSatisfy { text.contains($0) || row.key.lowercased() == $0 }
        }
        guard !found.isEmpty else { return }
        if !lines.isEmpty { lines.append(.heading("")) }
        lines.append(.heading(heading))
        for row in found {
            lines.append(.row(rows.count))
            rows.append(row)
        }
    }

    private static func row(_ target: KeyMap.Target, _ app: App) -> Row {
        let keys = app.keys.keys(of: target).map(\.description).joined(separator: " ")
        switch target {
        case .screen(let action):
            let obstacle = action.place == .shutdownPanel ? App.onlyWhileLeaving : nil
            return Row(
                target: target, key: keys, word: action.word, summary: action.summary, grammar: nil, obstacle: obstacle)
        case .verb(let verb):
            let spec = CommandSpec.spec(of: verb)
            return Row(
                target: target, key: keys, word: spec?.word ?? "", summary: spec?.summary ?? "",
                grammar: spec?.grammar, obstacle: app.obstacle(to: verb))
        }
    }

    /// The line of a row.
    func line(of row: Int) -> Int { lines.firstIndex(of: .row(row)) ?? 0 }
}
