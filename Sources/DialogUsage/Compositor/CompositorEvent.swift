/// What happens at our event state compositor, for the application.
package enum CompositorEvent: Hashable, Sendable {
    /// The application decides: `approve` or `reject`.
    case requested(UsageID<ServerPublication>, PublicationRequest)
    case published(PublishedResource, Publication)
    case refreshed(PublishedResource, Publication)
    case modified(PublishedResource, Publication)
    case removed(PublishedResource, Publication)
    case expired(PublishedResource, Publication)
    /// The publications changed and one document is to be made of them: `compose`. Watchers are told when it is.
    case compositionWanted(PublishedResource, [Publication])
}
