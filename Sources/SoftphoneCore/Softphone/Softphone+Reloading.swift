import DialogUsage
import SIPMessage
import SansIO

/// The configuration has been read again. Nothing that is alive is ended by that: an account that has usages stays until
/// it has none, and what is new counts from the next request on.
extension Softphone {
    mutating func reload(_ request: RequestID) {
        reloads.insert(request)
        say(.reload(request))
    }

    mutating func reloaded(_ request: RequestID, _ outcome: Reloaded) {
        guard reloads.remove(request) != nil else { return }
        switch outcome {
        case .failed(let reason): fail(request, CommandFailure(.notNow, reason))
        case .settings(let settings):
            var done = heed(settings.accounts) + heed(settings.contacts)
            if settings.giveUp != configuration.giveUp {
                configuration.giveUp = settings.giveUp
                done.append("shutdown gives up after \(settings.giveUp.scriptText)")
            }
            done += settings.later.map { "\($0) at the next start" }
            succeed(request, text: done.isEmpty ? "nothing of it has changed" : done.joined(separator: ", "))
        }
        changed()
    }

    private mutating func heed(_ new: [Account]) -> [String] {
        var done: [String] = []
        for account in new {
            guard let entry = accounts[account.name] else {
                accounts.add(account, id: core.addAccount(account), isKept: true)
                done.append("account \(account.name) is new")
                continue
            }
            accounts[account.name]?.isKept = true
            guard !entry.account.isConfigured(like: account) else { continue }
            accounts[account.name]?.account = account
            core.replaceAccount(entry.id, with: account)
            let isRegistered = entry.registration != nil && !entry.account.isRegistered(like: account)
            done.append("account \(account.name) has changed" + (isRegistered ? " (register again)" : ""))
        }
        let names = Set(new.map(\.name))
        for entry in accounts.entries where entry.isKept && !names.contains(entry.name) {
            accounts[entry.name]?.isKept = false
            if core.usages.contains(where: { $0.account == entry.id }) {
                done.append("account \(entry.name) stays, since it is in use")
            } else if (try? core.removeAccount(entry.id)) != nil {
                accounts[entry.name] = nil
                done.append("account \(entry.name) is gone")
            }
        }
        return done
    }

    private mutating func heed(_ new: [Contact]) -> [String] {
        let old = contacts.all
        guard old != new else { return [] }
        for contact in old where !new.contains(contact) {
            presence.forget(visible(contact.uri.description), as: contact.name)
            contacts.remove(contact.name)
        }
        for contact in new where !old.contains(contact) { know(contact) }
        return ["\(new.count == 1 ? "1 contact" : "\(new.count) contacts")"]
    }
}

extension Account {
    /// In all that a configuration says of it.
    fileprivate func isConfigured(like other: Account) -> Bool {
        login == other.login && password == other.password && realm == other.realm && isRegistered(like: other)
    }
    /// In what a registration has told the registrar.
    fileprivate func isRegistered(like other: Account) -> Bool {
        addressOfRecord == other.addressOfRecord && outboundProxy == other.outboundProxy
            && registrationExpires == other.registrationExpires && furtherContacts == other.furtherContacts
            && preference == other.preference
    }
}
