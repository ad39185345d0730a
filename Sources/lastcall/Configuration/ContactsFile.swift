import SIPMessage
import SoftphoneCore
import Yams

/// `contacts.yaml`, beside the configuration.
struct ContactsFile {
    static let section = "contacts"

    /// nil: there is no place for one.
    let path: String?

    /// Those of the configuration that this file stands beside.
    init(beside configuration: ConfigurationFile) {
        path = configuration.path.map { path in
            let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
            return folder + "contacts.yaml"
        }
    }

    func load() throws(ConfigurationErrors) -> [Contact] {
        guard let path, let contents = try ConfigurationFile.contents(of: path, mayBeMissing: true) else { return [] }
        return try Self.read(contents.text, file: path)
    }

    static func read(_ text: String, file: String) throws(ConfigurationErrors) -> [Contact] {
        var reading = ConfigurationReading(file: file)
        let contacts = reading.contacts(text)
        try reading.check()
        return contacts
    }
}

/// A contact as it is written.
struct ContactEntry: Hashable, Sendable {
    var name = ""
    var address = ""

    /// nil: it is not yet complete.
    var contact: Contact? { (try? AnyURI(parsing: address)).map { Contact(name: name, uri: $0) } }
}

extension ConfigurationReading {
    mutating func contacts(_ text: String) -> [Contact] {
        guard let root = compose(text) else { return [] }
        var contacts: [Contact] = []
        for (_, value) in mapping(root, keys: [ContactsFile.section], of: "contacts.yaml") where !isNothing(value) {
            guard case .sequence(let list) = value else {
                fault("'contacts' is a list; begin each contact with '- name: …'", at: value.mark)
                continue
            }
            for (index, node) in list.enumerated() {
                var entry = ContactEntry()
                let path = "contacts.\(index)"
                guard fill(&entry, from: node, with: Settings.contact, of: "a contact", at: path),
                    let contact = entry.contact
                else { continue }
                if contacts.contains(where: { $0.name == contact.name }) {
                    fault("there are two contacts '\(contact.name)'; give one of them another name", at: node.mark)
                }
                contacts.append(contact)
            }
        }
        return contacts
    }
}
