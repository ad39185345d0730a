package import SIPMessage
import SansIO

/// What an application may want of a registration beside its own contact (RFC 3261 §10.2).
package struct RegistrationWishes: Sendable {
    /// Bound and removed together with our own, such as a gateway's or a voice mail's.
    package var contacts: [NameAddress]
    /// Whether we ourselves are one of the contacts.
    package var includesOwn: Bool
    /// Whose contacts they are: somebody else's address-of-record makes it a third-party registration. nil: the account's.
    package var addressOfRecord: NameAddress?
    /// nil: as the account says.
    package var expires: Duration?

    package init(
        contacts: [NameAddress] = [], includesOwn: Bool = true, addressOfRecord: NameAddress? = nil,
        expires: Duration? = nil
    ) {
        self.contacts = contacts
        self.includesOwn = includesOwn
        self.addressOfRecord = addressOfRecord
        self.expires = expires
    }
}

/// What a registration needs beside its state.
struct RegistrationDetails: Sendable {
    var wishes: RegistrationWishes
    /// What the registrar last listed, other devices' bindings included.
    var bindings: [NameAddress] = []
    /// Our own Contact as it last left us, by which we know it again in the list.
    var own: AnyURI?
    /// Registrars that have been asked since the last success, lest a redirection leads in a circle (§8.1.3.4).
    var tried: [AnyURI]

    /// Redirections followed for one REGISTER.
    static let mostRedirections = 5

    /// Our contacts in the registrar's list, found as §19.1.4 compares; nil unless all of them are there.
    func listed(in bindings: [NameAddress]) -> [NameAddress]? {
        var wanted = wishes.contacts.map(\.uri)
        if wishes.includesOwn {
            guard let own else { return nil }
            wanted.append(own)
        }
        let found = wanted.compactMap { contact in
            bindings.first { $0.uri.isEquivalent(to: contact) && $0.parameters["expires"] != "0" }
        }
        return found.count == wanted.count ? found : nil
    }
}
