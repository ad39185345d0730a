package import SIPMessage
package import SansIO

/// The location service of the domain (RFC 3261 §10.3): which contacts reach which user, and until when.
package struct Bindings: Sendable {
    package struct Binding: Hashable, Sendable {
        package var contact: NameAddress
        package var expiresAt: Instant
        var callID: String
        var sequence: UInt32
    }
    package enum Refusal: Error, Hashable, Sendable {
        case badRequest
        case tooBrief(minimum: Duration)
        case tooMany
        /// An older REGISTER came after a newer one (§10.3 step 7).
        case outOfOrder
    }

    private var byUser: [String: [Binding]] = [:]
    private let limits: SandboxConfiguration.Limits

    package init(limits: SandboxConfiguration.Limits) { self.limits = limits }

    package func contacts(of user: String, at now: Instant) -> [Binding] {
        (byUser[user] ?? []).filter { $0.expiresAt > now }
    }
    package var count: Int { byUser.values.reduce(0) { $0 + $1.count } }
    package mutating func removeAll() { byUser = [:] }

    /// Carries out one REGISTER whole, or not at all.
    package mutating func apply(_ request: SIPMessage, for user: String, at now: Instant) throws(Refusal) {
        guard let contacts = try? request.contacts(), let callID = try? request.callID(),
            let sequence = try? request.cSeq().number
        else { throw .badRequest }
        let header = (try? request.expires()).flatMap { $0 }
        var bindings = self.contacts(of: user, at: now)
        switch contacts {
        case .none: break
        case .star:
            guard header == 0 else { throw .badRequest }
            for binding in bindings where binding.callID == callID && binding.sequence >= sequence { throw .outOfOrder }
            bindings = []
        case .addresses(let addresses):
            for address in addresses {
                let seconds = address.parameters["expires"].flatMap(UInt32.init) ?? header ?? 3600
                let wanted = min(Duration.seconds(Int64(seconds)), limits.longestLease)
                if wanted > .zero, wanted < limits.shortestLease { throw .tooBrief(minimum: limits.shortestLease) }
                let known = bindings.firstIndex { $0.contact.uri.isEquivalent(to: address.uri) }
                if let known, bindings[known].callID == callID, bindings[known].sequence >= sequence {
                    throw .outOfOrder
                }
                if let known { bindings.remove(at: known) }
                guard wanted > .zero else { continue }
                guard bindings.count < limits.bindingsPerUser else { throw .tooMany }
                bindings.append(
                    Binding(contact: address, expiresAt: now + wanted, callID: callID, sequence: sequence))
            }
        }
        byUser[user] = bindings.isEmpty ? nil : bindings
    }
}
