import SansIO
import SoftphoneCore

/// Typing searches, the arrows choose, Enter runs.
extension App {
    mutating func inHelp(_ key: Key, _ help: Help, at now: Instant) -> [SoftphoneCore.Command] {
        let found = HelpList(self, help).rows
        let step = { (count: Int) in min(max(0, help.chosen + count), max(0, found.count - 1)) }
        switch key {
        case .up: mode = .help(Help(behind: help.behind, sought: help.sought, chosen: step(-1)))
        case .down: mode = .help(Help(behind: help.behind, sought: help.sought, chosen: step(1)))
        case .pageUp: mode = .help(Help(behind: help.behind, sought: help.sought, chosen: step(-10)))
        case .pageDown: mode = .help(Help(behind: help.behind, sought: help.sought, chosen: step(10)))
        case .home: mode = .help(Help(behind: help.behind, sought: help.sought))
        case .end: mode = .help(Help(behind: help.behind, sought: help.sought, chosen: max(0, found.count - 1)))
        case .escape:
            mode = help.sought.isEmpty ? help.behind : .help(Help(behind: help.behind))
        case .enter:
            guard found.indices.contains(help.chosen) else { return [] }
            mode = help.behind
            return run(found[help.chosen].target, at: now)
        case .backspace: mode = .help(Help(behind: help.behind, sought: String(help.sought.dropLast())))
        case .control("u"): mode = .help(Help(behind: help.behind))
        case .function(1): mode = help.behind
        case .character("?") where help.sought.isEmpty: mode = help.behind
        case .character(let character): search(for: String(character), in: help)
        case .paste(let text): search(for: text, in: help)
        default: break
        }
        return []
    }

    private mutating func search(for text: String, in help: Help) {
        let sought = (help.sought + text).filter { !$0.isNewline }.prefix(Help.longest)
        var found = Help(behind: help.behind, sought: String(sought))
        // What begins so is meant before what only speaks of it.
        let begun = found.sought.lowercased()
        found.chosen = HelpList(self, found).rows.firstIndex { $0.word.hasPrefix(begun) } ?? 0
        mode = .help(found)
    }
}
