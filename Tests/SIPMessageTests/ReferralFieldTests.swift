import SIPMessage
import Testing

@Suite("Fields of REFER and Replaces (RFC 3515, RFC 3891, RFC 3892, RFC 4488)")
struct ReferralFieldTests {
    private func message(_ lines: String, method: String = "INVITE") throws -> SIPMessage {
        let text = """
            \(method) sip:alice@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKa\r\nFrom: <sip:a@h>;tag=1\r
            To: <sip:b@h>\r\nCall-ID: c\r\nCSeq: 1 \(method)\r\n\(lines)\r\nContent-Length: 0\r\n\r\n
            """
        return try SIPMessage(parsing: Array(text.utf8))
    }

    @Test("Replaces names a dialog by its receiver's eyes: the to-tag is the receiver's own (RFC 3891 §3, §6.1)")
    func replaces() throws {
        let field = try message("Replaces: 12adf2f3@h ; to-tag=12345;x=y;from-tag=54321;early-only").replaces()
        let value = try #require(field)
        #expect(value == Replaces(callID: "12adf2f3@h", toTag: "12345", fromTag: "54321", isEarlyOnly: true))
        #expect(value.names(callID: "12adf2f3@h", localTag: "12345", remoteTag: "54321"))
        #expect(!value.names(callID: "12adf2f3@h", localTag: "54321", remoteTag: "12345"))
        #expect(!value.names(callID: "other", localTag: "12345", remoteTag: "54321"))
        #expect(value.description == "12adf2f3@h;to-tag=12345;from-tag=54321;early-only")
    }

    @Test("A tag of 0 is also no tag, as user agents of RFC 2543 had it (RFC 3891 §6.1)")
    func zeroTag() throws {
        let value = try Replaces(parsing: "87134@171.161.34.23;to-tag=24796;from-tag=0")
        #expect(value.names(callID: "87134@171.161.34.23", localTag: "24796", remoteTag: ""))
        #expect(value.names(callID: "87134@171.161.34.23", localTag: "24796", remoteTag: "0"))
        #expect(!value.names(callID: "87134@171.161.34.23", localTag: "24796", remoteTag: "1"))
    }

    @Test(
        "Replaces without exactly one to-tag and one from-tag is malformed (RFC 3891 §6.1)",
        arguments: [
            "", "c", "c;to-tag=1", "c;from-tag=1", "c;to-tag=1;to-tag=2;from-tag=3", "c;to-tag=1;from-tag=2;From-Tag=2",
            "c;to-tag;from-tag=2", "c;to-tag=\"\";from-tag=2", "c;to-tag=1;from-tag=2,d;to-tag=1;from-tag=2",
            ";to-tag=1;from-tag=2", "a@b@c;to-tag=1;from-tag=2", "c;to-tag=\"a b\";from-tag=2",
        ])
    func malformed(text: String) throws {
        #expect(throws: SIPParseError.self) { try Replaces(parsing: text) }
        #expect(throws: SIPParseError.self) { try message("Replaces: \(text)").replaces() }
    }

    @Test("Two Replaces are malformed (RFC 3891 §3)")
    func twice() throws {
        let one = "Replaces: c;to-tag=1;from-tag=2"
        #expect(throws: SIPParseError.self) { try message("\(one)\r\n\(one)").replaces() }
        #expect(try message("Subject: none").replaces() == nil)
    }

    @Test("Refer-To with an escaped Replaces is read and written again (RFC 3891 §4, RFC 5589 §7.3)")
    func escapedReplaces() throws {
        let replaces = Replaces(callID: "090459243588173445@lab", toTag: "9m2n3wq", fromTag: "763231")
        let address = ReferTarget.asking(
            try AnyURI(parsing: "sips:482n4z24kdg@chicago.example.com;gr=8594958"), replacing: replaces)
        #expect(
            address.description
                == "<sips:482n4z24kdg@chicago.example.com;gr=8594958?Replaces=090459243588173445%40lab"
                + "%3Bto-tag%3D9m2n3wq%3Bfrom-tag%3D763231>")
        let target = try message("Refer-To: \(address)", method: "REFER").referTarget()
        #expect(target.replaces == replaces)
        #expect(target.uri.description == "sips:482n4z24kdg@chicago.example.com;gr=8594958")
        #expect(target.method == .invite)
    }

    @Test("Fields in Refer-To which say who we are or where answers go are passed over (RFC 3261 §19.1.5)")
    func filtered() throws {
        let uri =
            "sip:d@h;method=INVITE?From=sip:x%40y&Route=%3Csip:r%3E&Contact=sip:z&Subject=A%20word&body=x&Call-ID=1&r=2"
        let target = try message("Refer-To: <\(uri)>", method: "REFER").referTarget()
        #expect(target.uri.description == "sip:d@h")
        #expect(target.method == .invite)
        #expect(target.fields.entries.map { "\($0.name): \($0.value)" } == ["Subject: A word"])
    }

    @Test("The method in Refer-To is told, whatever it is (RFC 3515 §2.4.3)")
    func method() throws {
        #expect(try message("Refer-To: <sip:d@h;method=BYE>", method: "REFER").referTarget().method == .bye)
        #expect(try message("Refer-To: sip:d@h", method: "REFER").referTarget().method == .invite)
    }

    @Test(
        "Refer-To is malformed where it is missing, twice, no address, or smuggles a line in (RFC 3515 §2.4.2)",
        arguments: [
            "Subject: x", "Refer-To: <sip:a@h>\r\nr: <sip:b@h>", "Refer-To: <sip:a@h>, <sip:b@h>", "Refer-To: ",
            "Refer-To: <sip:a@h?Subject=x%0D%0AFrom:%20y>", "Refer-To: <sip:a@h?Replaces=c%3Bto-tag%3D1>",
            "Refer-To: <sip:a@h?Replaces=c%3Bto-tag%3D1%3Bfrom-tag%3D1&Replaces=c%3Bto-tag%3D1%3Bfrom-tag%3D1>",
        ])
    func malformedReferTo(lines: String) throws {
        #expect(throws: SIPParseError.self) { try message(lines, method: "REFER").referTarget() }
    }

    @Test("Referred-By keeps its text, for it is passed on unchanged (RFC 3892 §2.2)")
    func referredBy() throws {
        let text = "\"Referrer\" <sip:referrer@example>;cid=\"2UWQFN309shb3@referrer.example\" ;x"
        let value = try message("b: \(text)", method: "REFER").referredBy()
        #expect(value?.text == text)
        #expect(value?.address.uri.description == "sip:referrer@example")
        #expect(try message("Subject: x").referredBy() == nil)
        #expect(throws: SIPParseError.self) { try message("Referred-By: <").referredBy() }
    }

    @Test("Refer-Sub says false, true or nothing (RFC 4488 §4)")
    func referSub() throws {
        #expect(try message("Refer-Sub: false", method: "REFER").wantsReferSubscription == false)
        #expect(try message("Refer-Sub: FALSE;x=1", method: "REFER").wantsReferSubscription == false)
        #expect(try message("Refer-Sub: true", method: "REFER").wantsReferSubscription == true)
        #expect(try message("Refer-Sub: perhaps", method: "REFER").wantsReferSubscription == nil)
        #expect(try message("Subject: x", method: "REFER").wantsReferSubscription == nil)
    }
}
