package import SIPMessage
import SIPTransaction
package import SansIO

/// REGISTER: what the application asks for, and from the machine to the wire (RFC 3261 §10.2).
extension UsageCore {
    package mutating func register(
        _ account: AccountID, expires: Duration? = nil, at now: Instant
    ) throws(UsageError) -> (UsageID<ClientRegistration>, [UsageOutput]) {
        let known = accounts[account]
        let wishes = RegistrationWishes(
            contacts: known?.furtherContacts ?? [], preference: known?.preference, expires: expires)
        return try register(account, wishes, at: now)
    }

    /// Binds our own contact, others, or both; for the account's address-of-record or for somebody else's. What the
    /// account says of further contacts does not count here.
    package mutating func register(
        _ accountID: AccountID, _ wishes: RegistrationWishes, at now: Instant
    ) throws(UsageError) -> (UsageID<ClientRegistration>, [UsageOutput]) {
        let account = try gate(accountID)
        let details = details(wishes, account)
        try check(details)
        let started = ClientRegistration.start(asking: details.shortest, raises: configuration.limits.intervalRaises)
        return try open(started, accountID, account, details, at: now)
    }

    /// Asks what is bound, and binds nothing (§10.2.3). The answer is an event; then the usage has ended.
    package mutating func queryBindings(
        _ accountID: AccountID, of addressOfRecord: NameAddress? = nil, at now: Instant
    ) throws(UsageError) -> (UsageID<ClientRegistration>, [UsageOutput]) {
        let account = try gate(accountID)
        let wishes = RegistrationWishes(includesOwn: false, addressOfRecord: addressOfRecord)
        return try open(ClientRegistration.startQuery(), accountID, account, details(wishes, account), at: now)
    }

    private func details(_ wishes: RegistrationWishes, _ account: Account) -> RegistrationDetails {
        let address = (wishes.addressOfRecord ?? account.addressOfRecord).uri.sip
        // The registrar is the domain itself: a URI without user part (§10.2).
        let domain = AnyURI.sip(SIPURI(user: nil, host: address?.host ?? account.domain, port: address?.port))
        return RegistrationDetails(
            wishes: wishes, expires: wishes.expires ?? account.registrationExpires, tried: [domain])
    }
    private func check(_ details: RegistrationDetails) throws(UsageError) {
        let uris = details.wishes.contacts.map(\.address.uri)
        guard details.wishes.includesOwn || !uris.isEmpty else {
            throw .notNow(command: "register", state: "no contact is given")
        }
        guard uris.count <= configuration.limits.furtherContacts else {
            throw .limitReached("\(configuration.limits.furtherContacts) further contacts")
        }
        guard details.shortest >= .seconds(1) else {
            throw .notNow(command: "register", state: "less than a second is no time")
        }
        // Of two that are one at the registrar, it is left open which one counts.
        for (index, uri) in uris.enumerated() where uris[..<index].contains(where: uri.isEquivalent) {
            throw .notNow(command: "register", state: "\(uri) is given twice")
        }
    }

    /// Removes contacts that no registration of this run has bound, such as those of a run that was cut off. The usage
    /// ends with the answer.
    package mutating func removeStale(
        _ contacts: [AnyURI], of accountID: AccountID, at now: Instant
    ) throws(UsageError) -> (UsageID<ClientRegistration>, [UsageOutput]) {
        let account = try gate(accountID)
        guard !contacts.isEmpty else { throw .notNow(command: "reap", state: "no contact is given") }
        let stale = contacts.map { RegisteredContact(NameAddress(uri: $0)) }
        let details = details(RegistrationWishes(contacts: stale, includesOwn: false), account)
        return try open(ClientRegistration.startRemoval(), accountID, account, details, at: now)
    }

    /// Our own Contact as the registrar has it; nil before the first REGISTER has left.
    package func ownContact(of id: UsageID<ClientRegistration>) -> AnyURI? { registrations[id]?.details.own }

    private mutating func open(
        _ started: (usage: ClientRegistration, actions: [ClientRegistration.Action]), _ accountID: AccountID,
        _ account: Account, _ details: RegistrationDetails, at now: Instant
    ) throws(UsageError) -> (UsageID<ClientRegistration>, [UsageOutput]) {
        try limit(registrations.count, .clientRegistration)
        let id = registrations.nextID()
        let address = (details.wishes.addressOfRecord ?? account.addressOfRecord).uri
        registrations[id] = .init(usage: started.usage, details: details)
        let series = series(from: account, to: address, target: details.tried.first, usingServiceRoute: false)
        open(id.any, account: accountID, dialog: series, peer: address.description, at: now)
        perform(started.actions, id, at: now)
        return (id, settle(at: now))
    }

    package mutating func refresh(
        _ id: UsageID<ClientRegistration>, at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        try tell(id, .refreshRequested, at: now)
    }

    /// Removes what we have bound, or what everybody has; the usage stays and can be refreshed into being again.
    package mutating func removeBindings(
        _ id: UsageID<ClientRegistration>, _ scope: ClientRegistration.Removal.Scope = .own, at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        try tell(id, .removalRequested(scope), at: now)
    }

