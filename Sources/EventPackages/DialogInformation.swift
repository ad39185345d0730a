/// The dialogs of a user: `application/dialog-info+xml` (RFC 4235).
package struct DialogInformation: VersionedDocument, Hashable {
    package struct Row: Hashable, Sendable {
        /// The notifier's own name for the dialog.
        package var id: String
        /// `trying`, `proceeding`, `early`, `confirmed`, `terminated`, or a word from the future.
        package var state: String
        package var callID: String?
        package var localTag: String?
        package var remoteTag: String?
        /// `initiator` or `recipient`.
        package var direction: String?
        package var remoteIdentity: String?
    }
    package static let contentType = "application/dialog-info+xml"
    package static let eventPackage = "dialog"
    private static let namespace = "urn:ietf:params:xml:ns:dialog-info"

    package let entity: String
    package let version: UInt64
    package let isFull: Bool
    package let rows: [Row]

    package static func key(of row: Row) -> String { row.id }
    package static func isOver(_ row: Row) -> Bool { row.state == "terminated" }

    package init(parsing octets: [UInt8], limits: DocumentLimits = DocumentLimits()) throws(DocumentError) {
        let root = try MarkupElement(parsing: octets, limits: limits)
        guard root.name == "dialog-info", root.namespace == Self.namespace else {
            throw .unexpected("the document element is '\(root.name)', not 'dialog-info'")
        }
        (version, isFull) = try root.versioned()
        entity = root.attributes["entity"] ?? ""
        rows = root.children("dialog", in: Self.namespace).compactMap { element in
            guard let id = element.attributes["id"], !id.isEmpty,
                let state = element.first("state", in: Self.namespace)?.text
            else { return nil }
            let remote = element.first("remote", in: Self.namespace)?.first("identity", in: Self.namespace)?.text
            return Row(
                id: id, state: state, callID: element.attributes["call-id"], localTag: element.attributes["local-tag"],
                remoteTag: element.attributes["remote-tag"], direction: element.attributes["direction"],
                remoteIdentity: remote)
        }
    }
}
