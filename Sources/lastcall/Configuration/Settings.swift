/// Every key that a configuration can have.
enum Settings {
    enum Section: String, CaseIterable {
        case accounts, terminal, shutdown, keys

        var summary: String {
            switch self {
            case .accounts: "Who you are, and where. The first one is the current one."
            case .terminal: "How the screen looks."
            case .shutdown: "How the program leaves."
            case .keys: "Other keys for commands: a key, a list of keys, or none. The others keep theirs."
            }
        }
    }

    static let account: [Setting<Configuration.AccountEntry>] = [
        Setting("name", \.name, .name, example: "work", isRequired: true, "What commands call it"),
        Setting(
            "address", \.address, .address, example: "sip:alice@example.com", isRequired: true,
            "The address of record: what others call"),
        Setting(
            optional: "server", \.server, .server, example: "sip:proxy.example.com;transport=tcp",
            "The outbound proxy, which everything goes to"),
        Setting(
            optional: "login", \.login, .text, example: "alice",
            "The name for the password, where it is not the user part"),
        Setting(
            optional: "password", \.password, .password, excludes: "password_command", example: "\"open sesame\"",
            "The password itself"),
        Setting(
            optional: "password_command", \.password, .passwordCommand, excludes: "password",
            example: "[pass, show, sip/alice]",
            "A program whose first line is the password; no shell runs it"),
        Setting(optional: "realm", \.realm, .text, example: "example.com", "The only realm that the password answers"),
        Setting(
            optional: "expires", \.expires, .duration, example: "10m", "How long a registration is asked for; an hour"),
        Setting(
            "contacts", \.contacts, .registeredContacts, example: "[\"<sip:voicemail@example.com>;q=0.1\"]",
            "What is registered beside our own contact"),
        Setting(
            optional: "q", \.preference, .preference, example: "0.8",
            "How much we would rather be reached here than at the others"),
    ]

    static let contact: [Setting<ContactEntry>] = [
        Setting("name", \.name, .name, example: "bob", isRequired: true, "What commands call them"),
        Setting(
            "address", \.address, .contactAddress, example: "sip:bob@example.com", isRequired: true,
            "Where they are reached"),
    ]

    static let terminal: [Setting<Configuration>] = [
        Setting("color", \.terminal.color, .choice, "Colours; auto obeys NO_COLOR and the terminal"),
        Setting("glyphs", \.terminal.glyphs, .choice, "What lines and marks are drawn with; auto looks at the locale"),
        Setting(
            "theme", \.terminal.theme, .choice,
            "All from the terminal's own palette; auto is light where the terminal says that its background is"),
        Setting(
            "mouse", \.terminal.mouse, .choice,
            "Clicks and the wheel are ours, or the terminal's, which selects text with them; Y changes it"),
    ]

    static let shutdown: [Setting<Configuration>] = [
        Setting("give_up", \.giveUp, .duration, "How long a graceful shutdown waits for answers before it gives up")
    ]
}
