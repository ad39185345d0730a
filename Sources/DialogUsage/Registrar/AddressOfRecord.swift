package import SIPMessage

/// An address-of-record in canonical form, the index into a server's tables (RFC 3261 §10.3 step 5): no parameters,
/// escapes resolved, the host in lower case. The scheme and the port play no part.
package struct AddressOfRecord: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// With its escapes resolved; the case counts (§19.1.4).
    package let user: String
    package let host: String

    package init(user: String, host: String) {
        self.user = user
        self.host = host.lowercased()
    }

    package var uri: SIPURI { SIPURI(user: SIPURI.escapingUser(user), host: host) }
    package var description: String { uri.description }

    package static func < (a: AddressOfRecord, b: AddressOfRecord) -> Bool { (a.host, a.user) < (b.host, b.user) }
}
