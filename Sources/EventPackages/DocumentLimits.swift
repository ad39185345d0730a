/// How much of a document from outside we read (`hardening.md`, section 1). Beyond a limit the document is ignored; the
/// subscription that brought it stands.
package struct DocumentLimits: Hashable, Sendable {
    package var octets = 262_144
    package var depth = 64
    package var elements = 10_000
    /// On one element, namespace declarations included.
    package var attributes = 64
    /// Lines of a document that is no XML.
    package var lines = 1_024

    package init() {}
}
