import EventPackages
package import SansIO

/// The event state compositor of the domain (RFC 3903 §6): what users have published, under which entity-tag.
package struct PresenceState: Sendable {
    package struct Publication: Hashable, Sendable {
        package var user: String
        package var body: [UInt8]
        package var expiresAt: Instant
        package var since: Instant
    }
    package enum Refusal: Error, Hashable, Sendable {
        /// 412: no publication with this entity-tag.
        case unknownTag
        /// 400: an initial PUBLISH without a document, or one that cannot be read.
        case badDocument
        case tooBrief(minimum: Duration)
        case tooMany
    }

    private var byTag: [String: Publication] = [:]
    private var serial: UInt64 = 0
    private let limits: SandboxConfiguration.Limits

    package init(limits: SandboxConfiguration.Limits) { self.limits = limits }

    package var count: Int { byTag.count }
    package mutating func removeAll() { byTag = [:] }
    package var nextExpiry: Instant? { byTag.values.map(\.expiresAt).min() }

    /// Carries out one PUBLISH; the new entity-tag and what was granted. Each success gives a new tag (RFC 3903 §6).
    package mutating func apply(
        user: String, tag: String?, body: [UInt8], expires: Duration, newTag: String, at now: Instant
    ) throws(Refusal) -> (tag: String, granted: Duration) {
        let granted = min(expires, limits.longestLease)
        if granted > .zero, granted < limits.shortestLease { throw .tooBrief(minimum: limits.shortestLease) }
        if !body.isEmpty {
            guard body.count <= limits.documentBytes, (try? PresenceDocument(parsing: body)) != nil else {
                throw .badDocument
            }
        }
        var publication: Publication
        if let tag {
            guard let old = byTag[tag], old.user == user, old.expiresAt > now else { throw .unknownTag }
            publication = old
            byTag[tag] = nil
        } else {
            guard !body.isEmpty else { throw .badDocument }
            guard byTag.values.count(where: { $0.user == user }) < limits.publicationsPerUser else { throw .tooMany }
            publication = Publication(user: user, body: body, expiresAt: now, since: now)
        }
        guard granted > .zero else { return (newTag, .zero) }
        if !body.isEmpty {
            publication.body = body
            publication.since = now
        }
        publication.expiresAt = now + granted
        byTag[newTag] = publication
        return (newTag, granted)
    }

    /// Drops what has run out; the users whose presence changed by it.
    package mutating func expire(at now: Instant) -> Set<String> {
        let gone = byTag.filter { $0.value.expiresAt <= now }
        for tag in gone.keys { byTag[tag] = nil }
        return Set(gone.values.map(\.user))
    }

    /// The newest document of a user; nil when there is none.
    package func document(of user: String) -> [UInt8]? {
        byTag.values.filter { $0.user == user }.max { $0.since < $1.since }?.body
    }
}
