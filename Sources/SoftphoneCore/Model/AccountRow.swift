package import SansIO

/// One account, as screens show it.
package struct AccountRow: Hashable, Sendable {
    package var name: String
    package var addressOfRecord: String
    package var isCurrent: Bool
    /// The state of its registration, "unregistered" without one.
    package var registration: String
    package var expiresAt: Instant?
    /// When the next try or refresh is due.
    package var nextAt: Instant?
    /// What went wrong last; nil after a success.
    package var lastFailure: String?
}
