package import SIPMessage

/// A REGISTER that has been read: what the registrar is asked to do.
package struct RegistrationRequest: Hashable, Sendable {
    package var address: AddressOfRecord
    package var callID: String
    package var sequence: UInt32
    package var change: Change
    /// The proxies it came through, in their order (RFC 3327 §5.3).
    package var path: [NameAddress]
    /// Whose credentials it carried.
    package var authenticatedUser: String?

    package enum Change: Hashable, Sendable {
        /// No Contact: what is there (RFC 3261 §10.2.3)?
        case query
        /// `*` with Expires 0 (§10.2.2).
        case removeAll
        case update([Update])
    }
    package struct Update: Hashable, Sendable {
        package var contact: NameAddress
        package var preference: Int
        /// Asked for; zero removes. nil: the registrar's usual time.
        package var expires: Duration?
    }

    /// Steps 1 and 4 to 6 of RFC 3261 §10.3, in their order.
    package init(
        reading message: SIPMessage, authenticatedUser: String?, _ configuration: RegistrarConfiguration
    ) throws(RegistrarRefusal) {
        guard let target = try? message.requestURI(), let to = try? message.to(), let callID = try? message.callID(),
            let sequence = try? message.cSeq().number, let contacts = try? message.contacts(),
            let path = try? message.paths()
        else { throw .malformed }
        guard configuration.domain.serves(target) else { throw .unknownAddress }
        guard let address = configuration.domain.addressOfRecord(to.uri) else {
            // Whether somebody exists is no business of whoever may not change them.
            throw .unknownAddress
        }
        guard configuration.authority.allows(authenticatedUser, for: address) else { throw .forbidden }
        let knowsPath = message.tokens(.supported).contains { $0.lowercased() == "path" }
        if !path.isEmpty, !knowsPath, !configuration.takesUnannouncedPath { throw .pathNotSupported }
        guard path.count <= configuration.limits.pathsPerBinding else { throw .malformed }
        self.address = address
        self.callID = callID
        self.sequence = sequence
        self.path = path
        self.authenticatedUser = authenticatedUser
        change = try Self.change(contacts, expires: try Self.expires(of: message))
    }

    private static func expires(of message: SIPMessage) throws(RegistrarRefusal) -> Duration? {
        do {
            return try message.expires().map { .seconds(Int64($0)) }
        } catch {
            throw .malformed
        }
    }

    private static func change(_ contacts: Contacts, expires: Duration?) throws(RegistrarRefusal) -> Change {
        switch contacts {
        case .none: return .query
        case .star:
            guard expires == .zero else { throw .malformed }
            return .removeAll
        case .addresses(let addresses): return .update(addresses.map { update($0, expires: expires) })
        }
    }

    private static func update(_ address: NameAddress, expires: Duration?) -> Update {
        var contact = address
        // What is malformed counts as 3600 (§20.10).
        let own = contact.parameters["expires"].map { Duration.seconds(Int64(UInt32($0) ?? 3600)) }
        contact.parameters.remove("expires")
        return Update(
            contact: contact, preference: contact.parameters["q"].flatMap(QValue.init)?.thousandths ?? 1000,
            expires: own ?? expires)
    }
}
