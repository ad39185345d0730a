import DialogUsage
import SansIO
import SoftphoneCore

/// Reads the configuration again, and knows what has changed since the last time.
struct Reloader: Sendable {
    private let options: Options
    private let environment: [String: String]
    private var configuration: Configuration
    /// With the passwords that they had: a program that knows one runs again only where something has changed.
    private var accounts: [Configuration.AccountEntry: Account]

    /// - Parameter accounts: those of the configuration, in its order.
    init(_ options: Options, _ configuration: Configuration, accounts: [Account], environment: [String: String]) {
        self.options = options
        self.configuration = configuration
        self.environment = environment
        self.accounts = Dictionary(zip(configuration.accounts, accounts), uniquingKeysWith: { first, _ in first })
    }

    /// The configuration is for whoever shows the screen; nil: all stays as it was.
    mutating func reload() -> (Reloaded, Configuration?) {
        guard !options.sandbox else { return (.failed("with --sandbox there is no configuration to read"), nil) }
        do {
            let new = try options.configuration(environment)
            var known: [Configuration.AccountEntry: Account] = [:]
            for entry in new.accounts {
                known[entry] = try accounts[entry] ?? UserAccounts.account(entry, mayAsk: false)
            }
            let settings = Reloaded.Settings(
                accounts: new.accounts.compactMap { known[$0] }, contacts: new.contacts, giveUp: new.giveUp,
                later: later(new))
            configuration = new
            accounts = known
            return (.settings(settings), new)
        } catch {
            return (.failed("\(error)"), nil)
        }
    }

    /// The terminal is set up once.
    private func later(_ new: Configuration) -> [String] {
        (new.terminal.color == configuration.terminal.color ? [] : ["color"])
            + (new.terminal.glyphs == configuration.terminal.glyphs ? [] : ["glyphs"])
    }
}
