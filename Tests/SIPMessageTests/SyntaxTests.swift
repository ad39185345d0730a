import SIPMessage
import Testing

@Suite("Message syntax")
struct SyntaxTests {
    @Test("Folded values are unfolded before they are read (RFC 3261 §7.3.1, SYN-001)")
    func folding() throws {
        let message = try Samples.message([
            ("Via", ["Via: SIP / 2.0\r\n /UDP\r\n\tpc33.example.com\r\n ;branch = z9hG4bKx"]),
            ("CSeq", ["CSeq: 0009\r\n  INVITE"]), ("Contact", ["Contact:\r\n <sip:a@example.com>\r\n ;expires\r\n =5"]),
            ("Subject", ["Subject: one  \r\n \t two"]),
        ])
        try message.checkedCoreFields()
        #expect(try message.topVia().branch == "z9hG4bKx")
        #expect(try message.cSeq() == CSeq(number: 9, method: .invite))
        #expect(try message.contacts() == .addresses([NameAddress(parsing: "<sip:a@example.com>;expires=5")]))
        #expect(message.value(.subject) == "one two")
    }

    @Test("Names have no case, and compact names are the long ones (RFC 3261 §7.3.3, SYN-002, SYN-003)")
    func names() throws {
        let long = [
            "v": "Via", "f": "From", "t": "To", "i": "Call-ID", "m": "Contact", "l": "Content-Length",
            "c": "Content-Type", "e": "Content-Encoding", "s": "Subject", "k": "Supported", "o": "Event",
            "r": "Refer-To", "b": "Referred-By", "x": "Session-Expires", "u": "Allow-Events", "a": "Accept-Contact",
            "j": "Reject-Contact", "d": "Request-Disposition", "y": "Identity",
        ]
        for (compact, name) in long {
            #expect(FieldName(compact) == FieldName(name))
            #expect(FieldName(compact.uppercased()).description == name)
            #expect(FieldName(name.uppercased()).hashValue == FieldName(name.lowercased()).hashValue)
        }
        #expect(FieldName("X-Unknown") == FieldName("x-uNKNOWN"))
        #expect(FieldName("Proxy-Authenticate") != FieldName("Proxy-Authorization"))
        let message = try Samples.message([
            ("Via", ["V: SIP/2.0/UDP a.example.com;branch=1", "vIa: SIP/2.0/UDP b.example.com"]),
            ("Max-Forwards", ["MaX-fOrWaRdS: 68"]),
            ("Supported", ["k: one", "Supported: two, three", "K: four"]),
        ])
        try message.checkedCoreFields()
        #expect(try message.vias().map(\.host) == ["a.example.com", "b.example.com"])
        #expect(try message.maxForwards() == 68)
        #expect(message.tokens(.supported) == ["one", "two", "three", "four"])
    }

    @Test(
        "White space before the colon is no part of the name (RFC 3261 §25.1, SYN-004)", arguments: [" ", "\t", " \t "])
    func spaceBeforeColon(space: String) throws {
        let message = try Samples.message([
            ("Via", ["vIa\(space): SIP/2.0/UDP a.example.com"]), ("Subject", ["Subject\(space):x"]),
            ("To", ["To\(space): <sip:bob@example.com>"]),
        ])
        try message.checkedCoreFields()
        #expect(try message.vias().map(\.host) == ["a.example.com"])
        #expect(try message.to().uri.description == "sip:bob@example.com")
        #expect(message.value(.subject) == "x")
        #expect(message.allFields.map(\.name).allSatisfy { !$0.contains { $0.isWhitespace } })
    }

    @Test("An unknown field is ignored, whatever it holds (RFC 3261 §7.3.2, §8.2.2, SYN-008)")
    func unknownFields() throws {
        let message = try Samples.message([
            (
                "X-Anything",
                ["X-Anything: \"<;,?@\\", "x-anything:", "!%*_+`'~: ,,;;\"", "NewFangledHeader: ü\u{7F}\r\n more (((("]
            )
        ])
        try message.checkedCoreFields()
        #expect(try message.cSeq() == CSeq(number: 314_159, method: .invite))
        #expect(message.values(FieldName("X-ANYTHING")) == ["\"<;,?@\\", ""])
    }

