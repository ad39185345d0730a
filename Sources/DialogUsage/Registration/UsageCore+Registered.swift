import SIPMessage
import SIPTransaction
import SansIO

/// Answers to REGISTER, sorted (RFC 3261 §10.2.4 to §10.2.8).
extension UsageCore {
    mutating func registerAnswered(
        _ id: AnyUsageID, _ response: SIPMessage, _ status: StatusCode, at now: Instant
    ) {
        let id = registrationID(id)
        switch status.value {
        case 200..<300: registerAccepted(id, response, at: now)
        case 423:
            // Longer than we would believe of any lease is no answer that can be followed.
            let minimum = (try? response.minExpires()).flatMap { $0 }.map { Duration.seconds(Int64($0)) }
            let sane = minimum.flatMap { $0 <= configuration.limits.longestLease ? $0 : nil }
            drive(id, .answered(.intervalTooBrief(minimum: sane)), at: now)
        case 401, 407:
            let realm = foreignRealm(in: response, to: id.any)
            drive(id, .answered(.unauthorized(status, foreignRealm: realm)), at: now)
        case 300..<400 where redirect(id, response):
            drive(id, .answered(.redirected(status)), at: now)
        default:
            registerFailed(
                id.any, .status(status, reason: visible(response.reasonPhrase)), retryAfter: retryAfter(response),
                at: now)
        }
    }

    private mutating func registerAccepted(
        _ id: UsageID<ClientRegistration>, _ response: SIPMessage, at now: Instant
    ) {
        let bindings = contacts(of: response)
        _ = registrations.update(id) { entry in
            entry.details.bindings = bindings
            entry.details.tried = Array(entry.details.tried.suffix(1))
        }
        guard let entry = registrations[id] else { return }
        let jitter = entropy.fraction()
        switch entry.usage.state {
        case .querying:
            report(.registration(id, .bindings(bindings)))
            drive(id, .answered(.accepted(granted: .zero, jitter: jitter)), at: now)
        case .removing:
            drive(id, .answered(.accepted(granted: .zero, jitter: jitter)), at: now)
        case .registering, .registered, .backingOff, .removalAfterAnswer, .unbound, .ended:
            guard let list = entry.details.value.listed(in: bindings, floor: entry.usage.asking) else {
                return drive(id, .answered(.unlisted(jitter: jitter)), at: now)
            }
            _ = registrations.update(id) { $0.details.missing = list.missing }
            keepServiceRoute((try? response.serviceRoutes()) ?? [], of: id)
            let shortest = list.found.map { granted($0, response) }.min() ?? .zero
            drive(id, .answered(.accepted(granted: shortest, jitter: jitter)), at: now)
        }
    }

    mutating func registerFailed(_ id: AnyUsageID, _ failure: Failure, retryAfter: Duration?, at now: Instant) {
        let jitter = entropy.fraction()
        drive(registrationID(id), .answered(.failed(failure, retryAfter: retryAfter, jitter: jitter)), at: now)
    }

    /// Our own Contact as it leaves: only the stack knows which of our addresses the registrar sees. It stands last.
    mutating func noteContact(_ trace: Trace, of id: UsageID<ClientRegistration>) {
        guard registrations[id]?.details.wishes.includesOwn == true, let message = trace.message,
            let own = contacts(of: message).last?.uri
        else { return }
        _ = registrations.update(id) { $0.details.own = own }
    }

    /// Where later requests of the account go first (RFC 3608 §6.1): as the last REGISTER said, and no longer than the
    /// registration. What is registered for somebody else is not our way.
    mutating func keepServiceRoute(_ route: [NameAddress], of id: UsageID<ClientRegistration>) {
        guard let account = records[id.any]?.account, let details = registrations[id]?.details,
            details.wishes.includesOwn, details.wishes.addressOfRecord == nil
        else { return }
        let kept = Array(route.prefix(configuration.limits.serviceRoutes))
        accounts[account]?.serviceRoute = kept
    }

    /// Turns to the best contact that has not been tried (§8.1.3.4).
    private mutating func redirect(_ id: UsageID<ClientRegistration>, _ response: SIPMessage) -> Bool {
        guard let tried = registrations[id]?.details.tried, tried.count < configuration.limits.redirections else {
            return false
        }
        func weight(_ contact: NameAddress) -> QValue { QValue(of: contact) }
        let next = contacts(of: response).filter { contact in
            contact.uri.sip != nil && !tried.contains { $0.isEquivalent(to: contact.uri) }
        }.max { weight($0) < weight($1) }
        guard let next else { return false }
        _ = registrations.update(id) { $0.details.tried.append(next.uri) }
        _ = updateDialog(of: id.any) { $0.retarget(to: next.uri) }
        return true
    }

    private func contacts(of response: SIPMessage) -> [NameAddress] {
        guard let contacts = try? response.contacts(), case .addresses(let addresses) = contacts else { return [] }
        return addresses
    }

    /// What the registrar says of this contact; else Expires; else what we asked for (§10.2.4).
    private func granted(_ contact: RegistrationDetails.Listed, _ response: SIPMessage) -> Duration {
        if let text = contact.binding.parameters["expires"], let seconds = UInt32(text) { return lease(seconds) }
        if let expires = try? response.expires() { return lease(expires) }
        return lease(UInt32(clamping: contact.asked.inWholeSeconds))
    }
}
