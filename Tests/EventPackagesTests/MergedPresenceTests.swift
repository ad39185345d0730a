import EventPackages
import Testing

@Suite("Presence documents of several publishers become one")
struct MergedPresenceTests {
    private func document(
        _ ids: String..., note: String? = nil, activities: [String] = []
    ) -> PresenceDocument {
        PresenceDocument(
            entity: "sip:a@x", tuples: ids.map { .init(id: $0, basic: .open, note: note) },
            notes: note.map { [$0] } ?? [], activities: activities)
    }

    @Test("Every tuple is there under an id of its own, the newest first (RFC 3863 §4.1.2)")
    func tuples() {
        let merged = PresenceDocument(
            merging: [document("t", "u"), document("t", "t-2"), document("t")], entity: "sip:b@x")
        #expect(merged.entity == "sip:b@x")
        #expect(merged.tuples.map(\.id) == ["t", "u", "t-2", "t-2-2", "t-3"])
    }

    @Test("Notes are said once; the activities are those of the newest who says any")
    func words() {
        let merged = PresenceDocument(
            merging: [
                document("a", note: "busy"), document("b", note: "busy", activities: ["meeting"]),
                document("c", note: "here", activities: ["away"]),
            ], entity: "sip:a@x")
        #expect(merged.notes == ["busy", "here"])
        #expect(merged.activities == ["meeting"])
        #expect(merged.basic == .open)
    }

    @Test("Of nothing nothing is made, and what is made can be read again")
    func readable() throws {
        #expect(PresenceDocument(merging: [], entity: "sip:a@x").tuples.isEmpty)
        let merged = PresenceDocument(merging: [document("t"), document("t")], entity: "sip:a@x")
        #expect(try PresenceDocument(parsing: merged.serialised()) == merged)
    }
}