    private mutating func tell(
        _ id: UsageID<ClientRegistration>, _ input: ClientRegistration.Input, at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        guard registrations[id] != nil, records[id.any]?.endedAt == nil else { throw .ended("\(id)") }
        drive(id, input, at: now)
        return settle(at: now)
    }

    /// The network is another than before: every registration is asked for anew, and unverified until it is answered.
    package mutating func networkChanged(at now: Instant) -> [UsageOutput] {
        guard !coordinator.isStopped else { return [] }
        for id in registrations.ids { drive(id, .networkChanged, at: now) }
        return settle(at: now)
    }
    /// We have slept: our bindings may have run out meanwhile.
    package mutating func resumed(at now: Instant) -> [UsageOutput] { networkChanged(at: now) }

    package func standing(of id: UsageID<ClientRegistration>) -> RegistrationStanding? {
        registrations[id]?.usage.standing
    }

    mutating func drive(_ id: UsageID<ClientRegistration>, _ input: ClientRegistration.Input, at now: Instant) {
        guard let actions = registrations.update(id, { $0.usage.handle(input, at: now) }) else { return }
        perform(actions, id, at: now)
    }

    private mutating func perform(
        _ actions: [ClientRegistration.Action], _ id: UsageID<ClientRegistration>, at now: Instant
    ) {
        for action in actions {
            switch action {
            case .register(let shortest): sendRegister(id, askingAtLeast: shortest, at: now)
            case .unregister(.own): sendRemoval(id, at: now)
            case .unregister(.everything):
                request(.register, for: id.any, .unregister, at: now) { draft in
                    draft.fields.append(.contact, "*")
                    draft.fields.append(.expires, "0")
                }
            case .query: request(.register, for: id.any, .register, at: now)
            case .forgetRequest: forgetRequests(of: id.any)
            case .report(.registered(let expires, _, _)):
                guard let details = registrations[id]?.details else { continue }
                let event = RegistrationEvent.registered(
                    expires: expires, bindings: details.bindings, missing: details.missing)
                report(.registration(id, event))
            case .report(let event):
                if event == .removed { keepServiceRoute([], of: id) }
                report(.registration(id, event))
            case .ended(let outcome):
                keepServiceRoute([], of: id)
                finish(id.any, outcome, at: now)
            }
        }
        touch(id.any)
        if records[id.any] != nil { report(.changed(id.any)) }
    }

    /// The same Call-ID, the next CSeq and our own contacts only (§10.2, W27); each with its time (§10.2.1.1).
    private mutating func sendRegister(
        _ id: UsageID<ClientRegistration>, askingAtLeast shortest: Duration, at now: Instant
    ) {
        guard let details = registrations[id]?.details.value else { return }
        let time = details.asked(for: nil, atLeast: shortest)
        var own: ContactTemplate?
        if details.wishes.includesOwn {
            own = contact(of: records[id.any]?.account)
            if let q = details.wishes.preference { own?.fieldParameters.set("q", q.description) }
            own?.fieldParameters.set("expires", "\(time.inWholeSeconds)")
        }
        request(.register, for: id.any, .register, contact: own, at: now) { draft in
            for contact in details.wishes.contacts {
                let asked = details.asked(for: contact, atLeast: shortest)
                draft.fields.append(.contact, contact.field(expires: asked))
            }
            draft.fields.append(.expires, "\(time.inWholeSeconds)")
        }
    }

    private mutating func sendRemoval(_ id: UsageID<ClientRegistration>, at now: Instant) {
        guard let (own, others) = removal(of: id) else { return }
        request(.register, for: id.any, .unregister, contact: own, at: now) { draft in
            for contact in others { draft.fields.append(.contact, contact) }
            draft.fields.append(.expires, "0")
        }
    }
    /// Each contact of ours by its name; `*` would remove what is not ours (§10.2.2).
    private func removal(of id: UsageID<ClientRegistration>) -> (own: ContactTemplate?, others: [String])? {
        guard let details = registrations[id]?.details else { return nil }
        let others = details.wishes.contacts
        guard details.wishes.includesOwn else { return (nil, others.map(\.removal)) }
        // The very one that was bound: the size of this request, or the way that it takes, may make another of it.
        if let bound = details.own {
            return (nil, (others + [RegisteredContact(NameAddress(uri: bound))]).map(\.removal))
        }
        var own = contact(of: records[id.any]?.account)
        own.fieldParameters.set("expires", "0")
        return (own, others.map(\.removal))
    }

    /// Best effort: one copy of the removal, never over a REGISTER in flight (§10.2).
    func lastRegister(of id: UsageID<ClientRegistration>) -> (ContactTemplate?, [String])? {
        guard case .registered? = registrations[id]?.usage.state else { return nil }
        return removal(of: id)
    }

    private mutating func forgetRequests(of id: AnyUsageID) {
        for (transaction, request) in sent where request.usage == id {
            stack.abandon(transaction)
            sent[transaction] = nil
        }
    }
}