    @Test("A list is the same as one line, as several, and mixed (RFC 3261 §7.3.1, SYN-005)")
    func lists() throws {
        let expected = ["sip:a@example.com", "sip:b@example.com", "sip:c@example.com"]
        for lines in [
            ["Route: <sip:a@example.com>, <sip:b@example.com> , <sip:c@example.com>"],
            ["Route: <sip:a@example.com>", "Route: <sip:b@example.com>", "Route: <sip:c@example.com>"],
            ["Route: <sip:a@example.com>", "Route: <sip:b@example.com>,<sip:c@example.com>"],
        ] {
            #expect(try Samples.message([("Route", lines)]).routes().map { $0.uri.description } == expected)
            let contacts = lines.map { $0.replacing("Route", with: "Contact") }
            guard case .addresses(let addresses) = try Samples.message([("Contact", contacts)]).contacts() else {
                Issue.record("no addresses")
                continue
            }
            #expect(addresses.map { $0.uri.description } == expected)
        }
    }

    @Test("A comma in quotes or in angle brackets separates nothing (RFC 3261 §7.3.1, SYN-006)")
    func commas() throws {
        let message = try Samples.message([
            ("Contact", ["Contact: \"Watson, \\\"T\\\", A\" <sip:a,b@example.com>;q=\"1,2\", <sip:c@example.com>"])
        ])
        guard case .addresses(let contacts) = try message.contacts() else {
            Issue.record("no addresses")
            return
        }
        #expect(contacts.map { $0.uri.sip?.user } == ["a,b", "c"])
        #expect(contacts[0].displayName == "Watson, \"T\", A")
        #expect(message.count(of: .contact) == 2)
    }

    @Test("Authentication fields are never comma lists (RFC 3261 §7.3.1, SYN-007)")
    func challenges() throws {
        let one = "Digest realm=\"a, b\", nonce=\"x\\\"y\", qop=\"auth,auth-int\", algorithm=MD5, stale=TRUE"
        let message = try Samples.message([
            ("WWW-Authenticate", ["WWW-Authenticate: \(one)", "WWW-Authenticate: Unheard of=this"])
        ])
        let challenges = try message.challenges(.wwwAuthenticate)
        #expect(challenges.map(\.scheme) == ["Digest", "Unheard"])
        #expect(challenges[0].realm == "a, b")
        #expect(challenges[0].nonce == "x\"y")
        #expect(challenges[0].qop == ["auth", "auth-int"])
        #expect(challenges[0].stale)
        // Neither are the other three, for all their commas.
        for name in [FieldName.wwwAuthenticate, .authorization, .proxyAuthenticate, .proxyAuthorization] {
            let message = try Samples.message([("X", ["\(name): \(one)", "\(name): \(one)"])])
            #expect(message.values(name) == [one, one])
            #expect(message.count(of: name) == 2)
        }
    }

    @Test(
        "Without brackets a parameter belongs to the field; `?` and `,` are not guessed at (RFC 3261 §20, SYN-009, SYN-010)"
    )
    func bareAddresses() throws {
        let address = try NameAddress(parsing: "sip:a@example.com;tag=1;transport=tcp")
        #expect(address.uri.sip?.parameters.isEmpty == true)
        #expect(address.tag == "1")
        for text in ["sip:a@example.com?Subject=x", "sip:a;x=y@example.com", "sip:a@example.com, sip:b@example.com"] {
            #expect(throws: SIPParseError.self) { try NameAddress(parsing: text) }
        }
        let message = try Samples.message([
            ("From", ["From: sip:a@example.com;tag=1;lr"]), ("To", ["t: sip:b@example.com ;maddr=x"]),
            ("Contact", ["m: sip:a@host;transport=tcp;q=0.5, sip:c@host;lr"]),
        ])
        try message.checkedCoreFields()
        #expect(try message.from().uri.description == "sip:a@example.com")
        #expect(try message.from().tag == "1")
        #expect(try message.to().uri.description == "sip:b@example.com")
        #expect(try message.to().parameters["maddr"] == "x")
        guard case .addresses(let contacts) = try message.contacts() else {
            Issue.record("no addresses")
            return
        }
        #expect(contacts.map { $0.uri.description } == ["sip:a@host", "sip:c@host"])
        #expect(contacts[0].parameters["transport"] == "tcp")
        for name in ["From", "To", "Contact"] {
            for text in ["sip:a@example.com?Subject=x", "sip:a;x=y@example.com", "sip:a,b@example.com"] {
                #expect(try Samples.refusal([(name, ["\(name): \(text)"])]) != nil, "\(name): \(text)")
            }
        }
    }

