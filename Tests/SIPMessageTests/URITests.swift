import SIPMessage
import SansIO
import Testing

@Suite("URIs")
struct URITests {
    @Test("A URI is written as it was read")
    func roundTrip() throws {
        for text in [
            "sip:a@example.com", "sips:a:pass@example.com:5061;transport=tcp;lr?Subject=x&Route=%3Csip:r%3E",
            "sip:example.com.",
            "sip:%00@host", "tel:+1-201-555-0123", "sip:user;par=u%40example.net@example.com", "urn:service:sos",
            "sip:a@[::1]:5060",
        ] {
            #expect(try AnyURI(parsing: text).description == text)
        }
    }

    @Test(
        "What is no URI is refused (H-005, H-014, H-017, H-018, H-019)",
        arguments: [
            "", "/", "sip:", "sip", ":", ":::", "tel:", "sip:@a.b", "sip:a@", "sip:a@b:0", "sip:a@b:65536", "sip:a@b:",
            "sip:a@b:-1",
            "sip:a@b:99999999999999999999", "sip:a%@b", "sip:a%4@b", "sip:a%zz@b", "sip:a@.1", "sip:a@[.1]",
            "sip:a@[::::]",
            "sip:a@[fe80::1%25eth0]", "sip:a@[::1", "sip:a@b..c", "sip:a@b;", "sip:a@b;;lr", "sip:a@b;=x", "sip:a@b?",
            "sip:a@b?x",
            "sip:a b@c", "sip:a@b c", "sip:a\0@b", "sip:a@b@c", "sip:ü@b", "<sip:a@b>", "1sip:a@b", "tel:a b",
            "sip:a@[1:2:3:4:5:6:7]",
            "sip:a@[1::2::3]", "sip:a@[12345::]", "sip:a@[::256.0.0.1]", "sip:" + String(repeating: "a", count: 2045),
            "sip:a@" + String(repeating: "b", count: 256), "sip:a@b" + String(repeating: ";x", count: 65),
            "sip:a@b?" + Array(repeating: "x=", count: 17).joined(separator: "&"),
        ])
    func refused(text: String) { #expect(throws: SIPParseError.self) { try AnyURI(parsing: text) } }

    @Test("The limits themselves are allowed (hardening.md section 1)")
    func limits() throws {
        #expect(try SIPURI(parsing: "sip:" + String(repeating: "a", count: 2042) + "@b").user?.count == 2042)
        #expect(try SIPURI(parsing: "sip:a@" + String(repeating: "b", count: 255)).host.count == 255)
        #expect(try SIPURI(parsing: "sip:a@b" + String(repeating: ";x", count: 64)).parameters.count == 64)
        #expect(try SIPURI(parsing: "sip:a@b:65535").port == 65535)
    }

    @Test(
        "Equal URIs (RFC 3261 §19.1.4, URI-285, URI-287, URI-289)",
        arguments: [
            ("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"),
            ("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"),
            ("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;newparam=5"),
            (
                "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
                "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"
            ),
            (
                "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
                "sip:alice@atlanta.com?priority=urgent&subject=project%20x"
            ),
            ("sip:a@[2001:db8::1]", "sip:a@[2001:DB8:0::1]"), ("TEL:123", "tel:123"),
        ])
    func equal(a: String, b: String) throws {
        #expect(try AnyURI(parsing: a).isEquivalent(to: AnyURI(parsing: b)))
        #expect(try AnyURI(parsing: b).isEquivalent(to: AnyURI(parsing: a)))
    }

    @Test(
        "Different URIs (RFC 3261 §19.1.4, URI-285, URI-286, URI-288, URI-289, URI-290)",
        arguments: [
            ("sip:ALICE@example.com", "sip:alice@example.com"), ("sip:a@b.c", "sips:a@b.c"),
            ("sip:a@b.c", "sip:a@b.c:5060"),
            ("sip:a@b.c", "sip:a@b.c;transport=udp"), ("sip:a@b.c;user=phone", "sip:a@b.c"),
            ("sip:a@b.c;maddr=d", "sip:a@b.c"),
            ("sip:a@b.c;ttl=1", "sip:a@b.c"), ("sip:a@b.c;method=BYE", "sip:a@b.c"), ("sip:a@b.c;x=1", "sip:a@b.c;x=2"),
            ("sip:a@b.c", "sip:a@b.c?Subject=x"), ("sip:a@b.c", "sip:a:p@b.c"), ("sip:a%40@b.c", "sip:a%41@b.c"),
            ("sip:%00@b.c", "sip:%00%00@b.c"), ("tel:1", "sip:1@b.c"),
        ])
    func different(a: String, b: String) throws {
        #expect(try !AnyURI(parsing: a).isEquivalent(to: AnyURI(parsing: b)))
        #expect(try !AnyURI(parsing: b).isEquivalent(to: AnyURI(parsing: a)))
    }

    @Test("Escapes are resolved once, and only to compare and to show (RFC 3261 §19.1.2, SYN-025)")
    func escapes() throws {
        let uri = try SIPURI(parsing: "sip:a%2541%00@b")
        #expect(uri.userDecoded == "a%41\0")
        #expect(uri.user == "a%2541%00")
        #expect(uri.description == "sip:a%2541%00@b")
        #expect(try !uri.isEquivalent(to: SIPURI(parsing: "sip:a%41%00@b")))
        #expect(try !uri.isEquivalent(to: SIPURI(parsing: "sip:a%2541@b")))
        #expect(try SIPURI(parsing: "sip:%41%00b@b").isEquivalent(to: SIPURI(parsing: "sip:A%00%62@b")))
        #expect(try SIPURI(parsing: "sip:a@b;%6C%72").parameters.has("lr"))
        #expect(SIPURI.escapingUser("a b@c:d/ü") == "a%20b%40c%3Ad/%C3%BC")
        #expect(try SIPURI(parsing: "sip:\(SIPURI.escapingUser("\r\n\0%<>"))@b").userDecoded == "\r\n\0%<>")
    }

    @Test("What stands before the @ is the user, whatever it holds (RFC 3261 §25.1, RFC 4475 §3.1.1.9, SYN-026)")
    func oddUsers() throws {
        for (text, user, password, decoded) in [
            ("sip:user;par=u%40example.net@example.com", "user;par=u%40example.net", nil, "user;par=u@example.net"),
            ("sip:a;b?c/d%40e,f=&+$@example.com;lr", "a;b?c/d%40e,f=&+$", nil, "a;b?c/d@e,f=&+$"),
            ("sip:a?b:c@example.com?Subject=x", "a?b", "c", "a?b"),
        ] as [(String, String, String?, String)] {
            let uri = try SIPURI(parsing: text)
            #expect(uri.user == user)
            #expect(uri.password == password)
            #expect(uri.userDecoded == decoded)
            #expect(uri.host == "example.com")
            #expect(uri.description == text)
        }
        #expect(try SIPURI(parsing: "sip:a;b@example.com;lr").parameters.count == 1)
    }

    @Test("The transport parameter has no case and may be one we do not speak")
    func transport() throws {
        #expect(try SIPURI(parsing: "sip:a@b;transport=TcP").transport == .tcp)
        #expect(try SIPURI(parsing: "sip:a@b;transport=sctp").transport == nil)
    }
}
