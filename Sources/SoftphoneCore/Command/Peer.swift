package import SIPMessage

/// Whom a command is about: a complete address, or a user of the account's own domain.
package enum Peer: Hashable, Sendable, CustomStringConvertible {
    case uri(AnyURI)
    case user(String)

    package var description: String {
        switch self {
        case .uri(let uri): uri.description
        case .user(let user): user
        }
    }
}
