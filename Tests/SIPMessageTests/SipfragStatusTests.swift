import SIPMessage
import Testing

@Suite("Status lines in message/sipfrag (RFC 3420)")
struct SipfragStatusTests {
    @Test("A status line gives status and reason (RFC 3515 §2.4.5)")
    func statusLine() {
        let status = SipfragStatus(parsing: Array("SIP/2.0 603 Declined for now\r\nFrom: x".utf8))
        #expect(status?.status == 603)
        #expect(status?.reason == "Declined for now")
        #expect(SipfragStatus(parsing: Array("SIP/2.0 100".utf8))?.reason == "")
    }

    @Test(
        "Anything else gives nothing",
        arguments: [
            "", "SIP/2.0", "SIP/2.0 99 x", "SIP/2.0 700 x", "SIP/2.0 +20 x", "SIP/1.0 200 OK", "INVITE sip:a@b SIP/2.0",
        ])
    func noStatusLine(text: String) {
        #expect(SipfragStatus(parsing: Array(text.utf8)) == nil)
    }

    @Test("A status is written as the line that it is read from (RFC 3515 §2.4.5)")
    func written() {
        let status = SipfragStatus(180)
        #expect(String(decoding: status.octets, as: UTF8.self) == "SIP/2.0 180 Ringing\r\n")
        #expect(SipfragStatus(parsing: status.octets) == status)
        #expect(SipfragStatus(487, reason: "Gone").description == "SIP/2.0 487 Gone")
        #expect(status.code == 180)
    }
}
