package import SansIO

/// What publishers say of the resources of a domain, for how long, and what watchers are shown of it (RFC 3903 §6).
///
/// A value that knows no message and no clock. A PUBLISH is carried out whole or not at all, and each success names the
/// publication anew: an entity-tag is good once.
package struct EventStateCompositor: Sendable {
    /// What one request did, with the new entity-tag in its publication.
    package enum Change: Hashable, Sendable {
        case published(Publication)
        case refreshed(Publication)
        case modified(Publication)
        case removed(Publication)
    }
    private struct Key: Hashable, Sendable {
        var resource: PublishedResource
        var entityTag: String
    }
    private struct Entry: Sendable {
        var publication: Publication
        var timer: TimerToken
    }

    package let configuration: CompositorConfiguration
    private var byResource: [PublishedResource: [Entry]] = [:]
    /// The state of a resource for as long as nobody publishes any (§3 "hard state").
    private var hardState: [PublishedResource: EventDocument] = [:]
    /// What the application made of several publications.
    private var composed: [PublishedResource: EventDocument] = [:]
    private var wheel = TimingWheel<Key>()
    /// Publications in all, those included whose time has come without `expire` having been told.
    package private(set) var count = 0

    package init(_ configuration: CompositorConfiguration) { self.configuration = configuration }

    // MARK: Looking

    /// Oldest document first.
    package func publications(of resource: PublishedResource, at now: Instant) -> [Publication] {
        (byResource[resource] ?? []).map(\.publication).filter { $0.expiresAt > now }
            .enumerated().sorted { ($0.element.since, $0.offset) < ($1.element.since, $1.offset) }.map(\.element)
    }
    /// What watchers are shown; nil: nothing is known.
    package func document(of resource: PublishedResource, at now: Instant) -> EventDocument? {
        let publications = publications(of: resource, at: now)
        guard let newest = publications.last else { return hardState[resource] }
        switch configuration.packages[resource.package]?.composition {
        case .byApplication: return composed[resource] ?? newest.document
        case .newest, nil: return newest.document
        }
    }
    package var timerCount: Int { wheel.count }
    package var nextDeadline: Instant? { wheel.nextDeadline }

    // MARK: Changing

    /// Steps 3 to 6. `newTag` must never have named anything before.
    package mutating func apply(
        _ request: PublicationRequest, newTag: String, at now: Instant
    ) throws(CompositorRefusal) -> (change: Change, granted: Duration) {
        let entries = byResource[request.resource] ?? []
        let known = request.entityTag.flatMap { tag in
            entries.firstIndex { $0.publication.entityTag == tag && $0.publication.expiresAt > now }
        }
        guard request.entityTag == nil || known != nil else { throw .unknownTag }
        let granted = try granted(request.expires)
        if let known { return (renew(request, at: known, newTag, granted, at: now), granted) }
        guard let document = request.document else { throw .nothingPublished }
        let publication = Publication(
            entityTag: newTag, document: document, since: now, expiresAt: now + granted)
        guard granted > .zero else { return (.removed(publication), .zero) }
        guard entries.count < configuration.limits.publicationsPerResource else { throw .tooManyPublications }
        guard count < configuration.limits.publications else { throw .full }
        insert(publication, into: request.resource)
        return (.published(publication), granted)
    }

    private mutating func renew(
        _ request: PublicationRequest, at index: Int, _ newTag: String, _ granted: Duration, at now: Instant
    ) -> Change {
        var publication = take(index, from: request.resource)
        publication.entityTag = newTag
        publication.expiresAt = now + granted
        if let document = request.document {
            publication.document = document
            publication.since = now
        }
        guard granted > .zero else { return .removed(publication) }
        insert(publication, into: request.resource)
        return request.document == nil ? .refreshed(publication) : .modified(publication)
    }

    /// Every publication whose time has come, earliest first.
    package mutating func expire(at now: Instant) -> [(resource: PublishedResource, publication: Publication)] {
        var gone: [(PublishedResource, Publication)] = []
        for key in wheel.advance(to: now) {
            guard var entries = byResource[key.resource],
                let index = entries.firstIndex(where: { $0.publication.entityTag == key.entityTag })
            else { continue }
            gone.append((key.resource, entries.remove(at: index).publication))
            count -= 1
            byResource[key.resource] = entries.isEmpty ? nil : entries
            composed[key.resource] = nil
        }
        return gone
    }

    package mutating func setHardState(_ document: EventDocument?, of resource: PublishedResource) {
        hardState[resource] = document
    }
    /// One document for all publications of the resource, until one of them changes.
    package mutating func compose(_ document: EventDocument, of resource: PublishedResource) {
        if byResource[resource] != nil { composed[resource] = document }
    }

    /// Forgets what was published; hard state stays, as with a server that starts again.
    package mutating func removePublications() {
        let kept = hardState
        self = EventStateCompositor(configuration)
        hardState = kept
    }

    // MARK: Within

    private func granted(_ asked: Duration?) throws(CompositorRefusal) -> Duration {
        let wanted = asked ?? configuration.usualExpires
        if wanted > .zero, wanted < configuration.shortestExpires {
            throw .tooBrief(minimum: configuration.shortestExpires)
        }
        return min(wanted, configuration.longestExpires)
    }
    private mutating func insert(_ publication: Publication, into resource: PublishedResource) {
        let key = Key(resource: resource, entityTag: publication.entityTag)
        let timer = wheel.schedule(key, at: publication.expiresAt)
        byResource[resource, default: []].append(Entry(publication: publication, timer: timer))
        composed[resource] = nil
        count += 1
    }
    private mutating func take(_ index: Int, from resource: PublishedResource) -> Publication {
        var entries = byResource[resource] ?? []
        let entry = entries.remove(at: index)
        wheel.cancel(entry.timer)
        byResource[resource] = entries.isEmpty ? nil : entries
        composed[resource] = nil
        count -= 1
        return entry.publication
    }
}
