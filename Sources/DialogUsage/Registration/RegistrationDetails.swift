package import SIPMessage
import SansIO

/// What an application may want of a registration (RFC 3261 §10.2).
package struct RegistrationWishes: Sendable {
    /// Bound, renewed and removed together with our own.
    package var contacts: [RegisteredContact]
    /// Whether we ourselves are one of the contacts.
    package var includesOwn: Bool
    /// Where our own contact stands among the others (§10.2.1.2); nil: with the first.
    package var preference: QValue?
    /// Whose contacts they are: somebody else's address-of-record makes it a third-party registration. nil: the account's.
    package var addressOfRecord: NameAddress?
    /// For our own contact, and for those that say nothing else. nil: as the account says.
    package var expires: Duration?

    package init(
        contacts: [RegisteredContact] = [], includesOwn: Bool = true, preference: QValue? = nil,
        addressOfRecord: NameAddress? = nil, expires: Duration? = nil
    ) {
        self.contacts = contacts
        self.includesOwn = includesOwn
        self.preference = preference
        self.addressOfRecord = addressOfRecord
        self.expires = expires
    }
}

/// What a registration needs beside its state.
struct RegistrationDetails: Sendable {
    var wishes: RegistrationWishes
    /// What is asked for our own contact, and for those that say nothing else.
    var expires: Duration
    /// What the registrar last listed, other devices' bindings included.
    var bindings: [NameAddress] = []
    /// Contacts of ours that it did not list.
    var missing: [AnyURI] = []
    /// Our own Contact as it last left us, by which we know it again in the list.
    var own: AnyURI?
    /// Registrars that have been asked since the last success, lest a redirection leads in a circle (§8.1.3.4).
    var tried: [AnyURI]

    init(wishes: RegistrationWishes, expires: Duration, tried: [AnyURI]) {
        self.wishes = wishes
        self.expires = expires
        self.tried = tried
    }

    /// The shortest time that is asked for any contact. The machine knows no other: a 423 raises it, and no contact is
    /// asked for less (§10.3 step 7).
    var shortest: Duration {
        let times = wishes.contacts.map { $0.expires ?? expires }
        return (wishes.includesOwn ? times + [expires] : times).min() ?? expires
    }
    /// What this contact is asked for; nil is our own.
    func asked(for contact: RegisteredContact?, atLeast floor: Duration) -> Duration {
        max(contact?.expires ?? expires, floor)
    }

    /// A contact of ours that the registrar lists.
    struct Listed {
        var binding: NameAddress
        var asked: Duration
    }
    struct List {
        var found: [Listed] = []
        var missing: [AnyURI] = []
    }

    /// Our contacts in the registrar's list, found as §19.1.4 compares. nil when we are not registered: our own is
    /// absent, or all the others where there is no own. That another one is absent leaves us reachable.
    func listed(in bindings: [NameAddress], floor: Duration) -> List? {
        func binding(_ uri: AnyURI) -> NameAddress? {
            bindings.first { $0.uri.isEquivalent(to: uri) && $0.parameters["expires"] != "0" }
        }
        var list = List()
        if wishes.includesOwn {
            guard let own, let binding = binding(own) else { return nil }
            list.found.append(Listed(binding: binding, asked: asked(for: nil, atLeast: floor)))
        }
        for contact in wishes.contacts {
            if let binding = binding(contact.address.uri) {
                list.found.append(Listed(binding: binding, asked: asked(for: contact, atLeast: floor)))
            } else {
                list.missing.append(contact.address.uri)
            }
        }
        return list.found.isEmpty ? nil : list
    }
}
