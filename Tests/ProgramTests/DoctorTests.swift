import BatchScript
import DialogUsage
import Foundation
import Glibc
import SIPMessage
import SansIO
import SoftphoneCore
import Testing

@testable import lastcall

@Suite("lastcall doctor")
struct DoctorTests {
    private static let request = """
        OPTIONS sip:example.com SIP/2.0
        Via: SIP/2.0/UDP 192.168.1.7:5062;branch=z9hG4bKa;rport
        From: <sip:alice@example.com>;tag=1
        To: <sip:example.com>
        Call-ID: c1
        CSeq: 1 OPTIONS
        """
    private static let answer = """
        SIP/2.0 200 OK
        Via: SIP/2.0/UDP 192.168.1.7:5062;branch=z9hG4bKa;received=192.168.1.7;rport=5062
        From: <sip:alice@example.com>;tag=1
        To: <sip:example.com>;tag=2
        Call-ID: c1
        CSeq: 1 OPTIONS
        Date: Sat, 13 Nov 2010 23:29:00 GMT
        """
    /// The time of that Date.
    private static let wall: Int64 = 1_289_690_940_000

    private func message(_ text: String) throws -> SIPMessage {
        try SIPMessage(parsing: Array((text.replacing("\n", with: "\r\n") + "\r\n\r\n").utf8))
    }
    private func findings(_ from: String = "", _ to: String = "", wall: Int64 = DoctorTests.wall) throws -> [Finding] {
        let answer = from.isEmpty ? Self.answer : Self.answer.replacing(from, with: to)
        return Diagnosis.findings(
            of: "work", sent: try message(Self.request), answer: try message(answer),
            from: SocketAddress(.v4(0xC000_0201), port: 5060), over: .udp, after: .milliseconds(12), wall: wall)
    }

    @Test("A server that answers, whose clock agrees and that sees us as what we are, is good")
    func good() throws {
        let findings = try findings()
        #expect(findings.map(\.verdict) == [.good, .good, .good])
        #expect(findings[0].text == "UDP 192.0.2.1:5060 answered 200 in 12 ms")
        #expect(findings[2].text.contains("192.168.1.7:5062"))
    }

    @Test("Any answer is an answer; one without a Date says nothing of the clock")
    func others() throws {
        #expect(try findings("200 OK", "405 Method Not Allowed").map(\.verdict) == [.good, .good, .good])
        #expect(
            try findings("Date: Sat, 13 Nov 2010 23:29:00 GMT", "Server: x").map(\.subject).contains("clock") == false)
    }

    @Test(
        "A clock that is wrong is told with how much and which way (RFC 3261 §20.17)",
        arguments: [
            (20_000, Finding.Verdict.good, "agrees"), (-42_000, .doubtful, "42 s behind"),
            (42_000, .doubtful, "42 s ahead of"), (3_600_000, .bad, "3600 s ahead of"),
        ] as [(Int64, Finding.Verdict, String)])
    func clock(offset: Int64, verdict: Finding.Verdict, text: String) throws {
        let finding = try #require(try findings(wall: Self.wall + offset).first { $0.subject == "clock" })
        #expect(finding.verdict == verdict && finding.text.contains(text), "\(finding.text)")
        #expect((finding.remedy != nil) == (verdict != .good))
    }

    @Test("An address translation is seen by received and rport, and is no fault (RFC 3581 §4)")
    func translation() throws {
        let finding = try #require(
            try findings("received=192.168.1.7;rport=5062", "received=203.0.113.9;rport=40000").last)
        #expect(finding.verdict == .doubtful && finding.text.contains("203.0.113.9:40000"))
        let port = try #require(try findings("rport=5062", "rport=5099").last)
        #expect(port.verdict == .doubtful && port.text.contains("192.168.1.7:5099"))
    }

    @Test(
        "What the server must repeat and does not was rewritten on the way: an ALG (RFC 3261 §8.2.6.2)",
        arguments: [
            ("UDP 192.168.1.7:5062", "UDP 203.0.113.9:40000", "came back as 203.0.113.9:40000"),
            ("Call-ID: c1", "Call-ID: c1@203.0.113.9", "Call-ID"),
            ("<sip:alice@example.com>", "<sip:alice@203.0.113.9>", "From"),
        ])
    func rewritten(from: String, to: String, text: String) throws {
        let finding = try #require(try findings(from, to).last)
        #expect(finding.verdict == .bad && finding.exit == .transport && finding.text.contains(text), "\(finding.text)")
        #expect(finding.remedy?.contains("SIP ALG") == true)
    }

    @Test("A password is judged when the server has asked for it")
    func credentials() {
        let refused = CommandResult.failed(CommandFailure(.credentials(403), "403 Forbidden"))
        let fine = CommandResult.succeeded(.init(status: 200, text: "200 OK"))
        #expect(Diagnosis.findings(ofCredentials: "work", fine, wereAsked: 200).isEmpty)
        #expect(Diagnosis.findings(ofCredentials: "work", fine, wereAsked: 401).map(\.verdict) == [.good])
        let bad = Diagnosis.findings(ofCredentials: "work", refused, wereAsked: 407)
        #expect(bad.map(\.verdict) == [.bad] && bad.first?.exit == .refused)
    }

    private func examine(_ words: [String], _ environment: [String: String]) throws -> (
        exit: Int32, findings: [Finding]
    ) {
        var findings: [Finding] = []
        guard case .run(let options) = Invocation(words) else {
            Issue.record("refused")
            return (2, [])
        }
        var doctor = Doctor(options, environment: environment) { findings.append($0) }
        return (doctor.examine().rawValue, findings)
    }

    @Test("With the sandbox all is well, and its server answers")
    func sandbox() throws {
        let (exit, findings) = try examine(["--sandbox"], ["HOME": "/tmp"])
        #expect(exit == 0, "\(findings)")
        #expect(findings.contains { $0.subject == "server of alice" && $0.text.contains("answered 200 in") })
        #expect(findings.contains { $0.subject == "way to alice" && $0.verdict == .good })
    }

    @Test("What is wrong is named with its exit code: a configuration, a server that nobody runs")
    func wrong() throws {
        let folder = "/tmp/lastcall-test-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        try #require(mkdir(folder, 0o700) == 0)
        defer {
            unlink("\(folder)/config.yaml")
            rmdir(folder)
        }
        let write = { (text: String) in try FileReplacement.write(text, to: "\(folder)/config.yaml") }
        try write("acounts: []\nterminal: {color: x}\n")
        let bad = try examine(["--config", folder], ["HOME": "/tmp", "XDG_STATE_HOME": "here"])
        #expect(bad.exit == 3)
        #expect(bad.findings.filter { $0.verdict == .bad }.count == 2)
        #expect(bad.findings.contains { $0.text.contains("XDG_STATE_HOME=here") })

        try write("accounts:\n  - {name: a, address: 'sip:a@example.com', server: 'sip:127.0.0.1:9'}\n")
        let dead = try examine(["--config", folder], ["HOME": "/tmp"])
        #expect(dead.exit == 5)
        #expect(dead.findings.last?.subject == "server of a" && dead.findings.last?.verdict == .bad)
    }

    @Test("As JSON it is one object that says the same")
    func json() {
        let finding = Finding.doubtful("clock", "is late", "wind it")
        #expect(
            finding.record.line
                == "{\"check\":\"clock\",\"verdict\":\"warn\",\"text\":\"is late\",\"remedy\":\"wind it\"}")
        #expect(finding.lines == ["warn clock: is late", "     → wind it"])
    }
}
