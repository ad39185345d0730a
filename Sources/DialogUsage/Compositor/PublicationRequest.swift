package import SIPMessage

/// A PUBLISH that has been read: what the compositor is asked to do.
package struct PublicationRequest: Hashable, Sendable {
    package var resource: PublishedResource
    /// The publication it is about; nil: a new one.
    package var entityTag: String?
    /// nil: refreshed or removed as it is.
    package var document: EventDocument?
    /// Asked for; zero removes. nil: the compositor's usual time.
    package var expires: Duration?
    /// Whose credentials it carried.
    package var authenticatedUser: String?

    /// The steps of RFC 3903 §6 that need no table, in their order. Record-Route and Contact play no part.
    package init(
        reading message: SIPMessage, authenticatedUser: String?, _ configuration: CompositorConfiguration
    ) throws(CompositorRefusal) {
        guard let target = try? message.requestURI(), let address = configuration.domain.addressOfRecord(target) else {
            throw .unknownResource
        }
        guard configuration.authority.allows(authenticatedUser, for: address) else { throw .forbidden }
        guard let event = try? message.event(), let package = configuration.packages[event.package] else {
            throw .badEvent(served: configuration.packages.keys.sorted())
        }
        resource = PublishedResource(address: address, package: event.package)
        entityTag = try Self.entityTag(of: message)
        do {
            expires = try message.expires().map { .seconds(Int64($0)) }
        } catch {
            throw .malformed
        }
        document = try Self.document(of: message, package, configuration.limits)
        guard document != nil || entityTag != nil else { throw .nothingPublished }
        self.authenticatedUser = authenticatedUser
    }

    private static func entityTag(of message: SIPMessage) throws(CompositorRefusal) -> String? {
        let tags = message.values(.sipIfMatch)
        guard let tag = tags.first else { return nil }
        let isToken = !tag.isEmpty && tag.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: ",") }
        guard tags.count == 1, isToken else { throw .severalTags }
        return tag
    }

    private static func document(
        of message: SIPMessage, _ package: CompositorConfiguration.Package, _ limits: CompositorConfiguration.Limits
    ) throws(CompositorRefusal) -> EventDocument? {
        guard !message.body.isEmpty else { return nil }
        guard message.body.count <= limits.documentBytes else { throw .tooLarge }
        guard let type = (try? message.contentType()).flatMap({ $0 }), package.contentTypes.contains(type.essence)
        else {
            throw .wrongType(accepted: package.contentTypes)
        }
        return EventDocument(contentType: type.essence, body: Array(message.body))
    }
}
