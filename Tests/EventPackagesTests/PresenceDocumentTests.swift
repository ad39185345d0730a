import EventPackages
import Testing

@Suite("Presence documents (RFC 3863, RFC 4480)")
struct PresenceDocumentTests {
    @Test("What is written is read back the same, whatever its texts contain (RFC 3863 §4)")
    func roundTrip() throws {
        let document = PresenceDocument(
            entity: "sip:alice@example.com",
            tuples: [
                .init(
                    id: "a1", basic: .open, contact: "sip:alice@192.0.2.1:5070;transport=tcp",
                    note: "<\"Tom\" & 'Ann'>",
                    timestamp: "2026-11-24T11:00:00Z"),
                .init(id: "a2", basic: .closed),
            ],
            notes: ["à bientôt ☎"], activities: ["on-the-phone", "digging a hole"])
        #expect(try PresenceDocument(parsing: document.serialised()) == document)
    }

    @Test("The example of RFC 3863 §4.3 with its extensions is read")
    func exampleOfTheRFC() throws {
        let document = try PresenceDocument(parsing: Array(Self.example.utf8))
        #expect(document.entity == "pres:someone@example.com")
        #expect(document.tuples.map(\.id) == ["bs35r9", "eg92n8"])
        #expect(document.tuples.map(\.basic) == [.open, .open])
        #expect(document.tuples[0].contact == "im:someone@mobilecarrier.net")
        #expect(document.tuples[0].note == "Don't Disturb Please!")
        #expect(document.tuples[0].timestamp == "2001-10-27T16:49:29Z")
        #expect(document.notes == ["I'll be in Tokyo next week"])
        #expect(document.basic == .open)
    }

    @Test("Unknown namespaces and the order of what is known change nothing (EVT-381, RFC 3863 §4)")
    func unknownContent() throws {
        func read(_ content: [String]) throws -> PresenceDocument {
            let text = """
                <presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:x="urn:example:moods" entity="sip:a@b">\
                \(content.joined())</presence>
                """
            return try PresenceDocument(parsing: Array(text.utf8))
        }
        let closed = "<tuple id=\"c\"><status><basic>closed</basic></status></tuple>"
        let open = """
            <tuple id="o"><x:mood x:deep="1"><x:basic>closed</x:basic><tuple id="inner"/></x:mood><status><x:basic>closed\
            </x:basic><basic>open</basic></status><contact>sip:a@c</contact></tuple>
            """
        let foreign = "<x:tuple id=\"f\"><status><basic>closed</basic></status></x:tuple><x:note>no</x:note>"
        let note = "<note>yes</note>"
        for content in [[closed, open, foreign, note], [note, foreign, open, closed], [foreign, closed, note, open]] {
            let document = try read(content)
            #expect(document.basic == .open)
            #expect(Set(document.tuples.map(\.id)) == ["c", "o"])
            #expect(document.tuples.first { $0.id == "o" }?.contact == "sip:a@c")
            #expect(document.notes == ["yes"])
        }
    }

    @Test("Activities are found in the person and in a tuple's status, each once (RFC 4480 §3.2)")
    func activities() throws {
        let text = """
            <presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"
              xmlns:r="urn:ietf:params:xml:ns:pidf:rpid" entity="sip:a@b">
              <tuple id="x"><status><basic>open</basic><r:activities><r:busy/></r:activities></status></tuple>
              <dm:person id="p"><r:activities><r:note>long one</r:note><r:busy/><r:on-the-phone/></r:activities>
              <dm:note>back at 5</dm:note></dm:person></presence>
            """
        let document = try PresenceDocument(parsing: Array(text.utf8))
        #expect(document.activities == ["busy", "on-the-phone"])
        #expect(document.note == "back at 5")
    }

    @Test("A tuple id that comes twice means the first, and a tuple without id nothing (RFC 3863 §4.1.2, H-036)")
    func duplicateIDs() throws {
        let text = """
            <presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:a@b"><tuple id="x"><status><basic>closed</basic>
            </status></tuple><tuple id="x"><status><basic>open</basic></status></tuple><tuple><status><basic>open</basic>
            </status></tuple></presence>
            """
        let document = try PresenceDocument(parsing: Array(text.utf8))
        #expect(document.tuples == [.init(id: "x", basic: .closed)])
        #expect(document.basic == .closed)
    }

    @Test("A basic value of neither kind says nothing (RFC 3863 §4.1.4)")
    func unknownBasic() throws {
        let text =
            "<presence xmlns='urn:ietf:params:xml:ns:pidf' entity='sip:a@b'><tuple id='x'><status><basic>ajar</basic></status></tuple></presence>"
        #expect(try PresenceDocument(parsing: Array(text.utf8)).basic == nil)
    }

    @Test(
        "What is no presence document is named as what it is (H-031)",
        arguments: [
            "<html/>", "<presence entity='sip:a@b'/>", "<presence xmlns='urn:ietf:params:xml:ns:pidf'/>",
        ])
    func otherDocuments(text: String) {
        let error = #expect(throws: DocumentError.self) { try PresenceDocument(parsing: Array(text.utf8)) }
        guard case .unexpected = error else {
            Issue.record("refused for another reason: \(String(describing: error))")
            return
        }
    }

    static let example = """
        <?xml version="1.0" encoding="UTF-8"?>
        <impp:presence xmlns:impp="urn:ietf:params:xml:ns:pidf" entity="pres:someone@example.com">
          <impp:tuple id="bs35r9">
            <impp:status><impp:basic>open</impp:basic></impp:status>
            <impp:contact priority="0.8">im:someone@mobilecarrier.net</impp:contact>
            <impp:note xml:lang="en">Don't Disturb Please!</impp:note>
            <impp:note xml:lang="fr">Ne derangez pas, s'il vous plait</impp:note>
            <impp:timestamp>2001-10-27T16:49:29Z</impp:timestamp>
          </impp:tuple>
          <impp:tuple id="eg92n8">
            <impp:status><impp:basic>open</impp:basic></impp:status>
            <impp:contact priority="1.0">mailto:someone@example.com</impp:contact>
          </impp:tuple>
          <impp:note>I'll be in Tokyo next week</impp:note>
        </impp:presence>
        """
}
