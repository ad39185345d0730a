import TerminalUI
import Yams

/// A file being read, and what has been found wrong with it.
struct ConfigurationReading {
    let file: String
    private(set) var errors: [ConfigurationError] = []
    var origins: [String: Origin] = [:]

    init(file: String) { self.file = file }

    mutating func configuration(_ text: String) -> Configuration {
        var configuration = Configuration()
        guard let root = compose(text) else { return configuration }
        let sections = Settings.Section.allCases.map(\.rawValue)
        for (key, value) in mapping(root, keys: sections, of: "the configuration") where !isNothing(value) {
            switch Settings.Section(rawValue: key.text) {
            case .accounts: configuration.accounts = accounts(value)
            case .terminal: fill(&configuration, from: value, with: Settings.terminal, of: "'terminal'", at: "terminal")
            case .shutdown: fill(&configuration, from: value, with: Settings.shutdown, of: "'shutdown'", at: "shutdown")
            case .keys: configuration.keys = keyMap(value)
            case nil: break
            }
        }
        configuration.origins = origins
        return configuration
    }

    /// nil: there is nothing, or it is no YAML, which has been told then.
    mutating func compose(_ text: String) -> Node? {
        do {
            return try Yams.compose(yaml: text)
        } catch let error as YamlError {
            switch error {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
                .composer(_, let problem, let mark, _):
                fault("this is no YAML: \(problem)", at: mark)
            default: fault("this is no YAML: \(error)", at: nil)
            }
        } catch {
            fault("this is no YAML: \(error)", at: nil)
        }
        return nil
    }

    /// A section of which nothing is left but comments.
    func isNothing(_ node: Node) -> Bool { node.tag == Tag(.null) }

    private mutating func accounts(_ node: Node) -> [Configuration.AccountEntry] {
        guard case .sequence(let list) = node else {
            fault("'accounts' is a list; begin each account with '- name: …'", at: node.mark)
            return []
        }
        var accounts: [Configuration.AccountEntry] = []
        for (index, node) in list.enumerated() {
            var account = Configuration.AccountEntry(name: "", address: "")
            guard fill(&account, from: node, with: Settings.account, of: "an account", at: "accounts.\(index)") else {
                continue
            }
            if accounts.contains(where: { $0.name == account.name }) {
                fault("there are two accounts '\(account.name)'; give one of them another name", at: node.mark)
            }
            accounts.append(account)
        }
        return accounts
    }

    // MARK: Mappings

    /// Reads all keys of a mapping into what they are about. False: something in it was wrong, and has been told.
    @discardableResult
    mutating func fill<Subject>(
        _ subject: inout Subject, from node: Node, with settings: [Setting<Subject>], of what: String, at path: String
    ) -> Bool {
        let before = errors.count
        var seen: Set<String> = []
        for (key, value) in mapping(node, keys: settings.map(\.name), of: what) {
            guard let setting = settings.first(where: { $0.name == key.text }) else { continue }
            seen.insert(key.text)
            if let other = setting.excludes, seen.contains(other) {
                fault("'\(other)' and '\(key.text)' exclude each other; keep one", at: key.mark)
            }
            do throws(Misfit) {
                try setting.read(value, &subject)
            } catch {
                fault(error.text, at: error.mark)
            }
            if let mark = key.mark { origins["\(path).\(key.text)"] = .file(file, line: mark.line) }
        }
        guard case .mapping = node else { return false }
        for setting in settings where setting.isRequired && !seen.contains(setting.name) {
            fault("\(what) has no '\(setting.name)'; write \(setting.name): \(setting.example)", at: node.mark)
        }
        return errors.count == before
    }

    struct Key {
        var text: String
        var mark: Mark?
    }

    mutating func mapping(_ node: Node, keys: [String], of what: String) -> [(Key, Node)] {
        guard case .mapping(let mapping) = node else {
            fault("\(what) is made of lines 'key: value'; keys are \(keys.joined(separator: ", "))", at: node.mark)
            return []
        }
        var pairs: [(Key, Node)] = []
        for (key, value) in mapping {
            guard let text = word(key) else { continue }
            guard keys.contains(text) else {
                fault("\(what) has no key '\(text)'; " + remedy(for: text, among: keys), at: key.mark)
                continue
            }
            pairs.append((Key(text: text, mark: key.mark), value))
        }
        return pairs
    }

    /// A key, or anything else that must be a single value.
    mutating func word(_ node: Node) -> String? {
        do throws(Misfit) {
            return try Form<String>.scalar(node)
        } catch {
            fault(error.text, at: error.mark)
            return nil
        }
    }

    func check() throws(ConfigurationErrors) {
        guard !errors.isEmpty else { return }
        throw ConfigurationErrors(
            errors.sorted { ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0) })
    }

    mutating func fault(_ text: String, at mark: Mark?) {
        errors.append(ConfigurationError(file: file, line: mark?.line, column: mark?.column, text: text))
    }
}
