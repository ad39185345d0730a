extension PresenceDocument {
    /// One document of what several publishers say of the same presentity, the newest first (RFC 3903 §3 leaves the
    /// manner to us): every way to reach it, whoever told of it, and the activities of the newest who says any.
    package init(merging documents: [PresenceDocument], entity: String) {
        var tuples: [Tuple] = []
        var taken: Set<String> = []
        for var tuple in documents.flatMap(\.tuples) {
            // Ids are unique in one document only (RFC 3863 §4.1.2).
            var copy = 2
            let id = tuple.id
            while !taken.insert(tuple.id).inserted {
                tuple.id = "\(id)-\(copy)"
                copy += 1
            }
            tuples.append(tuple)
        }
        var seen: Set<String> = []
        self.init(
            entity: entity, tuples: tuples, notes: documents.flatMap(\.notes).filter { seen.insert($0).inserted },
            activities: documents.first { !$0.activities.isEmpty }?.activities ?? [])
    }
}
