import SIPMessage
import SIPTransaction
package import SansIO

/// REGISTER: from the machine to the wire and back (RFC 3261 §10).
extension UsageCore {
    package mutating func register(
        _ accountID: AccountID, expires: Duration? = nil, at now: Instant
    ) throws(UsageError) -> (UsageID<ClientRegistration>, [UsageOutput]) {
        let account = try gate(accountID)
        try limit(registrations.count, .clientRegistration)
        let id = registrations.nextID()
        let asking = expires ?? account.registrationExpires
        let (usage, actions) = ClientRegistration.start(asking: asking)
        registrations[id] = .init(usage: usage, details: [])
        // The registrar is the domain itself: a URI without user part (§10.2).
        let domain = AnyURI.sip(
            SIPURI(user: nil, host: account.domain, port: account.addressOfRecord.uri.sip?.port))
        let series = series(from: account, to: account.addressOfRecord.uri, target: domain)
        open(id.any, account: accountID, dialog: series, peer: account.addressOfRecord.uri.description, at: now)
        perform(actions, id, at: now)
        return (id, settle(at: now))
    }

    package mutating func refresh(
        _ id: UsageID<ClientRegistration>, at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        guard registrations[id] != nil else { throw .ended("\(id)") }
        drive(id, .refreshRequested, at: now)
        return settle(at: now)
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
            case .unregister: sendRegister(id, .unregister, expires: .zero, at: now)
            case .report(.registered(let expires, _)):
                report(.registration(id, .registered(expires: expires, bindings: registrations[id]?.details ?? [])))
            case .report(let event): report(.registration(id, event))
            case .ended(let outcome): finish(id.any, outcome, at: now)
            }
        }
        touch(id.any)
        if records[id.any] != nil { report(.changed(id.any)) }
    }

    /// The same Call-ID, the next CSeq and our own Contact only (§10.2, W27).
    private mutating func sendRegister(
        _ id: UsageID<ClientRegistration>, _ purpose: SentRequest.Purpose, expires: Duration, at now: Instant
    ) {
        let seconds = expires.inMilliseconds / 1000
        request(.register, for: id.any, purpose, contact: binding(id, expires: seconds), at: now) { draft in
            draft.fields.append(.expires, "\(seconds)")
        }
    }

    private func binding(_ id: UsageID<ClientRegistration>, expires: Int64) -> ContactTemplate {
        var contact = contact(of: records[id.any]?.account)
        contact.fieldParameters.set("expires", "\(expires)")
        return contact
    }

    mutating func registerAnswered(
        _ id: AnyUsageID, _ response: SIPMessage, _ status: StatusCode, asked: SentRequest, at now: Instant
    ) {
        let id = registrationID(id)
        if status.isSuccess {
            let bindings = contacts(of: response)
            _ = registrations.update(id) { $0.details = bindings }
            drive(id, .answered(.accepted(granted: granted(bindings, response, asked, id))), at: now)
        } else if status == 423, let minimum = try? response.minExpires() {
            drive(id, .answered(.intervalTooBrief(minimum: lease(minimum))), at: now)
        } else if status == 401 || status == 407 {
            drive(id, .answered(.unauthorized(status)), at: now)
        } else {
            registerFailed(
                id.any, .status(status, reason: visible(response.reasonPhrase)), retryAfter: retryAfter(response),
                at: now)
        }
    }

    mutating func registerFailed(_ id: AnyUsageID, _ failure: Failure, retryAfter: Duration?, at now: Instant) {
        let jitter = entropy.fraction()
        drive(registrationID(id), .answered(.failed(failure, retryAfter: retryAfter, jitter: jitter)), at: now)
    }

    private func contacts(of response: SIPMessage) -> [NameAddress] {
        guard let contacts = try? response.contacts(), case .addresses(let addresses) = contacts else { return [] }
        return addresses
    }

    /// What the registrar says of our own Contact; else Expires; else what we asked for (§10.2.4).
    private func granted(
        _ bindings: [NameAddress], _ response: SIPMessage, _ asked: SentRequest, _ id: UsageID<ClientRegistration>
    ) -> Duration {
        let user = records[id.any]?.account.flatMap { accounts[$0]?.user }
        let port = configuration.stack.local.port
        let own = bindings.first { $0.uri.sip?.user == user && ($0.uri.sip?.port ?? 5060) == port }
        if let own, let text = own.parameters["expires"], let seconds = UInt32(text) { return lease(seconds) }
        if let expires = try? response.expires() { return lease(expires) }
        return lease(asked.draft.fields.first(.expires).flatMap(UInt32.init) ?? 3600)
    }
}
