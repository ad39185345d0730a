extension PresenceDocument {
    /// Reads a document from outside. What it does not know it passes over (RFC 3863 §4.4).
    package init(parsing octets: [UInt8], limits: DocumentLimits = DocumentLimits()) throws(DocumentError) {
        let root = try MarkupElement(parsing: octets, limits: limits)
        guard root.name == "presence", root.namespace == PresenceNamespace.pidf else {
            throw .unexpected("the document element is '\(root.name)', not the 'presence' of PIDF")
        }
        guard let entity = root.attributes["entity"], !entity.isEmpty else {
            throw .unexpected("the document does not say whom it is about (entity)")
        }
        var seen: Set<String> = []
        let tuples = root.children("tuple", in: PresenceNamespace.pidf).compactMap(Tuple.init)
            // An id that comes twice means the first one (§4.1.2 wants it unique).
            .filter { seen.insert($0.id).inserted }
        var notes = root.children("note", in: PresenceNamespace.pidf).map(\.text)
        let persons = root.children("person", in: PresenceNamespace.dataModel)
        for person in persons { notes += person.children("note", in: PresenceNamespace.dataModel).map(\.text) }
        self.init(
            entity: entity, tuples: tuples, notes: notes.filter { !$0.isEmpty },
            activities: Self.activities(of: root, persons))
    }

    /// Said of the person (RFC 4479) or, as older agents do, inside the status of a tuple.
    private static func activities(of root: MarkupElement, _ persons: [MarkupElement]) -> [String] {
        let statuses = root.children("tuple", in: PresenceNamespace.pidf).flatMap { tuple in
            tuple.children("status", in: PresenceNamespace.pidf) + [tuple]
        }
        var found: [String] = []
        for holder in persons + statuses {
            for activities in holder.children("activities", in: PresenceNamespace.rpid) {
                for activity in activities.children where activity.namespace == PresenceNamespace.rpid {
                    let name = activity.name == "other" && !activity.text.isEmpty ? activity.text : activity.name
                    if activity.name != "note", !found.contains(name) { found.append(name) }
                }
            }
        }
        return found
    }
}

extension PresenceDocument.Tuple {
    fileprivate init?(_ element: MarkupElement) {
        guard let id = element.attributes["id"], !id.isEmpty else { return nil }
        let pidf = PresenceNamespace.pidf
        let basic = element.first("status", in: pidf)?.first("basic", in: pidf)?.text
        let contact = element.first("contact", in: pidf)?.text
        let note = element.first("note", in: pidf)?.text
        let timestamp = element.first("timestamp", in: pidf)?.text
        self.init(
            id: id, basic: basic.flatMap(PresenceDocument.Basic.init),
            contact: contact.flatMap { $0.isEmpty ? nil : $0 },
            note: note.flatMap { $0.isEmpty ? nil : $0 }, timestamp: timestamp.flatMap { $0.count <= 64 ? $0 : nil })
    }
}
