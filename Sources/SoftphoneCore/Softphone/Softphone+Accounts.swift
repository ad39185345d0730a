import DialogUsage
import SIPMessage
import SansIO

/// Accounts and their registrations.
extension Softphone {
    mutating func addAccount(_ settings: AccountSettings, _ request: RequestID) throws(CommandFailure) {
        guard accounts[settings.name] == nil else {
            throw CommandFailure(.notNow, "there is an account '\(settings.name)' already; remove it first")
        }
        let account = Account(
            name: settings.name, addressOfRecord: NameAddress(settings.addressOfRecord),
            outboundProxy: settings.server, login: settings.login, password: settings.password,
            realm: settings.realm, registrationExpires: settings.expires ?? .seconds(3600))
        accounts.add(account, id: core.addAccount(account))
        succeed(request, text: "\(settings.name) is \(settings.addressOfRecord)")
    }

    mutating func useAccount(_ name: String, _ request: RequestID) throws(CommandFailure) {
        let account = try accounts.chosen(name)
        accounts.makeCurrent(account.name)
        succeed(request, text: "\(account.name) is the current account")
    }

    /// - Parameter forGood: out of the configuration too.
    mutating func removeAccount(_ name: String, forGood: Bool, _ request: RequestID) throws(CommandFailure) {
        let account = try accounts.chosen(name)
        if let usage = core.usages.first(where: { $0.account == account.id }) {
            throw CommandFailure(
                .notNow, usage: usage.id,
                "\(name) is in use by \(names[usage.id] ?? usage.id.description); end that first")
        }
        do throws(UsageError) {
            try core.removeAccount(account.id)
        } catch {
            throw CommandFailure(error)
        }
        accounts[account.name] = nil
        if forGood { return keep(.accountRemoval(name), request) }
        succeed(request, text: "\(name) is forgotten")
    }

    mutating func register(
        _ name: String?, _ given: RegistrationWishes, alias: String?, _ request: RequestID, at now: Instant
    ) throws(CommandFailure) {
        let account = try accounts.chosen(name)
        if let live = account.registration {
            guard given.contacts.isEmpty, given.preference == nil else {
                throw CommandFailure(
                    .notNow, usage: live.any,
                    "\(account.name) is registered already; unregister it before you register other contacts")
            }
            return try renew(live.any, .registered, request, at: now)
        }
        try names.check(alias)
        var wishes = given
        if wishes.contacts.isEmpty { wishes.contacts = account.account.furtherContacts }
        wishes.preference = given.preference ?? account.account.preference
        do throws(UsageError) {
            let (id, outputs) = try core.register(account.id, wishes, at: now)
            names.name(id.any, alias)
            accounts[account.name]?.registration = id
            waiting.add(request, .registered, for: id.any)
            absorb(outputs, at: now)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// A question to the registrar, which binds nothing and ends by itself.
    mutating func fetchBindings(_ name: String?, _ request: RequestID, at now: Instant) throws(CommandFailure) {
        let account = try accounts.chosen(name)
        do throws(UsageError) {
            let (id, outputs) = try core.queryBindings(account.id, at: now)
            waiting.add(request, .answered, for: id.any)
            absorb(outputs, at: now)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// Registrations and subscriptions can be renewed before their time.
    mutating func refresh(_ name: UsageName?, _ request: RequestID, at now: Instant) throws(CommandFailure) {
        if let name, let registration = accounts[name.text]?.registration {
            try renew(registration.any, .refreshed, request, at: now)
        } else {
            let id = try live(name, [.clientRegistration, .clientSubscription])
            try renew(id, .refreshed, request, at: now)
        }
    }

    private mutating func renew(
        _ id: AnyUsageID, _ goal: Waiting.Goal, _ request: RequestID, at now: Instant
    ) throws(CommandFailure) {
        waiting.add(request, goal, for: id)
        do throws(UsageError) {
            if id.kind == .clientRegistration {
                absorb(try core.refresh(UsageID<ClientRegistration>(serial: id.serial), at: now), at: now)
            } else {
                absorb(try core.refresh(UsageID<ClientSubscription>(serial: id.serial), at: now), at: now)
            }
        } catch {
            _ = waiting.take(goal, of: id)
            throw CommandFailure(error)
        }
    }

    mutating func heard(
        _ event: RegistrationEvent, of id: UsageID<ClientRegistration>, at now: Instant
    ) {
        let account = accounts.entry(of: id.any)
        switch event {
        case .registered(let expires, let bindings, let missing):
            if let account { accounts[account.name]?.lastFailure = nil }
            sayBound(id, until: now + expires)
            let absent = missing.map { visible($0.description) }.joined(separator: ", ")
            let text = "registered for \(expires.scriptText)" + (absent.isEmpty ? "" : ", without \(absent)")
            for request in waiting.take(.registered, of: id.any) + waiting.take(.refreshed, of: id.any) {
                succeed(request, usage: id.any, status: 200, text: text)
            }
            if !absent.isEmpty {
                log.note("the registrar of \(account?.name ?? "?") does not list \(absent)", .warning, at: now)
            }
            happened(
                "reg.ok", id.any, account: account?.name,
                fields: [
                    "status": .integer(200), "expires": .integer(Int(expires.inMilliseconds / 1000)),
                    "bindings": .integer(bindings.count), "missing": .integer(missing.count),
                ], at: now)
        case .bindings(let bindings):
            let list = bindings.map { visible($0.description) }.joined(separator: ", ")
            for request in waiting.take(.answered, of: id.any) {
                succeed(request, usage: id.any, status: 200, text: list.isEmpty ? "nothing is bound" : list)
            }
            foundBound(bindings, id.any, at: now)
        case .removed: say(.bound(id.any, nil))
        case .failed(let failure, let retryAt):
            if let account { accounts[account.name]?.lastFailure = failure.description }
            let hasPassword = account?.account.password != nil
            let requests =
                waiting.take(.registered, of: id.any) + waiting.take(.refreshed, of: id.any)
                + waiting.take(.answered, of: id.any) + waiting.take(.reaped, of: id.any)
            fail(requests, CommandFailure(failure, usage: id.any, hasPassword: hasPassword))
            let retry = retryAt.map { ", again in \(max(0, ($0 - now).inMilliseconds / 1000)) s" } ?? ""
            log.note("registration of \(account?.name ?? "?"): \(failure)\(retry)", .failure, at: now)
            happened(
                "reg.failed", id.any, account: account?.name,
                fields: ["status": .integer(Int(failure.status?.value ?? 0)), "reason": .text(failure.description)],
                at: now)
        }
    }

    private mutating func sayBound(_ id: UsageID<ClientRegistration>, until: Instant) {
        guard let account = accounts.entry(of: id.any), let contact = core.ownContact(of: id) else { return }
        say(.bound(id.any, Leftover(account: account.name, contact: contact, until: until)))
    }

    mutating func registrationEnded(_ id: AnyUsageID, _ outcome: UsageOutcome, at now: Instant) {
        reapingEnded(id, outcome)
        if outcome.isClean { say(.bound(id, nil)) }
        guard let account = accounts.entry(of: id) else { return }
        accounts[account.name]?.registration = nil
        happened(
            "reg.removed", id, account: account.name,
            fields: ["result": .text(outcome.result), "reason": .text(outcome.inWords)], at: now)
    }
}
