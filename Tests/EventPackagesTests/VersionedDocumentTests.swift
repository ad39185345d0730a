import EventPackages
import Testing

@Suite("Documents of partial state (RFC 4235 §4.3, RFC 3858 §4)")
struct VersionedDocumentTests {
    private func dialogs(_ version: Int, _ state: String, _ rows: [(String, String)]) throws -> DialogInformation {
        let elements = rows.map { "<dialog id=\"\($0.0)\"><state>\($0.1)</state></dialog>" }.joined()
        let text = """
            <?xml version="1.0"?><dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="\(version)" \
            state="\(state)" entity="sip:alice@example.com">\(elements)</dialog-info>
            """
        return try DialogInformation(parsing: Array(text.utf8))
    }
    private func watchers(_ version: Int, _ state: String, _ rows: [(String, String)]) throws -> WatcherInformation {
        let elements = rows.map {
            "<watcher id=\"\($0.0)\" event=\"subscribe\" status=\"\($0.1)\">sip:\($0.0)@example.com</watcher>"
        }.joined()
        let text = """
            <watcherinfo xmlns="urn:ietf:params:xml:ns:watcherinfo" version="\(version)" state="\(state)">\
            <watcher-list resource="sip:alice@example.com" package="presence">\(elements)</watcher-list></watcherinfo>
            """
        return try WatcherInformation(parsing: Array(text.utf8))
    }

    @Test("Partial documents change rows, add rows and take rows away (RFC 4235 §4.3)")
    func inOrder() throws {
        var table = VersionedTable<DialogInformation>()
        #expect(table.take(try dialogs(7, "full", [("a", "early"), ("b", "confirmed")])) == .taken)
        #expect(table.take(try dialogs(8, "partial", [("a", "confirmed"), ("c", "trying")])) == .taken)
        #expect(table.take(try dialogs(9, "partial", [("b", "terminated")])) == .taken)
        #expect(table.rows.map(\.id) == ["a", "c"])
        #expect(table.rows.map(\.state) == ["confirmed", "trying"])
    }

    @Test(
        "A gap before a partial document asks for the whole state, before a full one it does not (EVT-373, RFC 4235 §4.3)"
    )
    func gap() throws {
        var table = VersionedTable<DialogInformation>()
        #expect(table.take(try dialogs(0, "partial", [("a", "early")])) == .gap, "nothing to be a part of")
        #expect(table.take(try dialogs(1, "partial", [("a", "confirmed")])) == .taken)
        #expect(table.take(try dialogs(3, "partial", [("b", "early")])) == .gap)
        #expect(table.rows.count == 2, "what it says counts all the same")
        #expect(table.take(try dialogs(9, "full", [("c", "early")])) == .taken)
        #expect(table.rows.map(\.id) == ["c"])
    }

    @Test("A document that was overtaken is passed over (EVT-373, RFC 4235 §4.3)")
    func old() throws {
        var table = VersionedTable<DialogInformation>()
        _ = table.take(try dialogs(5, "full", [("a", "confirmed")]))
        #expect(table.take(try dialogs(4, "full", [])) == .old)
        #expect(table.take(try dialogs(5, "partial", [("a", "terminated")])) == .old)
        #expect(table.rows.map(\.id) == ["a"])
    }

    @Test("Watcher information follows the same rules (EVT-373, RFC 3858 §4)")
    func watcherInformation() throws {
        var table = VersionedTable<WatcherInformation>()
        #expect(table.take(try watchers(0, "full", [("bob", "pending")])) == .taken)
        #expect(table.take(try watchers(2, "partial", [("carol", "active")])) == .gap)
        #expect(table.take(try watchers(1, "partial", [("bob", "terminated")])) == .old)
        #expect(table.rows.map(\.uri) == ["sip:bob@example.com", "sip:carol@example.com"])
    }

    @Test("Versions and states that cannot be counted or compared make no document (H-036)")
    func unreadable() {
        #expect(throws: DocumentError.self) { try dialogs(-1, "full", []) }
        #expect(throws: DocumentError.self) { try dialogs(1, "half", []) }
        let huge =
            "<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"99999999999999999999\" state=\"full\"/>"
        #expect(throws: DocumentError.self) { try DialogInformation(parsing: Array(huge.utf8)) }
    }

    @Test("A notifier with rows without end fills a table to its limit (H-036)")
    func bounded() throws {
        var table = VersionedTable<DialogInformation>(most: 10)
        _ = table.take(try dialogs(0, "full", (0..<50).map { ("d\($0)", "early") }))
        #expect(table.rows.count == 10)
    }
}
