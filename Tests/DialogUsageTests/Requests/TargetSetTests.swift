import DialogUsage
import SIPMessage
import Testing

@Suite("Where a redirected request may go, as a table (RFC 3261 §8.1.3.4, §19.1.5)")
struct TargetSetTests {
    private func contact(_ text: String) throws -> NameAddress { try NameAddress(parsing: text) }
    private func all(_ set: inout TargetSet) -> [String] {
        var all: [String] = []
        while let next = set.next() { all.append(next.uri.description) }
        return all
    }

    @Test("By q, highest first; equal ones in their order; without q as good as any (UAC-112, RFC 3261 §8.1.3.4)")
    func order() throws {
        var set = TargetSet(first: World.uri("bob"), limit: 10)
        let contacts = ["<sip:a@x>;q=0.3", "<sip:b@x>", "<sip:c@x>;q=0.7", "<sip:d@x>;q=1.0", "<sip:e@x>;q=x"]
        #expect(set.add(try contacts.map(contact)).isEmpty)
        #expect(all(&set) == ["sip:b@x", "sip:d@x", "sip:e@x", "sip:c@x", "sip:a@x"])
    }

    @Test(
        "No URI twice, however it is spelled, the first target included; no more than the limit (UAC-112, RFC 3261 §8.1.3.4)"
    )
    func once() throws {
        var set = TargetSet(first: World.uri("bob"), limit: 4)
        _ = set.add(try ["<sip:a@x>", "<sip:%61@X>", "<sip:bob@example.com>", "<mailto:a@x>"].map(contact))
        #expect(all(&set) == ["sip:a@x"])
        _ = set.add(try ["<sip:a@x>", "<sip:b@x>", "<sip:c@x>", "<sip:d@x>"].map(contact))
        #expect(all(&set) == ["sip:b@x", "sip:c@x"])
    }

    @Test("From sips to sip only when the user says so (UAC-113, RFC 3261 §8.1.3.4, §26.4.4)")
    func secure() throws {
        let first = try AnyURI(parsing: "sips:bob@example.com")
        let contacts = try ["<sip:a@x>", "<sips:b@x>;q=0.1"].map(contact)
        var set = TargetSet(first: first, limit: 10)
        #expect(set.add(contacts).map(\.uri.description) == ["sip:a@x"])
        #expect(all(&set) == ["sips:b@x"])
        var asked = TargetSet(first: first, limit: 10)
        #expect(asked.add(contacts, insecureToo: true).isEmpty)
        #expect(all(&asked) == ["sip:a@x", "sips:b@x"])
    }

    @Test(
        "Headers in a URI: harmless ones are taken over, no other (UAC-114, RFC 3261 §19.1.5)",
        arguments: [
            "From", "To", "Call-ID", "CSeq", "Via", "Route", "Record-Route", "Authorization", "Proxy-Authorization",
            "Contact", "Supported", "Accept", "Content-Length", "body", "X-Unknown", "f", "i",
        ])
    func headers(name: String) throws {
        let chosen = ChosenTarget(try AnyURI(parsing: "sip:a@x?\(name)=evil&Subject=hello%20you"))
        #expect(chosen.uri.description == "sip:a@x")
        #expect(chosen.fields.entries.map(\.value) == ["hello you"])
        var draft = RequestDraft(method: .invite, uri: World.uri("bob"))
        draft.fields.append(.subject, "before")
        chosen.apply(to: &draft)
        #expect(draft.fields.all(.subject) == ["hello you"] && draft.fields.entries.count == 1)
    }

    @Test("Lists grow (UAC-114, RFC 3261 §8.1.3.4)")
    func lists() throws {
        let chosen = ChosenTarget(try AnyURI(parsing: "sip:a@x?Call-Info=%3Chttp://y%3E"))
        var draft = RequestDraft(method: .invite, uri: World.uri("bob"))
        draft.fields.append(.callInfo, "<http://x>")
        chosen.apply(to: &draft)
        #expect(draft.fields.all(.callInfo) == ["<http://x>", "<http://y>"])
    }

    @Test("method and headers go; maddr, ttl, transport and the others stay (UAC-119, RFC 3261 §19.1.5)")
    func parameters() throws {
        let text = "sip:a@x:5070;maddr=192.0.2.1;ttl=1;transport=tcp;method=INVITE;other=1?Subject=s"
        let chosen = ChosenTarget(try AnyURI(parsing: text))
        #expect(chosen.uri.description == "sip:a@x:5070;maddr=192.0.2.1;ttl=1;transport=tcp;other=1")
        #expect(chosen.method == .invite)
        #expect(try AnyURI(parsing: text).asIdentity.description == "sip:a@x:5070;other=1")
        // A contact for another method is none for a call.
        var set = TargetSet(first: World.uri("bob"), limit: 10)
        _ = set.add([try contact("<sip:a@x;method=MESSAGE>")])
        #expect(set.isEmpty)
    }

    @Test("A preference is a digit and at most three decimals; what is none counts as the highest (RFC 3261 §25.1)")
    func preference() throws {
        for text in ["+1", "-0", "1.001", "0.1234", "", ".5", "0.x", "2", "1e0"] {
            #expect(QValue(parsing: text) == nil)
        }
        #expect(QValue(parsing: "0.75")?.thousandths == 750)
        #expect(QValue(parsing: "1.")?.thousandths == 1000)
        let contact = try NameAddress(parsing: "<sip:a@example.com>;q=+0.1")
        #expect(QValue(of: contact).thousandths == 1000)
    }
}
