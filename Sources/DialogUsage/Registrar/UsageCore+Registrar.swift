package import SIPMessage
import SIPTransaction
package import SansIO

/// REGISTER from outside: from the wire to the registrar and back (RFC 3261 §10.3).
///
/// Where the core decides by itself the answer is there at once and no usage begins; where the application is asked, a
/// `ServerRegistration` waits for it.
extension UsageCore {
    mutating func registered(
        _ message: SIPMessage, _ transaction: ServerTransactionID, user: String?, at now: Instant
    ) {
        guard let configuration = registrar?.configuration else { return }
        let request: RegistrationRequest
        do {
            let user = user ?? assertedUser(message, configuration.domain)
            request = try RegistrationRequest(reading: message, authenticatedUser: user, configuration)
        } catch {
            return reply(transaction, message, error.status, fields: error.fields, at: now)
        }
        switch configuration.decision {
        case .asked:
            guard let id = open(\.registering, message, transaction, asked: request, at: now) else { return }
            report(.registrar(.requested(id, request)))
        case .automatic:
            let (status, fields, events) = carryOut(request, at: now)
            reply(transaction, message, status, fields: fields, at: now)
            for event in events { report(.registrar(event)) }
        }
    }

    /// Carries out what was asked for; the registrar may still find that it cannot.
    package mutating func approve(
        _ id: UsageID<ServerRegistration>, at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        guard let request = registering[id]?.details.asked else { throw .ended("\(id)") }
        let (status, fields, events) = carryOut(request, at: now)
        try answer(\.registering, id, status, fields: fields, at: now)
        for event in events { report(.registrar(event)) }
        return settle(at: now)
    }
    package mutating func reject(
        _ id: UsageID<ServerRegistration>, status: StatusCode, fields: FieldList = FieldList(), at now: Instant
    ) throws(UsageError) -> [UsageOutput] {
        // A registrar knows nothing of the whole world (§10.3).
        guard status.statusClass != 6 else {
            throw .notNow(command: "answer \(status)", state: "a registrar gives no 6xx (RFC 3261 §10.3)")
        }
        try answer(\.registering, id, status, fields: fields, at: now)
        return settle(at: now)
    }

    private mutating func carryOut(
        _ request: RegistrationRequest, at now: Instant
    ) -> (StatusCode, FieldList, [RegistrarEvent]) {
        do {
            // In place: the tables are large.
            guard let changes = try registrar?.apply(request, at: now), let registrar else {
                return (500, FieldList(), [])
            }
            let events =
                request.change == .query ? [.queried(request.address)] : changes.map { $0.event(request.address) }
            return (200, success(request, registrar, at: now), events)
        } catch {
            return (error.status, error.fields, [])
        }
    }

    /// Step 8, and what RFC 3327 §5.3 and RFC 3608 §6.3 add to it.
    private func success(_ request: RegistrationRequest, _ registrar: Registrar, at now: Instant) -> FieldList {
        var fields = FieldList()
        for binding in registrar.bindings(of: request.address, at: now) {
            fields.append(.contact, binding.contactField(at: now))
        }
        if request.change != .query { for proxy in request.path { fields.append(.path, proxy.description) } }
        for proxy in registrar.configuration.serviceRoute { fields.append(.serviceRoute, proxy.description) }
        if let epoch = configuration.epoch { fields.append(.date, epoch.date(at: now)) }
        return fields
    }

    /// Where nobody is asked for credentials, From may be taken as who it is (step 3).
    func assertedUser(_ message: SIPMessage, _ domain: ServedDomain) -> String? {
        guard digestServer?.challenges(message.method) != true, let from = try? message.from() else { return nil }
        return domain.addressOfRecord(from.uri)?.user
    }

    mutating func expireBindings(at now: Instant) {
        guard let gone = registrar?.expire(at: now) else { return }
        for (address, binding) in gone { report(.registrar(.expired(address, binding))) }
    }
}

extension Registrar.Change {
    fileprivate func event(_ address: AddressOfRecord) -> RegistrarEvent {
        switch self {
        case .added(let binding): .added(address, binding)
        case .refreshed(let binding): .refreshed(address, binding)
        case .removed(let binding): .removed(address, binding)
        }
    }
}
