import DialogUsage
import SIPMessage

/// The accounts by the names that the user gave them, and which one is meant when none is named.
struct AccountBook: Sendable {
    struct Entry: Sendable {
        var name: String
        var id: AccountID
        var account: Account
        /// The live registration, if there is one.
        var registration: UsageID<ClientRegistration>?
        var lastFailure: String?
        /// It stands in the configuration.
        var isKept = false
    }
    private(set) var entries: [Entry] = []
    private(set) var currentName: String?

    subscript(name: String) -> Entry? {
        get { entries.first { $0.name == name } }
        set {
            guard let index = entries.firstIndex(where: { $0.name == name }) else { return }
            if let newValue { entries[index] = newValue } else { remove(at: index) }
        }
    }

    /// The first one becomes the current one.
    mutating func add(_ account: Account, id: AccountID, isKept: Bool = false) {
        entries.append(Entry(name: account.name, id: id, account: account, isKept: isKept))
        if currentName == nil { currentName = account.name }
    }
    mutating func makeCurrent(_ name: String) { currentName = name }

    private mutating func remove(at index: Int) {
        let name = entries.remove(at: index).name
        if currentName == name { currentName = entries.first?.name }
    }

    func entry(of registration: AnyUsageID) -> Entry? { entries.first { $0.registration?.any == registration } }

    /// The account named, or the current one.
    func chosen(_ name: String?) throws(CommandFailure) -> Entry {
        guard let name = name ?? currentName else {
            throw CommandFailure(.needsAccount, "there is no account; add one: account add NAME sip:USER@DOMAIN")
        }
        guard let entry = self[name] else {
            let meant = closest(to: name, among: entries.map(\.name)).map { "; did you mean '\($0)'?" }
            throw CommandFailure(.noSuch, "there is no account '\(name)'" + (meant ?? ""))
        }
        return entry
    }

    /// Whether a call or message for this user part is for one of us: AORs and Contacts have the same one.
    func owns(user: String) -> Bool {
        entries.contains { $0.account.addressOfRecord.uri.sip?.userDecoded == user }
    }
}
