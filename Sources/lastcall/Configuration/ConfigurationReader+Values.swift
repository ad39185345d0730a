import DialogUsage
import SIPMessage
import SansIO
import SoftphoneCore
import Yams

/// What stands behind a key.
extension ConfigurationReader {
    func name(_ node: Node) throws(ConfigurationError) -> String {
        let name = try scalar(node)
        let isName =
            name.first?.isLetter == true
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        guard isName else {
            throw fault(
                "'\(name)' is no name; begin with a letter and go on with letters, digits, - _ .", at: node.mark)
        }
        return name
    }

    func sipAddress(_ node: Node, needsUser: Bool) throws(ConfigurationError) -> String {
        let text = try scalar(node)
        let form = needsUser ? "sip:USER@DOMAIN" : "sip:DOMAIN"
        guard let uri = try? SIPURI(parsing: text) else {
            throw fault("'\(text)' is no SIP address; write \(form)", at: node.mark)
        }
        if needsUser, uri.user?.isEmpty ?? true { throw fault("'\(text)' has no user; write \(form)", at: node.mark) }
        return text
    }

    /// `form`: what it should be, and how that is written.
    private func value<Value>(
        _ node: Node, _ form: String, _ parse: (String) -> Value?
    ) throws(ConfigurationError) -> Value {
        let text = try scalar(node)
        guard let value = parse(text) else { throw fault("'\(text)' is \(form)", at: node.mark) }
        return value
    }

    func duration(_ node: Node) throws(ConfigurationError) -> Duration {
        try value(node, "no duration; write 250ms, 3s or 2m") { Duration(scriptText: $0) }
    }

    func contacts(_ node: Node) throws(ConfigurationError) -> [RegisteredContact] {
        guard case .sequence(let list) = node, !list.isEmpty else {
            throw fault("'contacts' is a list: [\"<sip:voicemail@example.com>;q=0.1\"]", at: node.mark)
        }
        var contacts: [RegisteredContact] = []
        for node in list {
            let form = "no contact; write \"<sip:USER@DOMAIN>;q=0.5;expires=600\""
            contacts.append(try value(node, form) { RegisteredContact(parsing: $0) })
        }
        return contacts
    }

    func preference(_ node: Node) throws(ConfigurationError) -> QValue {
        try value(node, "no preference; write a number from 0 to 1") { QValue(parsing: $0) }
    }

    func choice<Choice: CaseIterable & RawRepresentable<String>>(_ node: Node) throws(ConfigurationError)
        -> Choice
    {
        let text = try scalar(node)
        if let choice = Choice(rawValue: text) { return choice }
        let names = Choice.allCases.map(\.rawValue)
        throw fault("'\(text)' is not possible here; " + remedy(for: text, among: names), at: node.mark)
    }

    func command(_ node: Node) throws(ConfigurationError) -> [String] {
        guard case .sequence(let list) = node, !list.isEmpty else {
            throw fault("'password_command' is a list: [pass, show, sip/alice]", at: node.mark)
        }
        var words: [String] = []
        for node in list { words.append(try scalar(node)) }
        return words
    }

    /// What stands there, as it is written: `expires: 600` is a text here as well.
    func scalar(_ node: Node) throws(ConfigurationError) -> String {
        guard case .scalar(let scalar) = node, !scalar.string.isEmpty else {
            throw fault("a single value is wanted here", at: node.mark)
        }
        return scalar.string
    }

    struct Key {
        var text: String
        var mark: Mark?
    }

    func mapping(
        _ node: Node, keys: [String], of what: String
    ) throws(ConfigurationError) -> [(Key, Node)] {
        guard case .mapping(let mapping) = node else {
            throw fault(
                "\(what) is made of lines 'key: value'; keys are \(keys.joined(separator: ", "))", at: node.mark)
        }
        var pairs: [(Key, Node)] = []
        for (key, value) in mapping {
            let text = try scalar(key)
            guard keys.contains(text) else {
                throw fault("\(what) has no key '\(text)'; " + remedy(for: text, among: keys), at: key.mark)
            }
            pairs.append((Key(text: text, mark: key.mark), value))
        }
        return pairs
    }

    func remedy(for word: String, among words: [String]) -> String {
        closest(to: word, among: words).map { "did you mean '\($0)'?" }
            ?? "possible are \(words.joined(separator: ", "))"
    }

    func fault(_ text: String, at mark: Mark?) -> ConfigurationError {
        ConfigurationError(file: file, line: mark?.line, column: mark?.column, text: text)
    }
}
