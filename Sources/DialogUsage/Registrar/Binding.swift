package import SIPMessage
package import SansIO

/// One way to reach an address-of-record, and until when (RFC 3261 §10.3).
package struct Binding: Hashable, Sendable {
    /// As registered, with its parameters but `expires`.
    package var contact: NameAddress
    /// The preference in thousandths (§20.10); what gives none has 1000.
    package var preference: Int
    /// The proxies on the way to the contact, the first next to us (RFC 3327 §5.3).
    package var path: [NameAddress]
    /// Of the REGISTER that made or renewed it, for the order of requests (step 7).
    package var callID: String
    package var sequence: UInt32
    package var expiresAt: Instant

    package init(
        contact: NameAddress, preference: Int = 1000, path: [NameAddress] = [], callID: String, sequence: UInt32,
        expiresAt: Instant
    ) {
        self.contact = contact
        self.preference = preference
        self.path = path
        self.callID = callID
        self.sequence = sequence
        self.expiresAt = expiresAt
    }

    /// The value of Contact in a response, with the seconds that are left (step 8).
    package func contactField(at now: Instant) -> String {
        var field = contact
        field.parameters.set("expires", "\(max(0, (expiresAt - now).inMilliseconds / 1000))")
        return field.description
    }
}
