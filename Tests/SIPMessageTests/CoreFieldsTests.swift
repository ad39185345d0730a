import SIPMessage
import Testing

@Suite("Fields by their offsets")
struct CoreFieldsTests {
    @Test("Views name the same text as the values")
    func agreement() throws {
        for sample in Torture.cases where sample.verdict == "must-accept" {
            let message = try SIPMessage(parsing: sample.bytes)
            let core = try message.coreFields()
            let from = try #require(core.from)
            #expect(message.text(from.tag) == (try message.from().tag ?? ""), "\(sample.id)")
            #expect(message.unquotedText(from.displayName) == (try message.from().displayName ?? ""), "\(sample.id)")
            let vias = try message.vias()
            #expect(core.viaCount == vias.count, "\(sample.id)")
            for (index, via) in vias.enumerated() {
                let view = try #require(core.via(index))
                #expect(message.text(view.branch) == via.branch ?? "", "\(sample.id)")
                #expect(message.text(view.host) == via.host, "\(sample.id)")
            }
            #expect(core.via(vias.count) == nil)
            #expect(core.cSeq?.number == (try message.cSeq().number), "\(sample.id)")
            #expect(message.text(core.callID) == (try message.callID()), "\(sample.id)")
            #expect(core.maxForwards == (try message.maxForwards()), "\(sample.id)")
        }
    }

    @Test("Digest, Event, Expires and Contact are read")
    func extras() throws {
        let message = try Samples.message([
            (
                "Authorization",
                ["Authorization: DIGEST username=\"u\", nonce=\"n\\\"\", response=\"r\", qop=auth, nc=00000001"]
            ),
            ("Event", ["o: presence;id=7"]), ("Expires", ["Expires: 3600"]),
            ("Contact", ["Contact: <sip:a@b>;expires=60, <sip:c@d>"]),
        ])
        let core = try message.coreFields()
        let digest = try #require(core.digest)
        #expect(message.unquotedText(digest.nonce) == "n\"")
        #expect(message.text(digest.nc) == "00000001")
        #expect(!digest.realm.isPresent)
        #expect(core.expires == 3600)
        #expect(core.event.map { message.text($0.id) } == "7")
        #expect(core.contactCount == 2)
        #expect(core.contact.map { message.text($0.expires) } == "60")
    }
}
