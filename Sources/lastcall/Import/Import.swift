import BatchScript

/// What another client has configured, as a configuration of ours, and what of it could not be carried over.
struct Import {
    /// Whose files they are.
    enum Source: String, CaseIterable, Sendable {
        case baresip
        case baresipContacts = "baresip-contacts"
        case twinkle
        case twinkleContacts = "twinkle-contacts"

        static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }

        /// Where they usually are, below HOME.
        var usual: String {
            switch self {
            case .baresip: ".baresip/accounts"
            case .baresipContacts: ".baresip/contacts"
            case .twinkle: ".twinkle"
            case .twinkleContacts: ".twinkle/twinkle.ab"
            }
        }
    }

    private(set) var accounts: [Configuration.AccountEntry] = []
    private(set) var contacts: [ContactEntry] = []
    /// Each with its place.
    private(set) var warnings: [String] = []

    mutating func warn(_ place: String, _ text: String) { warnings.append("\(place): \(text)") }

    /// Under a name that nobody has yet.
    mutating func add(_ account: Configuration.AccountEntry) {
        var account = account
        account.name = Self.name(account.name, besides: accounts.map(\.name))
        accounts.append(account)
    }
    mutating func add(_ contact: ContactEntry) {
        var contact = contact
        contact.name = Self.name(contact.name, besides: contacts.map(\.name))
        contacts.append(contact)
    }

    /// Names are words: `Bob Smith` is Bob-Smith, and a number has a letter before it.
    static func name(_ wish: String, besides taken: [String]) -> String {
        var name = ""
        for character in wish {
            if character.isASCII, character.isLetter || character.isNumber || "-_.".contains(character) {
                name.append(character)
            } else if name.last != "-", !name.isEmpty {
                name.append("-")
            }
        }
        while name.last == "-" { name.removeLast() }
        if name.first?.isLetter != true { name = name.isEmpty ? "unnamed" : "n" + name }
        if name == "all" { name = "all-1" }
        guard taken.contains(name) else { return name }
        return (2...).lazy.map { "\(name)-\($0)" }.first { !taken.contains($0) } ?? name
    }

    /// For `config.yaml` or `contacts.yaml`.
    func text(of source: Source) -> String {
        switch source {
        case .baresip, .twinkle:
            var text = "# From \(source == .twinkle ? "Twinkle" : "baresip"), for config.yaml.\n"
            if accounts.contains(where: { if case .written = $0.password { true } else { false } }) {
                text += "# It holds passwords: chmod 600.\n"
            }
            return text
                + Self.list(
                    "accounts",
                    accounts.map { account in
                        Settings.account.compactMap { setting in setting.written(account).map { (setting.name, $0) } }
                    })
        case .baresipContacts, .twinkleContacts:
            return "# From \(source == .twinkleContacts ? "Twinkle" : "baresip"), for contacts.yaml.\n"
                + Self.list(
                    "contacts",
                    contacts.map { contact in
                        Settings.contact.compactMap { setting in setting.text(contact).map { (setting.name, $0) } }
                    })
        }
    }

    private static func list(_ section: String, _ items: [[YAMLEdit.Field]]) -> String {
        guard !items.isEmpty else { return "\(section): []\n" }
        return "\(section):\n"
            + items.map { fields in
                fields.enumerated().map {
                    "\($0.offset == 0 ? "  - " : "    ")\($0.element.name): \($0.element.text)\n"
                }
                .joined()
            }.joined()
    }
}
