import Foundation
import SIPMessage
import Testing

@Suite("Hostile messages")
struct HardeningTests {
    @Test(
        "A Content-Length that is no number is refused and never used (H-001, H-002)",
        arguments: [
            "-1", "-999", "+5", "5 5", "five", "", "0x10", "5;a=b", "4294967328", "18446744073709551617",
            String(repeating: "9", count: 4000),
        ])
    func contentLength(text: String) throws {
        let changes = [("Content-Length", ["Content-Length: \(text)"])]
        #expect(try Samples.refusal(changes, body: "12345") != nil)
        var framer = StreamFramer()
        framer.append(Samples.bytes(changes, body: "12345"))
        guard case .failed? = framer.next() else {
            Issue.record("not failed")
            return
        }
        #expect(framer.next() == nil)
    }

    @Test("Content-Length against the datagram: longer, shorter, absent, twice (RFC 3261 §18.3, H-003)")
    func framing() throws {
        #expect(try Samples.refusal([("Content-Length", ["l: 6"])], body: "12345") == .incompleteBody)
        let shorter = try Samples.message([("Content-Length", ["l: 4"])], body: "12345")
        try shorter.checkedCoreFields()
        #expect(shorter.bodyText == "1234")
        #expect(shorter.trailingOctets == 1)
        #expect(try Samples.message(body: "12345").bodyText == "12345")
        #expect(try Samples.refusal([("Content-Length", ["l: 5", "Content-Length: 5"])], body: "12345") == .repeated)
        #expect(try Samples.refusal([("Content-Length", ["l: 5", "Content-Length: 4"])], body: "12345") == .repeated)
        #expect(try SIPMessage(parsing: Samples.bytes(), from: .stream).isRequest)
        #expect(throws: SIPParseError.self) {
            try SIPMessage(parsing: Samples.bytes(), from: .stream).checkedCoreFields()
        }
    }

    @Test("Intervals are capped and never wrap (H-004, H-006)")
    func intervals() throws {
        let message = try Samples.message([
            ("Expires", ["Expires: 1\(String(repeating: "0", count: 100))"]),
            ("Min-Expires", ["Min-Expires: 4294967295"]),
            ("Retry-After", ["Retry-After: 949302838503028349304023988 (I'm in a meeting);duration=3600"]),
            ("Subscription-State", ["Subscription-State: active;expires=99999999999999;retry-after=-1"]),
        ])
        #expect(try message.expires() == .max)
        #expect(try message.minExpires() == .max)
        #expect(try message.retryAfter() == .max)
        #expect(try message.subscriptionState() == SubscriptionState(.active, expires: .max))
        for text in ["-1", "x", "", "1 1", "0x1"] {
            #expect(throws: SIPParseError.self) { try Samples.message([("Expires", ["Expires: \(text)"])]).expires() }
        }
    }

    @Test(
        "A status outside 100 to 699 is none (H-007)",
        arguments: ["0", "99", "700", "1000", "4294967301", "+200", "20", "2000", "-200", "0200", ""])
    func statusCodes(text: String) throws {
        let message = try Samples.message(start: "SIP/2.0 \(text) x")
        #expect(message.status == nil)
        #expect(throws: SIPParseError.self) { try message.checkedCoreFields() }
    }

    @Test("Over the limits: refused without effect; at the limits: read (H-011, H-134)")
    func limits() throws {
        let atLimit = "X: " + String(repeating: "a", count: MessageLimits.field - 5)
        #expect(try Samples.refusal([("X", [atLimit])]) == nil)
        #expect(try Samples.refusal([("X", [atLimit + "a"])]) == .tooLong)
        let others = 7
        #expect(try Samples.refusal([("X", Array(repeating: "X: 1", count: MessageLimits.fields - others))]) == nil)
        #expect(
            try Samples.refusal([("X", Array(repeating: "X: 1", count: MessageLimits.fields - others + 1))])
                == .tooManyFields)
        let via = "SIP/2.0/UDP a.b"
        #expect(
            try Samples.refusal([("Via", ["Via: " + Array(repeating: via, count: 70).joined(separator: ",")])]) == nil)
        #expect(
            try Samples.refusal([("Via", ["Via: " + Array(repeating: via, count: 71).joined(separator: ",")])])
                == .tooManyValues)
        #expect(throws: SIPParseError.self) {
            try SIPMessage(parsing: Samples.bytes(body: String(repeating: "a", count: 65_536)))
        }
        let method = String(repeating: "M", count: 60_000)
        #expect(try Samples.refusal([("CSeq", ["CSeq: 1 \(method)"])], start: "\(method) sip:a@b SIP/2.0") == .tooLong)
    }

    @Test(
        "A start line that is none is dropped or answered 400 (H-023)",
        arguments: [
            "X", "", " ", "INVITE", "INVITE ", "INVITE sip:a@b", "INVITE  sip:a@b SIP/2.0", "INVITE sip:a@b  SIP/2.0",
            "INVITEsip:a@bSIP/2.0", " INVITE sip:a@b SIP/2.0", "INVITE sip:a@b SIP/2.0 ", "INVITE sip:a b SIP/2.0",
            "SIP/2.0", "SIP/2.0200", "\tINVITE sip:a@b SIP/2.0", "INVITE\tsip:a@b\tSIP/2.0", "INVITE <sip:a@b> SIP/2.0",
        ])
    func startLines(line: String) throws {
        guard let message = try? Samples.message(start: line) else { return }
        let error = #expect(throws: SIPParseError.self) { try message.checkedCoreFields() }
        #expect(error?.suggestedStatus == 400 || message.isResponse)
    }

    @Test("What identifies a dialog is compared by octets: none of it may be beyond ASCII (H-131)")
    func otherThanASCII() throws {
        // Composed and decomposed these are the same text, and different octets.
        for text in ["caf\u{E9}", "cafe\u{301}", "\u{212A}"] {
            let changes = [
                ("Call-ID", ["Call-ID: \(text)@b"]), ("From", ["From: <sip:a@b>;tag=\(text)"]),
                ("From", ["From: <sip:a@b>;tag=\"\(text)\""]), ("To", ["To: <sip:a@b>;tag=\"\(text)\""]),
                ("Via", ["Via: SIP/2.0/UDP a.b;branch=z9hG4bK\(text)"]),
                ("Via", ["Via: SIP/2.0/UDP a.b;branch=\"z9hG4bK\(text)\""]), ("To", ["To: <sip:\(text)@b>"]),
                ("CSeq", ["CSeq: 1 \(text)"]),
            ]
            for change in changes { #expect(try Samples.refusal([change]) != nil, "\(change)") }
            #expect(throws: SIPParseError.self) {
                try Samples.message([("Event", ["Event: \(text)"])]).checkedCoreFields()
            }
        }
        let composed = try SIPURI(parsing: "sip:caf%C3%A9@b")
        #expect(try !composed.isEquivalent(to: SIPURI(parsing: "sip:cafe%CC%81@b")))
        for start in ["\u{212A} sip:a@b SIP/2.0", "caf\u{E9} sip:a@b SIP/2.0"] {
            #expect(try Samples.refusal([], start: start) != nil)
        }
        #expect(try Samples.refusal([("X", ["X-\u{212A}: 1"])]) != nil)
    }

    @Test("A stack of 512 KiB is enough for the deepest nesting (H-016, H-132)")
    func smallStack() async throws {
        let bodies = ["(", "<", "\"", "\\", "--b\r\n\r\n", "<sip:a?x=%3C"].map {
            String(repeating: $0, count: 20_000 / $0.utf8.count)
        }
        let messages = bodies.flatMap { text in
            ["From: ", "Via: ", "Contact: ", "Route: ", "Refer-To: ", "Subject: ", "Content-Type: "].map { name in
                Samples.bytes([("X", [name + text.prefix(8_000)])], body: text)
            }
        }
        let read = await withCheckedContinuation { continuation in
            let thread = Thread {
                var read = 0
                for bytes in messages {
                    guard let message = try? SIPMessage(parsing: bytes) else { continue }
                    exercise(message)
                    read += 1
                }
                continuation.resume(returning: read)
            }
            thread.stackSize = 512 * 1024
            thread.start()
        }
        #expect(read > 10)
    }

    @Test("A CR or LF that ends no line, and folds in the start line, are refused (H-012)")
    func lineEnds() throws {
        for value in ["a\rb", "a\nb", "a\r\r\nX: b", "a\n\rb"] {
            #expect(try Samples.refusal([("Subject", ["Subject: \(value)"])]) != nil)
        }
        #expect(try Samples.refusal([], start: "INVITE sip:a@b\r\n SIP/2.0") != nil)
        for text in [
            "INVITE sip:a@b SIP/2.0", "INVITE sip:a@b SIP/2.0\r\n", "INVITE sip:a@b SIP/2.0\r\nVia: x\r\n", "a",
            "\r\n\r\n", "",
        ] {
            #expect(throws: SIPParseError.self) { try SIPMessage(parsing: Array(text.utf8)) }
        }
    }

    @Test(
        "White space before the colon is trimmed, other octets make the line invalid (H-013, H-014)",
        arguments: [
            ("X-Id :1", true), ("X-Id\t: 1", true), ("X-Id\u{1}: 1", false), (": 1", false), ("X Id: 1", false),
            ("X\0: 1", false), ("x", false),
        ])
    func fieldNames(line: String, isGood: Bool) throws {
        #expect(try (Samples.refusal([("X", [line])]) == nil) == isGood)
        if isGood { #expect(try Samples.message([("X", [line])]).value(FieldName("x-id")) == "1") }
    }

    @Test("Octets that are no UTF-8 are kept, and replaced only in text (H-015)")
    func invalidText() throws {
        var bytes = Samples.bytes([("Subject", ["Subject: @"])])
        let index = try #require(bytes.lastIndex(of: UInt8(ascii: "@")))
        bytes[index] = 0xFF
        let message = try SIPMessage(parsing: bytes)
        #expect(message.value(.subject) == "\u{FFFD}")
        #expect(message.bytes == bytes)
    }

    @Test(
        "From that cannot be read is answered 400 (SYN-013, H-016, H-017, H-021)",
        arguments: [
            "\"A <sip:a@b>", "\"A\\\" <sip:a@b>", "\"A\\", "/", "<>", "<sip:>", "<:::>", "tel:", "", "A", "<sip:a@b",
            "sip:a@b>",
            "<sip:a@b>;tag=1;tag=2", "<sip:a@b>;tag=1;TAG=1", "<sip:a@b>;", "<sip:a@b>;;tag=1", "<sip:a@b>;tag=",
            "<sip:a@b>;tag", "A, B <sip:a@b>",
            "<sip:a@b> x", "<<sip:a@b>>", "< sip:a@b >", "\"A\" B <sip:a@b>", String(repeating: "(", count: 8000),
            String(repeating: "\"", count: 7999),
        ])
    func badFrom(value: String) throws {
        let message = try Samples.message([("From", ["From: \(value)"])])
        do {
            try message.checkedCoreFields()
            Issue.record("accepted")
        } catch {
            #expect(error.suggestedStatus == 400)
            #expect(error.field == .from)
        }
        // The lines after it are what they are.
        #expect(try message.callID() == "a84b4c76e66710@pc33.example.com")
        #expect(try message.cSeq().number == 314_159)
    }

    @Test("`*` stands alone (RFC 3261 §10.2.2, H-017)")
    func star() throws {
        #expect(try Samples.message([("Contact", ["Contact: *"])]).contacts() == .star)
        for lines in [
            ["Contact: *;expires=5"], ["Contact: *", "Contact: <sip:a@b>"], ["Contact: <sip:a@b>, *"],
            ["Contact: *, *"],
        ] {
            #expect(try Samples.refusal([("Contact", lines)]) != nil)
        }
    }

    @Test("Two branches are refused (H-021)")
    func twoBranches() throws {
        #expect(try Samples.refusal([("Via", ["Via: SIP/2.0/UDP a.b;branch=z9hG4bK1;Branch=z9hG4bK2"])]) == .repeated)
    }

    @Test("The compact and the long form of one field together are two of it (H-022)")
    func compactTwin() throws {
        #expect(try Samples.refusal([("Call-ID", ["i: 1", "Call-ID: 1"])]) == .repeated)
    }

    @Test("Of Route and Record-Route 70 values are read, one more, or one that is none, is refused with 400 (H-071)")
    func routes() throws {
        for name in ["Route", "Record-Route"] {
            let values = { (count: Int) in
                [
                    "\(name): " + Array(repeating: "<sip:a>", count: count - 1).joined(separator: ","),
                    "\(name): <tel:1>",
                ]
            }
            #expect(try Samples.refusal([(name, values(70))]) == nil)
            #expect(try Samples.refusal([(name, values(71))]) == .tooManyValues)
            #expect(try Samples.refusal([(name, values(1_000))]) == .tooManyValues)
            for text in ["", "sip", "<sip:a", "<sip:a>,", "<sip:a> <sip:b>", "*"] {
                let message = try Samples.message([(name, ["\(name): \(text)"])])
                let error = #expect(throws: SIPParseError.self, "\(text)") { try message.checkedCoreFields() }
                #expect(error?.suggestedStatus == 400)
            }
        }
    }

    @Test("Nothing at all is read as nothing, and a body by its own indices (H-130)")
    func slices() throws {
        let readers: [(String) throws -> Any] = [
            { try SIPMessage(parsing: Array($0.utf8)) }, { try SIPURI(parsing: $0) }, { try AnyURI(parsing: $0) },
            { try NameAddress(parsing: $0) }, { try Via(parsing: $0) }, { try Credentials(parsing: $0) },
            { try Challenge(parsing: $0) }, { try MediaType(parsing: $0) },
        ]
        for reader in readers {
            for text in ["", " ", "\r\n"] { #expect(throws: SIPParseError.self) { try reader(text) } }
        }
        // Substrings of something longer, whose indices do not begin at the start.
        let line = "xxxx sip:a@b.c;lr yyyy"
        let middle = line.dropFirst(5).dropLast(5)
        #expect(try SIPURI(parsing: middle).description == "sip:a@b.c;lr")
        #expect(try NameAddress(parsing: middle).parameters.has("lr"))
        var framer = StreamFramer()
        framer.append([])
        #expect(framer.next() == nil)
        let message = try Samples.message([("Content-Length", ["l: 5"])], body: "12345678")
        #expect(message.body.count == 5)
        #expect(message.body.first == UInt8(ascii: "1") && message.body.last == UInt8(ascii: "5"))
        #expect(message.body.startIndex > 0 || Array(message.body) == Array("12345".utf8))
        #expect(try message.bodyPart().body == Array("12345".utf8))
        #expect(try Samples.message([("Content-Length", ["l: 0"])], body: "x").body.isEmpty)
    }

    @Test("Floods of separators are refused in linear time (H-011, H-020)")
    func floods() throws {
        for flood in [
            ";;;;,,,,", ",", ";", "<", "\"", "\\", ":", "%", "(", " ", "a:", "\r\n ", "a\r\n", ":\r\n", "a:b\r\n",
            "  \r\n:",
        ] {
            let text = String(repeating: flood, count: 60_000 / flood.utf8.count)
            for name in ["Via: ", "Contact: ", "From: ", "X"] {
                guard let message = try? Samples.message([("X", [name + text])]) else { continue }
                #expect(throws: SIPParseError.self, "\(name)\(flood.utf8.map { $0 })") {
                    try message.checkedCoreFields()
                }
                exercise(message)
            }
        }
    }
}

/// Asks a message for everything it can be asked for; only a trap or a hang fails.
func exercise(_ message: SIPMessage) {
    _ = try? message.checkedCoreFields()
    _ = try? message.requestURI().description
    _ = (try? message.from(), try? message.to(), try? message.callID(), try? message.cSeq(), try? message.vias())
    _ = (try? message.contacts(), try? message.routes(), try? message.recordRoutes(), try? message.maxForwards())
    _ = (try? message.expires(), try? message.retryAfter(), try? message.event(), try? message.subscriptionState())
    _ = (
        try? message.challenges(.wwwAuthenticate), try? message.credentials(.authorization), try? message.contentType()
    )
    _ = (
        try? message.bodyPart(), message.tokens(.allow), message.tokens(.contact), message.allFields.count,
        message.reasonPhrase
    )
    _ = try? message.coreFields().checksum
    _ = ResponseDraft(400, to: message, toTag: "t").serialised()
}
