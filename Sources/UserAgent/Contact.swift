import DialogUsage
import SIPMessage
import SansIO

/// One way to reach somebody: given to `register` beside your own (RFC 3261 §10.2.1), listed by a registrar (§10.2.4), or
/// named by a redirection (§8.1.3.4).
public struct Contact: Hashable, Sendable {
    /// A URI, such as `sip:voicemail@example.com`.
    public var address: String
    /// The name that is shown with it; nil where there is none.
    public var name: String?
    /// From 0 to 1 in steps of a thousandth: contacts with a higher one are tried first (RFC 3261 §20.10). nil says nothing,
    /// which counts as 1.
    public var q: Double?
    /// To `register`: how long it is to be kept, in whole seconds, one at least (RFC 3261 §10.2.1.1); nil: as long as your
    /// own. From a registrar: how long it will be kept if nobody renews it.
    public var expires: Duration?

    /// Nothing is read before it is used.
    public init(_ address: String, name: String? = nil, q: Double? = nil, expires: Duration? = nil) {
        self.address = address
        self.name = name
        self.q = q
        self.expires = expires
    }

    init(_ address: NameAddress) {
        self.init(
            "\(address.uri)", name: address.displayName,
            q: address.parameters["q"].flatMap(QValue.init).map { Double($0.thousandths) / 1000 },
            expires: address.parameters["expires"].flatMap(UInt32.init).map { .seconds(Int64($0)) })
    }
}

extension DialogUsageManager {
    func registered(_ contact: Contact) throws(ManagerError) -> RegisteredContact {
        RegisteredContact(
            NameAddress(uri: try uri(contact.address), displayName: contact.name),
            preference: try preference(contact.q), expires: contact.expires)
    }
    func address(_ contact: Contact) throws(ManagerError) -> NameAddress {
        var address = NameAddress(uri: try uri(contact.address), displayName: contact.name)
        if let q = try preference(contact.q) { address.parameters.set("q", q.description) }
        return address
    }
    func preference(_ q: Double?) throws(ManagerError) -> QValue? {
        guard let q else { return nil }
        guard (0...1).contains(q), let value = QValue(thousandths: Int((q * 1000).rounded())) else {
            throw .malformed("\(q) is no preference; 0 to 1 are")
        }
        return value
    }
}
