import DialogUsage
import SIPMessage
import SansIO

/// Contacts and accounts that are to be found again at the next start.
extension Softphone {
    mutating func know(_ contact: Contact) {
        if let former = contacts[contact.name] { presence.forget(visible(former.uri.description), as: former.name) }
        contacts.set(contact)
        presence.know(visible(contact.uri.description), as: contact.name, at: toldAt)
    }

    mutating func addContact(_ name: String, _ peer: Peer, _ request: RequestID) throws(CommandFailure) {
        guard contacts[name] != nil || contacts.all.count < configuration.limits.contacts else {
            throw CommandFailure(.limit, "there are \(contacts.all.count) contacts already; remove some")
        }
        let uri: AnyURI =
            switch peer {
            case .uri(let uri): uri
            case .user: address(peer, of: try accounts.chosen(nil))
            }
        keep(.contact(Contact(name: name, uri: uri)), request)
    }

    mutating func removeContact(_ name: String, _ request: RequestID) throws(CommandFailure) {
        guard contacts[name] != nil else {
            let meant = closest(to: name, among: contacts.all.map(\.name)).map { "; did you mean '\($0)'?" }
            throw CommandFailure(.noSuch, "there is no contact '\(name)'" + (meant ?? ""))
        }
        keep(.contactRemoval(name), request)
    }

    /// An account of the configuration stands there as the user wrote it, and needs no saving.
    mutating func saveAccount(_ name: String?, _ request: RequestID) throws(CommandFailure) {
        let entry = try accounts.chosen(name)
        guard !entry.isKept else { return succeed(request, text: "\(entry.name) is kept already") }
        let account = entry.account
        guard let address = account.addressOfRecord.uri.sip else {
            throw CommandFailure(.notNow, "\(entry.name) has no SIP address")
        }
        let settings = AccountSettings(
            name: entry.name, addressOfRecord: address, server: account.outboundProxy, login: account.login,
            password: account.password, realm: account.realm,
            expires: account.registrationExpires == .seconds(3600) ? nil : account.registrationExpires)
        keep(.account(settings), request)
    }

    mutating func keep(_ keeping: Keeping, _ request: RequestID) {
        self.keeping[request] = keeping
        say(.keep(request, keeping))
    }

    mutating func kept(_ request: RequestID, _ outcome: Kept) {
        guard let keeping = keeping.removeValue(forKey: request) else { return }
        let place: String
        switch outcome {
        case .failed(let reason): return fail(request, CommandFailure(.notNow, reason))
        case .inFile(let file): place = ", in \(file)"
        case .forThisRun: place = ", for this run"
        }
        switch keeping {
        case .contact(let contact):
            know(contact)
            succeed(request, text: "\(contact.name) is \(visible(contact.uri.description))\(place)")
        case .contactRemoval(let name):
            if let contact = contacts[name] { presence.forget(visible(contact.uri.description), as: name) }
            contacts.remove(name)
            succeed(request, text: "\(name) is forgotten\(place)")
        case .account(let settings):
            if case .inFile = outcome { accounts[settings.name]?.isKept = true }
            succeed(request, text: "\(settings.name) is kept\(place)")
        case .accountRemoval(let name): succeed(request, text: "\(name) is forgotten\(place)")
        }
        changed()
    }
}
