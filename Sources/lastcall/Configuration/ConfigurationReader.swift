import SansIO
import Yams

/// Reads the configuration out of YAML. A key that is not known is an error and not a surprise.
struct ConfigurationReader {
    let file: String

    private static let sections = ["accounts", "terminal", "shutdown", "keys"]

    func read(_ text: String) throws(ConfigurationError) -> Configuration {
        guard let root = try compose(text) else { return Configuration() }
        var configuration = Configuration()
        for (key, value) in try mapping(root, keys: Self.sections, of: "the configuration") {
            switch key.text {
            case "accounts": configuration.accounts = try accounts(value)
            case "terminal": configuration.terminal = try terminal(value)
            case "keys": configuration.keys = try keyMap(value)
            default: configuration.giveUp = try giveUp(value)
            }
        }
        return configuration
    }

    private func compose(_ text: String) throws(ConfigurationError) -> Node? {
        do {
            return try Yams.compose(yaml: text)
        } catch let error as YamlError {
            switch error {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
                .composer(_, let problem, let mark, _):
                throw fault("this is no YAML: \(problem)", at: mark)
            default: throw fault("this is no YAML: \(error)", at: nil)
            }
        } catch {
            throw fault("this is no YAML: \(error)", at: nil)
        }
    }

    // MARK: Sections

    private func accounts(_ node: Node) throws(ConfigurationError) -> [Configuration.AccountEntry] {
        guard case .sequence(let list) = node else {
            throw fault("'accounts' is a list; begin each account with '- name: …'", at: node.mark)
        }
        var accounts: [Configuration.AccountEntry] = []
        for node in list {
            let account = try account(node)
            if accounts.contains(where: { $0.name == account.name }) {
                throw fault("there are two accounts '\(account.name)'; give one of them another name", at: node.mark)
            }
            accounts.append(account)
        }
        return accounts
    }

    private static let accountKeys = [
        "name", "address", "server", "login", "password", "password_command", "realm", "expires", "contacts", "q",
    ]

    private func account(_ node: Node) throws(ConfigurationError) -> Configuration.AccountEntry {
        var account = Configuration.AccountEntry(name: "", address: "")
        for (key, value) in try mapping(node, keys: Self.accountKeys, of: "an account") {
            if key.text.hasPrefix("password"), account.password != nil {
                throw fault("'password' and 'password_command' exclude each other; keep one", at: key.mark)
            }
            switch key.text {
            case "name": account.name = try name(value)
            case "address": account.address = try sipAddress(value, needsUser: true)
            case "server": account.server = try sipAddress(value, needsUser: false)
            case "login": account.login = try scalar(value)
            case "password": account.password = .written(Secret(try scalar(value)))
            case "password_command": account.password = .command(try command(value))
            case "realm": account.realm = try scalar(value)
            case "contacts": account.contacts = try contacts(value)
            case "q": account.preference = try preference(value)
            default: account.expires = try duration(value)
            }
        }
        if account.address.isEmpty {
            throw fault("this account has no 'address'; write address: sip:USER@DOMAIN", at: node.mark)
        }
        if account.name.isEmpty { throw fault("this account has no 'name'; write name: work", at: node.mark) }
        return account
    }

    private func terminal(_ node: Node) throws(ConfigurationError) -> Configuration.Terminal {
        var terminal = Configuration.Terminal()
        for (key, value) in try mapping(node, keys: ["color", "glyphs", "theme"], of: "'terminal'") {
            switch key.text {
            case "color": terminal.color = try choice(value)
            case "glyphs": terminal.glyphs = try choice(value)
            default: terminal.theme = try choice(value)
            }
        }
        return terminal
    }

    private func giveUp(_ node: Node) throws(ConfigurationError) -> Duration {
        var giveUp = Configuration().giveUp
        for (_, value) in try mapping(node, keys: ["give_up"], of: "'shutdown'") { giveUp = try duration(value) }
        return giveUp
    }
}
