import SIPMessage
import SIPTransaction
package import SansIO

/// From the compositor to those who watch: each change of a resource's document is one NOTIFY to each (RFC 3903 §3,
/// RFC 6665 §4.2.2).
extension UsageCore {
    /// The resource of a SUBSCRIBE that the core answers by itself: `.some(nil)` when there is none of that name.
    func watchedResource(_ message: SIPMessage, _ package: String) -> PublishedResource?? {
        guard let configuration = compositor?.configuration, configuration.watching == .automatic,
            configuration.packages[package] != nil
        else { return nil }
        guard let target = try? message.requestURI(), let address = configuration.domain.addressOfRecord(target) else {
            return .some(nil)
        }
        return PublishedResource(address: address, package: package)
    }

    /// Accepts the watcher, who is told the present state at once.
    mutating func admit(
        _ id: UsageID<ServerSubscription>, to resource: PublishedResource, asking: Duration, at now: Instant
    ) {
        audience.add(id, to: resource)
        show(compositor?.document(of: resource, at: now), to: id)
        drive(id, .accepted(.active, granted: asking), at: now)
    }

    package var watcherCount: Int { watchers.count }

    /// The state that a resource has while nobody publishes any.
    package mutating func setHardState(
        _ document: EventDocument?, of resource: PublishedResource, at now: Instant
    ) -> [UsageOutput] {
        compositor?.setHardState(document, of: resource)
        feed(resource, at: now)
        return settle(at: now)
    }
    /// The application's answer to `compositionWanted`.
    package mutating func compose(
        _ document: EventDocument, of resource: PublishedResource, at now: Instant
    ) -> [UsageOutput] {
        compositor?.compose(document, of: resource)
        feed(resource, at: now)
        return settle(at: now)
    }

    mutating func stateChanged(of resource: PublishedResource, at now: Instant) {
        guard let compositor else { return }
        let publications = compositor.publications(of: resource, at: now)
        switch compositor.configuration.packages[resource.package]?.composition {
        case .byApplication where !publications.isEmpty:
            report(.compositor(.compositionWanted(resource, publications)))
        case .byApplication, .newest, nil: feed(resource, at: now)
        }
    }

    /// Nobody is told twice what he knows already.
    private mutating func feed(_ resource: PublishedResource, at now: Instant) {
        let document = compositor?.document(of: resource, at: now)
        for id in audience.watchers(of: resource) {
            guard let details = watchers[id]?.details,
                details.contentType != document?.contentType || details.body != document?.body ?? []
            else { continue }
            show(document, to: id)
            drive(id, .changed(.active), at: now)
        }
    }
    private mutating func show(_ document: EventDocument?, to id: UsageID<ServerSubscription>) {
        _ = watchers.update(id) { entry in
            entry.details.standing = .active
            entry.details.contentType = document?.contentType
            entry.details.body = document?.body ?? []
        }
    }
}
