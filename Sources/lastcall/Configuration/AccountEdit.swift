import SIPMessage
import SansIO
import SoftphoneCore

/// An account that was added while the program ran, on its way into the configuration.
struct AccountEdit {
    /// What `account add` can say. What it cannot say stays as it is written.
    private static let said: Set<String> = ["address", "server", "login", "password", "realm", "expires"]

    let entry: Configuration.AccountEntry

    init(_ settings: AccountSettings) {
        entry = Configuration.AccountEntry(
            name: settings.name, address: settings.addressOfRecord.description, server: settings.server?.description,
            login: settings.login, password: settings.password.map { .written($0) }, realm: settings.realm,
            expires: settings.expires)
    }

    /// Every field that has a value, for a new account.
    var fields: [YAMLEdit.Field] {
        Settings.account.compactMap { setting in
            guard setting.name == "name" || Self.said.contains(setting.name) else { return nil }
            return setting.written(entry).map { (setting.name, $0) }
        }
    }

    /// The fields in which it differs from what is written; nil: it goes. Without a password of its own it keeps the one
    /// that stands there, and the program that knows it.
    func fields(over written: Configuration.AccountEntry) -> [(name: String, text: String?)] {
        let wanted = merged(over: written)
        return Settings.account.compactMap { setting in
            if setting.name.hasPrefix("password") {
                guard wanted.password != written.password else { return nil }
                return (setting.name, setting.name == "password" ? setting.written(entry) : nil)
            }
            guard Self.said.contains(setting.name), setting.text(wanted) != setting.text(written) else { return nil }
            return (setting.name, setting.text(wanted))
        }
    }

    func merged(over written: Configuration.AccountEntry) -> Configuration.AccountEntry {
        var merged = entry
        merged.password = entry.password ?? written.password
        merged.contacts = written.contacts
        merged.preference = written.preference
        return merged
    }
}

extension Setting where Subject == Configuration.AccountEntry {
    /// As the user's own file has it, the one place that is told a password.
    func written(_ entry: Configuration.AccountEntry) -> String? {
        guard name == "password", case .written(let password) = entry.password else { return text(entry) }
        return YAMLText.scalar(password.exposed())
    }
}
