package import SIPMessage
import SansIO

/// A contact that a registration binds beside our own: a voice mail's, a gateway's, another device's (RFC 3261 §10.2.1).
package struct RegisteredContact: Hashable, Sendable {
    /// With its further parameters, but without `q` and `expires`.
    package var address: NameAddress
    /// How much we would rather be reached there than elsewhere (§10.2.1.2); nil: as much as anywhere.
    package var preference: QValue?
    /// nil: as long as our own (§10.2.1.1).
    package var expires: Duration?

    package init(_ address: NameAddress, preference: QValue? = nil, expires: Duration? = nil) {
        self.address = address
        self.preference = preference
        self.expires = expires
    }

    /// As it stands in Contact: `<sip:mail@example.com>;q=0.1;expires=600`. nil for what cannot be registered, which a
    /// contact for no time at all is too.
    package init?(parsing text: some StringProtocol) {
        guard var address = try? NameAddress(parsing: text) else { return nil }
        if let q = address.parameters["q"] {
            guard let preference = QValue(parsing: q) else { return nil }
            self.preference = preference
        }
        if let time = address.parameters["expires"] {
            guard let seconds = UInt32(time), seconds > 0 else { return nil }
            expires = .seconds(Int64(seconds))
        }
        address.parameters.remove("q")
        address.parameters.remove("expires")
        self.address = address
    }

    /// The value of Contact that asks for this time.
    func field(expires: Duration) -> String {
        var field = address
        if let preference { field.parameters.set("q", preference.description) }
        field.parameters.set("expires", "\(expires.inWholeSeconds)")
        return field.description
    }
    /// The one that removes it (§10.2.2).
    var removal: String { RegisteredContact(NameAddress(uri: address.uri)).field(expires: .zero) }
}

extension Duration {
    /// As header fields have it.
    var inWholeSeconds: Int64 { inMilliseconds / 1000 }
}
