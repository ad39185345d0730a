/// How a user agent treats reliable provisional responses (RFC 3262).
package enum ReliableProvisionals: Hashable, Sendable {
    /// Never: an INVITE that requires them is answered 420.
    case off
    /// Where the other side takes them and they carry a description, or where it requires them.
    case supported
    /// Always: a peer without them is not called, and its own calls are answered 421.
    case require
}
