import SIPMessage
import Testing

@Suite("Messages written again")
struct RewritingTests {
    private func fields(_ message: SIPMessage) -> [String] {
        message.allFields.filter { $0.name != "Content-Length" }.map { "\($0.name.lowercased()): \($0.value)" }.sorted()
    }

    @Test("A message written again says the same, and a second time to the octet (SYN-030, RFC 3261 §7)")
    func agreement() throws {
        var count = 0
        for sample in Torture.cases where sample.verdict == "must-accept" {
            let message = try SIPMessage(parsing: sample.bytes)
            let again = try SIPMessage(parsing: message.reserialised())
            #expect(fields(again) == fields(message), "\(sample.id)")
            #expect(
                again.isRequest == message.isRequest && again.requestURIText == message.requestURIText, "\(sample.id)")
            #expect(
                again.statusText == message.statusText && again.reasonPhrase == message.reasonPhrase, "\(sample.id)")
            #expect(Array(again.body) == Array(message.body), "\(sample.id)")
            #expect(again.value(.contentLength).flatMap { Int($0) } == message.body.count, "\(sample.id)")
            #expect(again.reserialised() == again.bytes, "\(sample.id)")
            count += 1
        }
        #expect(count > 0 || Torture.cases.isEmpty)
    }

    @Test("Compact names, folds, odd white space and the order of Via are put right (SYN-030, RFC 3261 §7.3)")
    func normalForm() throws {
        let text = """
            MESSAGE sip:b@example.com SIP/2.0\r
            f:<sip:a@example.com>;tag=1\r
            Subject  :\tone\r
              two \r
            v: SIP/2.0/UDP a.example.com;branch=z9hG4bK1\r
            t: <sip:b@example.com>\r
            l: 2\r
            i: 7\r
            X-Own:  kept \r
            CSeq: 1 MESSAGE\r
            \r
            hello
            """
        let message = try SIPMessage(parsing: Array(text.utf8))
        #expect(
            String(decoding: message.reserialised(), as: UTF8.self) == """
                MESSAGE sip:b@example.com SIP/2.0\r
                Via: SIP/2.0/UDP a.example.com;branch=z9hG4bK1\r
                From: <sip:a@example.com>;tag=1\r
                Subject: one two\r
                To: <sip:b@example.com>\r
                Call-ID: 7\r
                X-Own: kept\r
                CSeq: 1 MESSAGE\r
                Content-Length: 2\r
                \r
                he
                """)
    }

    @Test(
        "A response without a phrase keeps its space; a missing length is added (RFC 3261 §7.2, §20.14)"
    )
    func response() throws {
        let text = "SIP/2.0 200 \r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nCSeq: 1 BYE\r\n\r\nbody"
        let message = try SIPMessage(parsing: Array(text.utf8))
        #expect(
            String(decoding: message.reserialised(), as: UTF8.self)
                == "SIP/2.0 200 \r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nCSeq: 1 BYE\r\nContent-Length: 4\r\n\r\nbody")
    }
}
