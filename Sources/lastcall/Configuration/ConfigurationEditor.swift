import SIPMessage
import SansIO
import SoftphoneCore

/// Puts accounts and contacts into the user's files, or takes them out. Only the lines in question change; a file that
/// would not say afterwards what it should is left as it is.
struct ConfigurationEditor {
    let configuration: ConfigurationFile

    func perform(_ keeping: Keeping) -> Kept {
        let contacts = ContactsFile(beside: configuration)
        guard let path = configuration.path, let contactsPath = contacts.path else { return .forThisRun }
        do throws(ConfigurationErrors) {
            switch keeping {
            case .account(let settings):
                try change(path, holdsSecret: settings.password != nil) { (text) throws(ConfigurationErrors) in
                    try Self.saving(AccountEdit(settings), in: text, file: path)
                }
                return .inFile(path)
            case .accountRemoval(let name):
                try change(path, holdsSecret: false) { (text) throws(ConfigurationErrors) in
                    try Self.removing(account: name, from: text, file: path)
                }
                return .inFile(path)
            case .contact(let contact):
                try change(contactsPath, holdsSecret: false) { (text) throws(ConfigurationErrors) in
                    try Self.saving(contact, in: text, file: contactsPath)
                }
                return .inFile(contactsPath)
            case .contactRemoval(let name):
                try change(contactsPath, holdsSecret: false) { (text) throws(ConfigurationErrors) in
                    try Self.removing(contact: name, from: text, file: contactsPath)
                }
                return .inFile(contactsPath)
            }
        } catch {
            return .failed(error.description)
        }
    }

    private func change(
        _ path: String, holdsSecret: Bool, _ edit: (String) throws(ConfigurationErrors) -> String
    ) throws(ConfigurationErrors) {
        let contents = try ConfigurationFile.contents(of: path, mayBeMissing: true)
        if holdsSecret, let contents, contents.mode & 0o077 != 0 {
            throw ConfigurationErrors(
                file: path, "others may read it, and a password would go into it; 'chmod 600 \(path)' first")
        }
        let before = contents?.text ?? ""
        let after = try edit(before)
        guard after != before else { return }
        do throws(SystemError) {
            try FileReplacement.write(after, to: path)
        } catch {
            throw ConfigurationErrors(file: path, "cannot be written: \(error.reason)")
        }
    }

    // MARK: Texts

    static func saving(_ account: AccountEdit, in text: String, file: String) throws(ConfigurationErrors) -> String {
        let before = try ConfigurationReader(file: file).read(text)
        var wanted = before.accounts
        var edit = YAMLEdit(text, section: Settings.Section.accounts.rawValue)
        var isDone = true
        if let index = wanted.firstIndex(where: { $0.name == account.entry.name }) {
            let fields = account.fields(over: wanted[index])
            wanted[index] = account.merged(over: wanted[index])
            for field in fields where isDone { isDone = edit.set(field.name, to: field.text, in: index) }
        } else {
            wanted.append(account.entry)
            isDone = edit.append(account.fields)
        }
        return try checked(edit.text, isDone, file: file) { after in
            after.accounts == wanted && after.isSameElsewhere(as: before)
        }
    }

    static func removing(account name: String, from text: String, file: String) throws(ConfigurationErrors) -> String {
        let before = try ConfigurationReader(file: file).read(text)
        guard let index = before.accounts.firstIndex(where: { $0.name == name }) else { return text }
        var edit = YAMLEdit(text, section: Settings.Section.accounts.rawValue)
        let isDone = edit.remove(index)
        var wanted = before.accounts
        wanted.remove(at: index)
        return try checked(edit.text, isDone, file: file) { after in
            after.accounts == wanted && after.isSameElsewhere(as: before)
        }
    }

    static func saving(_ contact: Contact, in text: String, file: String) throws(ConfigurationErrors) -> String {
        var wanted = try ContactsFile.read(text, file: file)
        var edit = YAMLEdit(text, section: ContactsFile.section)
        let address = YAMLText.scalar(contact.uri.description)
        let isDone: Bool
        if let index = wanted.firstIndex(where: { $0.name == contact.name }) {
            wanted[index] = contact
            isDone = edit.set("address", to: address, in: index)
        } else {
            wanted.append(contact)
            isDone = edit.append([("name", YAMLText.scalar(contact.name)), ("address", address)])
        }
        return try checked(edit.text, isDone, contacts: wanted, file: file)
    }

    static func removing(contact name: String, from text: String, file: String) throws(ConfigurationErrors) -> String {
        var wanted = try ContactsFile.read(text, file: file)
        guard let index = wanted.firstIndex(where: { $0.name == name }) else { return text }
        wanted.remove(at: index)
        var edit = YAMLEdit(text, section: ContactsFile.section)
        let isDone = edit.remove(index)
        return try checked(edit.text, isDone, contacts: wanted, file: file)
    }

    private static func checked(
        _ text: String, _ isDone: Bool, file: String, _ isRight: (Configuration) -> Bool
    ) throws(ConfigurationErrors) -> String {
        guard isDone, let after = try? ConfigurationReader(file: file).read(text), isRight(after) else {
            throw byHand(file)
        }
        return text
    }
    private static func checked(
        _ text: String, _ isDone: Bool, contacts: [Contact], file: String
    ) throws(ConfigurationErrors) -> String {
        guard isDone, (try? ContactsFile.read(text, file: file)) == contacts else { throw byHand(file) }
        return text
    }
    private static func byHand(_ file: String) -> ConfigurationErrors {
        ConfigurationErrors(
            file: file, "is written in a way that cannot be changed line by line without risk; change it by hand")
    }
}

extension Configuration {
    /// In everything but the accounts.
    fileprivate func isSameElsewhere(as other: Configuration) -> Bool {
        terminal == other.terminal && giveUp == other.giveUp && keys == other.keys
    }
}
