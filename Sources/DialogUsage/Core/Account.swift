package import SIPMessage
package import SansIO

/// Who we are toward one domain: the address-of-record, where its requests go, and the credentials for its realm.
package struct Account: Sendable {
    /// How the user calls it; also shown in reports.
    package var name: String
    package var addressOfRecord: NameAddress
    /// The outbound proxy, a preloaded loose Route for everything (RFC 3261 §8.1.2); nil: the domain itself.
    package var outboundProxy: SIPURI?
    /// The user name in digest credentials, where it is not the user part of the AOR.
    package var login: String?
    package var password: Secret<String>?
    /// The realm the password is for. nil: the AOR's domain, or the realm that the account's own registrar names.
    package var realm: String?
    package var registrationExpires: Duration
    /// What a registration of this account binds beside our own contact (RFC 3261 §10.2.1).
    package var furtherContacts: [RegisteredContact] = []
    /// Where our own contact stands among them (§10.2.1.2).
    package var preference: QValue?
    /// For realms that are not the account's own.
    package var otherCredentials: [RealmCredentials] = []
    /// Challenges with a weaker hash are passed over (RFC 8760 §2.4: local policy).
    package var minimumAlgorithm = DigestHash.md5
    var learnedRealms = LearnedRealms()
    /// What the registrar wants later requests to pass (RFC 3608), as long as the registration lives.
    package internal(set) var serviceRoute: [NameAddress] = []

    package init(
        name: String, addressOfRecord: NameAddress, outboundProxy: SIPURI? = nil, login: String? = nil,
        password: Secret<String>? = nil, realm: String? = nil, registrationExpires: Duration = .seconds(3600)
    ) {
        self.name = name
        self.addressOfRecord = addressOfRecord
        self.outboundProxy = outboundProxy
        self.login = login
        self.password = password
        self.realm = realm
        self.registrationExpires = registrationExpires
    }

    /// The user part of the AOR, which is also the user part of our Contact.
    package var user: String? { addressOfRecord.uri.sip?.user }
    /// The domain of the AOR.
    package var domain: String { addressOfRecord.uri.sip?.host ?? "" }
}
