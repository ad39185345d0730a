package import DialogUsage
package import SansIO

/// What we know of somebody's presence, and how much it is worth. A dead server must never show yesterday's "open" as
/// today's truth.
package struct PresenceRow: Hashable, Sendable {
    package enum State: String, Hashable, Sendable { case open, closed, unknown }
    package enum Freshness: String, Hashable, Sendable {
        /// The subscription stands and has told us so.
        case fresh
        /// It was so when the subscription last stood.
        case stale
        /// We have never been told, or may not know.
        case unknown
    }
    package var uri: String
    /// What we call them; nil: nobody has given them a name.
    package var name: String?
    package var state: State
    /// "busy", "on-the-phone" … of RFC 4480.
    package var activities: [String]
    package var note: String?
    package var freshness: Freshness
    /// When the state was told.
    package var since: Instant
    package var subscription: AnyUsageID?
}
