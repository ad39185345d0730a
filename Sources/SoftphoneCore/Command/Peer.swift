package import SIPMessage

/// Whom a command is about: a complete address, a contact, or a user of the account's own domain.
package enum Peer: Hashable, Sendable, CustomStringConvertible {
    case uri(AnyURI)
    /// A contact's name, or a user of the account's domain.
    case user(String)

    package var description: String {
        switch self {
        case .uri(let uri): uri.description
        case .user(let user): user
        }
    }
}
