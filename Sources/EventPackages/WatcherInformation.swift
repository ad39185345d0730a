/// Who watches a resource: `application/watcherinfo+xml` (RFC 3858).
package struct WatcherInformation: VersionedDocument, Hashable {
    package struct Row: Hashable, Sendable {
        package var resource: String
        package var package: String
        /// Unique among the watchers of one list.
        package var id: String
        /// `pending`, `active`, `waiting`, `terminated`.
        package var status: String
        /// What led to that: `subscribe`, `approved`, `timeout` …
        package var event: String?
        package var uri: String
    }
    package static let contentType = "application/watcherinfo+xml"
    package static let eventPackage = "presence.winfo"
    private static let namespace = "urn:ietf:params:xml:ns:watcherinfo"

    package let version: UInt64
    package let isFull: Bool
    package let rows: [Row]

    package static func key(of row: Row) -> String { "\(row.resource)\u{0}\(row.package)\u{0}\(row.id)" }
    package static func isOver(_ row: Row) -> Bool { row.status == "terminated" }

    package init(parsing octets: [UInt8], limits: DocumentLimits = DocumentLimits()) throws(DocumentError) {
        let root = try MarkupElement(parsing: octets, limits: limits)
        guard root.name == "watcherinfo", root.namespace == Self.namespace else {
            throw .unexpected("the document element is '\(root.name)', not 'watcherinfo'")
        }
        (version, isFull) = try root.versioned()
        rows = root.children("watcher-list", in: Self.namespace).flatMap { list -> [Row] in
            guard let resource = list.attributes["resource"], let package = list.attributes["package"] else {
                return []
            }
            return list.children("watcher", in: Self.namespace).compactMap { element in
                guard let id = element.attributes["id"], !id.isEmpty, let status = element.attributes["status"] else {
                    return nil
                }
                return Row(
                    resource: resource, package: package, id: id, status: status, event: element.attributes["event"],
                    uri: element.text)
            }
        }
    }
}
