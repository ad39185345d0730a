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
extension ConfigurationReader {
    func keyMap(_ node: Node) throws(ConfigurationError) -> KeyMap {
        guard case .mapping(let mapping) = node else {
            throw fault("'keys' is made of lines 'COMMAND: KEY', such as 'hangup: X'", at: node.mark)
        }
        var wanted: [KeyMap.Target: [TerminalUI.Key]] = [:]
        var marks: [KeyMap.Target: Mark?] = [:]
        for (name, value) in mapping {
            let word = try scalar(name)
            guard let target = KeyMap.Target(word: word) else {
                throw fault(
                    "there is no command '\(word)'; " + remedy(for: word, among: KeyMap.Target.all.map(\.word)),
                    at: name.mark)
            }
            wanted[target] = try keys(value)
            marks[target] = name.mark
        }
        return try keyMap(wanted, marks)
    }

    private func keyMap(
        _ wanted: [KeyMap.Target: [TerminalUI.Key]], _ marks: [KeyMap.Target: Mark?]
    ) throws(ConfigurationError) -> KeyMap {
        var map = KeyMap()
        guard let conflict = map.rebind(wanted) else { return map }
        // What the user has written is what he can change.
        let (mine, other) =
            marks[conflict.second] == nil ? (conflict.first, conflict.second) : (conflict.second, conflict.first)
        let remedy =
            marks[other] == nil
            ? "give '\(other.word)' another one here, or none" : "give one of them another one"
        throw fault(
            "'\(conflict.key)' is wanted for '\(mine.word)' and for '\(other.word)'; \(remedy)",
            at: marks[mine] ?? nil)
    }

    /// One key, a list of them, or `none`.
    private func keys(_ node: Node) throws(ConfigurationError) -> [TerminalUI.Key] {
        let nodes: [Node] = if case .sequence(let list) = node { Array(list) } else { [node] }
        var keys: [TerminalUI.Key] = []
        for node in nodes {
            let name = try scalar(node)
            if nodes.count == 1, name == "none" { return [] }
            guard let key = TerminalUI.Key(named: name) else {
                throw fault(
                    "there is no key '\(name)'; "
                        + (closest(to: name, among: TerminalUI.Key.names).map { "did you mean '\($0)'?" }
                            ?? "write a character, F1 to F12, Ctrl-X, Alt-x, Space, Enter, PgUp …"),
                    at: node.mark)
            }
            if let fixed = KeyMap.fixed.first(where: { $0.key == key }) {
                throw fault("'\(fixed.key)' cannot be given away; it always means: \(fixed.summary)", at: node.mark)
            }
            guard !keys.contains(key) else { throw fault("'\(name)' stands here twice", at: node.mark) }
            keys.append(key)
        }
        return keys
    }
}
