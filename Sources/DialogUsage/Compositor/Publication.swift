package import SansIO

/// Of whom, and in which event package, state is published: what a watcher subscribes to.
package struct PublishedResource: Hashable, Comparable, Sendable, CustomStringConvertible {
    package var address: AddressOfRecord
    package var package: String

    package init(address: AddressOfRecord, package: String) {
        self.address = address
        self.package = package
    }
    package var description: String { "\(address) (\(package))" }

    package static func < (a: PublishedResource, b: PublishedResource) -> Bool {
        (a.address, a.package) < (b.address, b.package)
    }
}

/// A document and its type.
package struct EventDocument: Hashable, Sendable {
    package var contentType: String
    package var body: [UInt8]

    package init(contentType: String, body: [UInt8]) {
        self.contentType = contentType
        self.body = body
    }
}

/// One publication of a resource: soft state of one publisher, named by its newest entity-tag (RFC 3903 §3).
package struct Publication: Hashable, Sendable {
    package var entityTag: String
    package var document: EventDocument
    /// When the document was last given; a refresh leaves this alone.
    package var since: Instant
    package var expiresAt: Instant
}
