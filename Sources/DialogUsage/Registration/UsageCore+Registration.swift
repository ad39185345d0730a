package import SIPMessage
import SIPTransaction
package import SansIO

/// REGISTER: what the application asks for, and from the machine to the wire (RFC 3261 §10.2).
extension UsageCore {
    package mutating func register(
        _ account: AccountID, expires: Duration? = nil, at now: Instant
    ) throws(UsageError) -> (UsageID<ClientRegistration>, [UsageOutput]) {
        try register(account, RegistrationWishes(expires: expires), at: now)
    }

    /// Binds our own contact, others, or both; for the account's address-of-record or for somebody else's.
    package mutating func register(
        _ accountID: AccountID, _ wishes: RegistrationWishes, at now: Instant
    ) throws(UsageError) -> (UsageID<ClientRegistration>, [UsageOutput]) {
        let account = try gate(accountID)
        guard wishes.includesOwn || !wishes.contacts.isEmpty else {
            throw .notNow(command: "register", state: "no contact is given")
        }
        let started = ClientRegistration.start(asking: wishes.expires ?? account.registrationExpires)
        return try open(started, accountID, account, wishes, at: now)
    }

    /// Asks what is bound, and binds nothing (§10.2.3). The answer is an event; then the usage has ended.
    package mutating func queryBindings(
        _ accountID: AccountID, of addressOfRecord: NameAddress? = nil, at now: Instant
    ) throws(UsageError) -> (UsageID<ClientRegistration>, [UsageOutput]) {
        let account = try gate(accountID)
        let wishes = RegistrationWishes(includesOwn: false, addressOfRecord: addressOfRecord)
        return try open(ClientRegistration.startQuery(), accountID, account, wishes, at: now)
    }

    private mutating func open(
        _ started: (usage: ClientRegistration, actions: [ClientRegistration.Action]), _ accountID: AccountID,
        _ account: Account, _ wishes: RegistrationWishes, at now: Instant
    ) throws(UsageError) -> (UsageID<ClientRegistration>, [UsageOutput]) {
        try limit(registrations.count, .clientRegistration)
        let id = registrations.nextID()
        let address = (wishes.addressOfRecord ?? account.addressOfRecord).uri
        // The registrar is the domain itself: a URI without user part (§10.2).
        let domain = AnyURI.sip(
            SIPURI(user: nil, host: address.sip?.host ?? account.domain, port: address.sip?.port))
        registrations[id] = .init(
            usage: started.usage, details: RegistrationDetails(wishes: wishes, tried: [domain]))
        let series = series(from: account, to: address, target: domain, usingServiceRoute: false)
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
            case .register(let expires): sendRegister(id, .register, expires: expires, at: now)
            case .unregister(.own): sendRegister(id, .unregister, expires: .zero, at: now)
            case .unregister(.everything):
                request(.register, for: id.any, .unregister, at: now) { draft in
                    draft.fields.append(.contact, "*")
                    draft.fields.append(.expires, "0")
                }
            case .query: request(.register, for: id.any, .register, at: now)
            case .forgetRequest: forgetRequests(of: id.any)
            case .report(.registered(let expires, _)):
                let bindings = registrations[id]?.details.bindings ?? []
                report(.registration(id, .registered(expires: expires, bindings: bindings)))
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

    /// The same Call-ID, the next CSeq and our own contacts only (§10.2, W27).
    private mutating func sendRegister(
        _ id: UsageID<ClientRegistration>, _ purpose: SentRequest.Purpose, expires: Duration, at now: Instant
    ) {
        guard let wishes = registrations[id]?.details.wishes else { return }
        let seconds = "\(expires.inMilliseconds / 1000)"
        var own: ContactTemplate?
        if wishes.includesOwn {
            own = contact(of: records[id.any]?.account)
            own?.fieldParameters.set("expires", seconds)
        }
        request(.register, for: id.any, purpose, contact: own, at: now) { draft in
            for var contact in wishes.contacts {
                contact.parameters.set("expires", seconds)
                draft.fields.append(.contact, contact.description)
            }
            draft.fields.append(.expires, seconds)
        }
    }

    /// Best effort: one copy of the removal, never over a REGISTER in flight (§10.2).
    func lastRegister(of id: UsageID<ClientRegistration>) -> (ContactTemplate?, [NameAddress])? {
        guard case .registered? = registrations[id]?.usage.state, let wishes = registrations[id]?.details.wishes else {
            return nil
        }
        var own = wishes.includesOwn ? contact(of: records[id.any]?.account) : nil
        own?.fieldParameters.set("expires", "0")
        let others = wishes.contacts.map { contact in
            var removed = contact
            removed.parameters.set("expires", "0")
            return removed
        }
        return (own, others)
    }

    private mutating func forgetRequests(of id: AnyUsageID) {
        for (transaction, request) in sent where request.usage == id {
            stack.abandon(transaction)
            sent[transaction] = nil
        }
    }
}
