import DialogUsage
import SIPMessage
import SansIO

/// The accounts a run begins with.
enum UserAccounts {
    /// Those of the configuration. Programs that know passwords run here, and may ask the user something: no thread of
    /// ours runs yet, and Ctrl-C still ends everything.
    static func accounts(of configuration: Configuration) throws(ConfigurationError) -> [Account] {
        var accounts: [Account] = []
        for entry in configuration.accounts { accounts.append(try account(entry)) }
        return accounts
    }

    static func alice(of sandbox: SandboxHost) -> Account {
        Account(
            name: "alice", addressOfRecord: NameAddress(SIPURI(user: "alice", host: "sandbox.test")),
            outboundProxy: SIPURI(user: nil, host: sandbox.address.ip.description, port: sandbox.address.port),
            password: sandbox.alicePassword)
    }

    /// - Parameter mayAsk: the terminal is still its user's, so that a program may ask him something.
    static func account(_ entry: Configuration.AccountEntry, mayAsk: Bool = true) throws(ConfigurationError) -> Account
    {
        guard let address = try? SIPURI(parsing: entry.address) else {
            throw ConfigurationError(
                file: entry.name, text: "'\(entry.address)' is no SIP address; write sip:USER@DOMAIN")
        }
        var account = Account(
            name: entry.name, addressOfRecord: NameAddress(address),
            outboundProxy: entry.server.flatMap { try? SIPURI(parsing: $0) }, login: entry.login,
            password: try password(of: entry, mayAsk), realm: entry.realm,
            registrationExpires: entry.expires ?? .seconds(3600))
        account.furtherContacts = entry.contacts
        account.preference = entry.preference
        return account
    }

    private static func password(of entry: Configuration.AccountEntry, _ mayAsk: Bool) throws(ConfigurationError)
        -> Secret<String>?
    {
        switch entry.password {
        case nil: return nil
        case .written(let password): return password
        case .command(let command):
            do throws(SystemError) {
                return try PasswordCommand.password(from: command, mayAsk: mayAsk)
            } catch {
                throw ConfigurationError(
                    file: "password_command of '\(entry.name)'", text: "gave no password: \(error.reason)")
            }
        }
    }
}