    @Test(
        "Display names are reported with quoted-pairs resolved (RFC 3261 §25.1, SYN-011, SYN-012)",
        arguments: [
            ("\"A \\\"q\\\" \\\\\" <sip:a@b.c>", "A \"q\" \\"), ("A B. C<sip:a@b.c>", "A B. C"),
            ("\"\" <sip:a@b.c>", nil),
            ("<sip:a@b.c>", nil), ("Jürgen <sip:a@b.c>", "Jürgen"),
        ] as [(String, String?)])
    func displayNames(text: String, name: String?) throws {
        let address = try NameAddress(parsing: text)
        #expect(address.displayName == name)
        #expect(try NameAddress(parsing: address.description) == address)
    }

    @Test("Methods are compared octet by octet (RFC 3261 §7.1, SYN-014, SYN-015)")
    func methods() throws {
        #expect(Method("INVITE") == .invite)
        #expect(Method("invite") == .other("invite"))
        let start = "RE%47ISTER sip:example.com SIP/2.0"
        let message = try Samples.message([("CSeq", ["CSeq: 1 RE%47ISTER"])], start: start)
        try message.checkedCoreFields()
        #expect(message.method == .other("RE%47ISTER"))
        for method in [
            "ACK", "BYE", "CANCEL", "OPTIONS", "SUBSCRIBE", "NOTIFY", "PUBLISH", "MESSAGE", "REFER", "PRACK", "UPDATE",
            "INFO",
        ] {
            let message = try Samples.message([("CSeq", ["CSeq: 1 \(method)"])], start: "\(method) sip:a@b.c SIP/2.0")
            #expect(message.method == Method(method))
            #expect(message.method != .other(method))
        }
    }

    @Test("A reason phrase may be empty, absent or UTF-8 (RFC 3261 §7.2, SYN-016)")
    func reasons() throws {
        for (line, reason) in [("SIP/2.0 200 ", ""), ("SIP/2.0 200", ""), ("sip/2.0 200 Gut so, ü", "Gut so, ü")] {
            let message = try Samples.message(start: line)
            try message.checkedCoreFields()
            #expect(message.status == 200)
            #expect(message.reasonPhrase == reason)
            #expect(message.method == .invite)
        }
    }

