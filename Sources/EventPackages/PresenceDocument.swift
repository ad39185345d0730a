/// Presence information in PIDF (RFC 3863), with the activities of RPID (RFC 4480) that a telephone has a use for.
package struct PresenceDocument: Hashable, Sendable {
    package enum Basic: String, Hashable, Sendable { case open, closed }

    /// One way to reach the presentity.
    package struct Tuple: Hashable, Sendable {
        package var id: String
        package var basic: Basic?
        package var contact: String?
        package var note: String?
        /// RFC 3339, as it came.
        package var timestamp: String?

        package init(
            id: String, basic: Basic?, contact: String? = nil, note: String? = nil, timestamp: String? = nil
        ) {
            self.id = id
            self.basic = basic
            self.contact = contact
            self.note = note
            self.timestamp = timestamp
        }
    }

    package static let contentType = "application/pidf+xml"
    package static let eventPackage = "presence"

    /// Whom it is about: a `pres:` or `sip:` URI.
    package var entity: String
    package var tuples: [Tuple]
    package var notes: [String]
    /// Element names of RFC 4480 §3.2: `busy`, `away`, `on-the-phone` …
    package var activities: [String]

    package init(entity: String, tuples: [Tuple], notes: [String] = [], activities: [String] = []) {
        self.entity = entity
        self.tuples = tuples
        self.notes = notes
        self.activities = activities
    }

    /// Open as soon as one way is; nil when no way says anything.
    package var basic: Basic? {
        if tuples.contains(where: { $0.basic == .open }) { return .open }
        return tuples.contains { $0.basic == .closed } ? .closed : nil
    }
    /// The first thing said in words.
    package var note: String? { notes.first ?? tuples.lazy.compactMap(\.note).first }
}
