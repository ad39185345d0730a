import SoftphoneCore
import TerminalUI
import Yams

/// `keys`: other keys for commands.
///
///     keys:
///       hangup: X
///       account use: [u, F12]
///       down: j
///       publish: none
extension ConfigurationReading {
    mutating func keyMap(_ node: Node) -> KeyMap {
        guard case .mapping(let mapping) = node else {
            fault("'keys' is made of lines 'COMMAND: KEY', such as 'hangup: X'", at: node.mark)
            return KeyMap()
        }
        let before = errors.count
        var wanted: [KeyMap.Target: [TerminalUI.Key]] = [:]
        var marks: [KeyMap.Target: Mark] = [:]
        for (name, value) in mapping {
            guard let word = word(name) else { continue }
            guard let target = KeyMap.Target(word: word) else {
                fault(
                    "there is no command '\(word)'; " + remedy(for: word, among: KeyMap.Target.all.map(\.word)),
                    at: name.mark)
                continue
            }
            wanted[target] = keys(value)
            marks[target] = name.mark
            if let mark = name.mark { origins["keys.\(word)"] = .file(file, line: mark.line) }
        }
        return errors.count == before ? keyMap(wanted, marks) : KeyMap()
    }

    private mutating func keyMap(
        _ wanted: [KeyMap.Target: [TerminalUI.Key]], _ marks: [KeyMap.Target: Mark]
    ) -> KeyMap {
        var map = KeyMap()
        guard let conflict = map.rebind(wanted) else { return map }
        // What the user has written is what he can change.
        let (mine, other) =
            marks[conflict.second] == nil ? (conflict.first, conflict.second) : (conflict.second, conflict.first)
        let remedy =
            marks[other] == nil
            ? "give '\(other.word)' another one here, or none" : "give one of them another one"
        fault("'\(conflict.key)' is wanted for '\(mine.word)' and for '\(other.word)'; \(remedy)", at: marks[mine])
        return map
    }

    /// One key, a list of them, or `none`.
    private mutating func keys(_ node: Node) -> [TerminalUI.Key] {
        let nodes: [Node] = if case .sequence(let list) = node, !list.isEmpty { Array(list) } else { [node] }
        var keys: [TerminalUI.Key] = []
        for node in nodes {
            guard let name = word(node) else { continue }
            if nodes.count == 1, name == "none" { return [] }
            guard let key = TerminalUI.Key(named: name) else {
                fault(
                    "there is no key '\(name)'; "
                        + (closest(to: name, among: TerminalUI.Key.names).map { "did you mean '\($0)'?" }
                            ?? "write a character, F1 to F12, Ctrl-X, Alt-x, Space, Enter, PgUp …"),
                    at: node.mark)
                continue
            }
            if let fixed = KeyMap.fixed.first(where: { $0.key == key }) {
                fault("'\(fixed.key)' cannot be given away; it always means: \(fixed.summary)", at: node.mark)
            } else if keys.contains(key) {
                fault("'\(name)' stands here twice", at: node.mark)
            } else {
                keys.append(key)
            }
        }
        return keys
    }
}