    @Test("Another version is answered 505 (RFC 3261 §21.5.6, SYN-017)")
    func version() throws {
        let message = try Samples.message(start: "INVITE sip:a@b.c SIP/3.0")
        do {
            try message.checkedCoreFields()
            Issue.record("accepted")
        } catch { #expect(error.suggestedStatus == 505) }
    }

    @Test(
        "CSeq goes up to 2^32-1 and never wraps (RFC 3261 §8.1.1.5, SYN-018, H-004)",
        arguments: [
            ("2147483647", 2_147_483_647), ("4294967295", 4_294_967_295), ("4294967296", nil),
            ("18446744073709551617", nil),
            ("36893488147419103232", nil), (String(repeating: "9", count: 4000), nil), ("-1", nil), ("", nil),
            ("1x", nil),
        ] as [(String, UInt32?)])
    func sequenceNumbers(text: String, number: UInt32?) throws {
        let message = try Samples.message([("CSeq", ["CSeq: \(text) INVITE"])])
        #expect((try? message.cSeq().number) == number)
    }

    @Test(
        "Max-Forwards is 0 to 255 (RFC 3261 §20.22, SYN-019)",
        arguments: [("0", 0), ("255", 255), ("0068", 68), ("256", nil), ("-1", nil), ("7 7", nil), ("", nil)]
            as [(String, UInt32?)])
    func hops(text: String, hops: UInt32?) throws {
        let changes = [("Max-Forwards", ["Max-Forwards: \(text)"])]
        #expect((try? Samples.message(changes).maxForwards()) == hops)
        #expect(try (Samples.refusal(changes) == nil) == (hops != nil))
    }

    @Test(
        "A mandatory field that is missing is refused (RFC 3261 §8.1.1)",
        arguments: ["Via", "To", "From", "Call-ID", "CSeq"])
    func mandatory(name: String) throws { #expect(try Samples.refusal([(name, [])]) == .missing) }

    @Test(
        "A field of one value that stands twice, equal or not, is refused with 400 (RFC 3261 §7.3.1, SYN-021)",
        arguments: [
            ("To", "<sip:b@example.com>"), ("From", "<sip:a@example.com>;tag=2"), ("Call-ID", "2@pc33.example.com"),
            ("CSeq", "8 INVITE"), ("Max-Forwards", "8"), ("Content-Length", "4"),
        ])
    func twice(name: String, other: String) throws {
        let known = Samples.request.split(separator: "\n").first { $0.hasPrefix("\(name):") }
        let line = known.map(String.init) ?? "\(name): 0"
        for second in [line, "\(name): \(other)"] {
            let message = try Samples.message([(name, [line, second])], body: "four")
            let error = #expect(throws: SIPParseError.self) { try message.checkedCoreFields() }
            #expect(error?.fault == .repeated)
            #expect(error?.suggestedStatus == 400)
        }
    }

    @Test("Leading zeros change no value (RFC 4475 §3.1.1.1, SYN-020)")
    func leadingZeros() throws {
        let zeros = String(repeating: "0", count: 40)
        let message = try Samples.message(
            [
                ("CSeq", ["CSeq: \(zeros)7 INVITE"]), ("Max-Forwards", ["Max-Forwards: \(zeros)7"]),
                ("Content-Length", ["Content-Length: \(zeros)4"]), ("Expires", ["Expires: \(zeros)600"]),
                ("Min-Expires", ["Min-Expires: 0060"]), ("Retry-After", ["Retry-After: 0005"]),
                ("Subscription-State", ["Subscription-State: active;expires=\(zeros)9"]),
            ], body: "body and more")
        try message.checkedCoreFields()
        #expect(try message.cSeq() == CSeq(number: 7, method: .invite))
        #expect(try message.maxForwards() == 7)
        #expect(message.bodyText == "body")
        #expect(try (message.expires(), message.minExpires(), message.retryAfter()) == (600, 60, 5))
        #expect(try message.subscriptionState() == SubscriptionState(.active, expires: 9))
        // A status has three digits and no others (§7.2, §25.1).
        #expect(try Samples.message(start: "SIP/2.0 0200 OK").status == nil)
    }

    @Test("The method of CSeq must be the method (RFC 3261 §8.1.1.5, SYN-023)")
    func mismatch() throws { #expect(try Samples.refusal([("CSeq", ["CSeq: 1 BYE"])]) == .methodMismatch) }

    @Test("IPv6 references need brackets; `received` may have them (RFC 5118 §4.1, §4.5, SYN-027, SYN-028)")
    func ipv6() throws {
        let via = try Via(
            parsing: "SIP/2.0/UDP [2001:db8::9:1]:5070;received=[2001:db8::9:255];rport=9;branch=z9hG4bKx")
        #expect(via.host == "2001:db8::9:1")
        #expect(via.port == 5070)
        #expect(via.received == "2001:db8::9:255")
        #expect(via.rport.value == 9)
        #expect(try Via(parsing: "SIP/2.0/TCP a.b;received=2001:db8::1").received == "2001:db8::1")
        #expect(try SIPURI(parsing: "sip:[::1]:5070").description == "sip:[::1]:5070")
        #expect(throws: SIPParseError.self) { try SIPURI(parsing: "sip:2001:db8::10") }
        let places = ["Via": "SIP/2.0/UDP HOST;branch=z9hG4bKx", "Contact": "<sip:a@HOST>", "Route": "<sip:HOST;lr>"]
        let start = "INVITE sip:bob@HOST SIP/2.0"
        let good = "[2001:db8::10]:5070"
        let changes = places.map { ($0, ["\($0): \($1.replacing("HOST", with: good))"]) }
        let message = try Samples.message(changes, start: start.replacing("HOST", with: good))
        try message.checkedCoreFields()
        #expect(try message.requestURI().sip?.host == "2001:db8::10")
        #expect(try message.topVia().host == "2001:db8::10")
        #expect(try message.routes().map { $0.uri.sip?.host } == ["2001:db8::10"])
        let bad = "2001:db8::10"
        var refused = places.map { ([($0, ["\($0): \($1.replacing("HOST", with: bad))"])], Optional<String>.none) }
        refused.append(([], start.replacing("HOST", with: bad)))
        for (changes, start) in refused {
            let message = try Samples.message(changes, start: start)
            let error = #expect(throws: SIPParseError.self, "\(changes)") { try message.checkedCoreFields() }
            #expect(error?.suggestedStatus == 400)
        }
    }

    @Test("Empty lines before the start line are ignored (RFC 3261 §7.5, SYN-029)")
    func leadingLines() throws {
        let message = try SIPMessage(parsing: [13, 10, 13, 10] + Samples.bytes())
        #expect(message.bytes == Samples.bytes())
    }
}
