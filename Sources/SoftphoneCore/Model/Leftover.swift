package import SIPMessage
package import SansIO

/// A binding that an earlier run could not take back: its receipt says so.
package struct Leftover: Hashable, Sendable {
    package var account: String
    package var contact: AnyURI
    /// When the registrar forgets it by itself; nil: not known.
    package var until: Instant?

    package init(account: String, contact: AnyURI, until: Instant?) {
        self.account = account
        self.contact = contact
        self.until = until
    }
}
