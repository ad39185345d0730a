import SIPMessage
import Testing

@Suite("Telephone numbers (RFC 3966)")
struct TelURITests {
    @Test(
        "Equal numbers: separators, case and order mean nothing (RFC 3966 §4)",
        arguments: [
            ("tel:+1-201-555-0123", "tel:+1(201)555.0123"), ("tel:+12015550123;ext=1-2", "TEL:+12015550123;EXT=12"),
            ("tel:7042;phone-context=Example.com", "tel:70-42;phone-context=example.COM"),
            ("tel:863-1234;phone-context=+1-914-555", "tel:8631234;phone-context=+1914555"),
            ("tel:+1;a=b;c=d", "tel:+1;c=d;a=b"), ("tel:1*A", "tel:1*a"),
        ])
    func equal(a: String, b: String) throws {
        #expect(try TelURI(parsing: a).isEquivalent(to: TelURI(parsing: b)))
        #expect(try AnyURI(parsing: a).isEquivalent(to: AnyURI(parsing: b)))
    }

    @Test(
        "Different numbers (RFC 3966 §4)",
        arguments: [
            ("tel:+12015550123", "tel:12015550123"), ("tel:+1", "tel:+1;ext=2"),
            ("tel:7042;phone-context=a.example", "tel:7042;phone-context=b.example"), ("tel:+1;x=1", "tel:+1;x=2"),
        ])
    func different(a: String, b: String) throws {
        #expect(try !TelURI(parsing: a).isEquivalent(to: TelURI(parsing: b)))
        #expect(try !AnyURI(parsing: a).isEquivalent(to: AnyURI(parsing: b)))
    }

    @Test(
        "No telephone number (RFC 3966 §3)",
        arguments: ["tel:bob", "tel:+", "tel:--", "tel:+1a", "tel:+1;", "tel:+1;=x", "tel:+1;a=1;a=2", "sip:+1@b"])
    func refused(text: String) { #expect(throws: SIPParseError.self) { try TelURI(parsing: text) } }

    @Test(
        "At a gateway a number is a SIP URI with user=phone (URI-291, RFC 3261 §19.1.6)",
        arguments: [
            ("tel:+1-201-555-0123", "sip:+12015550123@gw.example;user=phone"),
            ("tel:+358-555-1234567;postd=PP22", "sip:+3585551234567;postd=pp22@gw.example;user=phone"),
            (
                "tel:+358-555-1234567;postd=pp22;isub=1411",
                "sip:+3585551234567;isub=1411;postd=pp22@gw.example;user=phone"
            ),
            ("tel:7042;phone-context=example.com", "sip:7042;phone-context=example.com@gw.example;user=phone"),
            ("tel:7042", "sip:7042;phone-context=gw.example@gw.example;user=phone"),
        ])
    func converted(tel: String, sip: String) throws {
        #expect(try TelURI(parsing: tel).sip(at: "gw.example").description == sip)
    }
}
