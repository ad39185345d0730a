@testable import BatchScript
import DialogUsage
import SIPMessage
import SansIO
import SoftphoneCore
import Testing

@Suite("What a run tells: JSON lines and text")
struct RecordTests {
    static func lines(_ format: OutputFormat, _ records: [ScriptRecord]) -> [OutputLine] {
        var writer = RecordWriter(format, started: .zero)
        return records.flatMap { writer.lines(for: $0, at: .zero) }
    }
    static let start = StartRecord(time: "2026-09-01T14:00:00.000Z", application: "lastcall 1", file: "a.batch")
    static let step = StepRecord(
        line: 4, verb: "register", statement: "register alice", status: .ok, code: 200, text: "",
        duration: .milliseconds(112),
        usage: "creg-1", account: "alice")
    static let verdict = Verdict(
        exit: .unclean, passed: 13, failed: 0, abandoned: ["csub-1"], refused: 0, undelivered: 0,
        elapsed: .milliseconds(13_120), reason: nil)

    @Test("Records have the fields of the schema, in order")
    func records() {
        let happening = Happening(
            "sub.notify", usage: AnyUsageID(kind: .clientSubscription, serial: 1), alias: "s1",
            fields: ["state": .text("active"), "expires": .integer(600)], at: Instant(nanoseconds: 1_204_400_000))
        let lines = Self.lines(
            .jsonl,
            [
                .start(Self.start), .step(Self.step), .event(happening),
                .shutdownUsage(
                    Lab.row(0, .peerUnresponsive, at: Instant(nanoseconds: 8_412_000_000)), phase: 4, name: "s1"),
                .end(Self.verdict, nil),
            ])
        #expect(
            lines.map(\.text) == [
                #"{"v":1,"type":"start","t":"2026-09-01T14:00:00.000Z","mono":0,"app":"lastcall 1","seed":null,"file":"a.batch"}"#,
                #"{"v":1,"type":"step","seq":1,"line":4,"verb":"register","status":"ok","code":200,"dur_ms":112,"account":"alice","usage":"creg-1","statement":"register alice"}"#,
                #"{"v":1,"type":"event","seq":2,"mono":1.204,"event":"sub.notify","usage":"csub-1","name":"s1","state":"active","expires":600}"#,
                #"{"v":1,"type":"shutdown.usage","seq":3,"mono":8.412,"phase":4,"kind":"ClientSubscription","usage":"csub-1","name":"s1","account":"alice","peer":"sip:bob@sandbox.test","result":"abandoned","cause":"peerUnresponsive","status":null,"sent":5,"last_answer_ms_ago":7900,"dur_ms":7900}"#,
                #"{"v":1,"type":"end","status":"fail","exit":7,"ok":13,"failed":0,"abandoned":["csub-1"],"elapsed_ms":13120}"#,
            ])
        #expect(lines.allSatisfy { $0.stream == .output })
    }

    @Test("A missing final NOTIFY is told as ended, with final_notify false")
    func finalNotify() {
        let lines = Self.lines(.jsonl, [.shutdownUsage(Lab.row(0, .notifyMissing), phase: 4, name: nil)])
        #expect(lines.first?.text.contains(#""result":"ended","cause":"notifyMissing""#) == true)
        #expect(lines.first?.text.contains(#""final_notify":false"#) == true)
    }

    @Test("A field of an event cannot take the place of a field of the record")
    func clash() {
        let happening = Happening("msg.received", fields: ["type": .text("text/plain"), "seq": .integer(9)], at: .zero)
        #expect(
            Self.lines(.jsonl, [.event(happening)]).first?.text
                == #"{"v":1,"type":"event","seq":1,"mono":0.000,"event":"msg.received","event_type":"text/plain","event_seq":9}"#
        )
    }

    @Test("What a stranger wrote stays one line of JSON and cannot obey, hide or turn around (H-122)")
    func hostile() {
        let text = "a\"b\\c\nd\u{1B}[2J\u{7F}\u{9B}\u{202E}x\u{2028}ü😀\u{E0001}"
        let lines = Self.lines(.jsonl, [.print(text, line: 1)])
        #expect(
            lines.first?.text
                == #"{"v":1,"type":"print","seq":1,"line":1,"text":"a\"b\\c\nd\u001b[2J\u007f\u009b\u202ex\u2028ü😀\udb40\udc01"}"#
        )
    }

    @Test("Text: progress on standard error, the verdict and the report on standard output")
    func text() {
        let lines = Self.lines(
            .text,
            [
                .start(Self.start), .step(Self.step), .print("hello", line: 5),
                .shutdownUsage(Lab.row(0, .peerUnresponsive), phase: 4, name: "s1"),
                .shutdownUsage(Lab.row(1, .local(200)), phase: 4, name: "s2"),
                .end(Self.verdict, Lab.report([Lab.row(0, .peerUnresponsive)])),
            ])
        #expect(
            lines.filter { $0.stream == .error }.map(\.text) == [
                "  4  register alice                            ok       200               0.11 s"
            ])
        #expect(
            lines.filter { $0.stream == .output }.map(\.text) == [
                "hello",
                "       ClientSubscription s1          abandoned  no answer to 5 requests",
                "           server silent 7.9 s",
                "       ClientSubscription s2          ended      200",
                "FAIL  13 ok, 0 failed, 1 usage abandoned                    exit 7",
            ])
    }

    @Test(
        "Numbers are written without a trace of binary fractions",
        arguments: [
            (0.0, 3, "0.000"), (1.2044, 3, "1.204"), (-0.0005, 3, "-0.001"), (12.0, 0, "12"), (Double.nan, 2, "0"),
            (Double.infinity, 2, "0"), (0.05, 1, "0.1"),
        ])
    func decimals(_ value: Double, _ digits: Int, _ text: String) {
        #expect(decimalText(value, digits: digits) == text)
    }
}

@Suite("The report after the terminal was left")
struct FarewellTests {
    @Test("A row for each usage with its name, then what it comes to and the exit code")
    func farewell() {
        var abandoned = Lab.row(0, .gaveUp)
        abandoned.consequence = "the server may keep notifying for 3595 s more"
        abandoned.believedUntil = .zero + .seconds(90)
        abandoned.binding = .sip(SIPURI(user: "alice", host: "192.0.2.7"))
        let report = Lab.report([abandoned, Lab.row(1, .local(200))])
        let verdict = Verdict(on: report, elapsed: .seconds(5))
        let farewell = { (isKept: Bool) in
            ReportText.farewell(report, names: [report.usages[0].id: "bob"], verdict: verdict, isKept: isKept) {
                "14:0\(($0 - .zero).inMilliseconds / 60_000):00"
            }
        }
        let lines = farewell(true)
        #expect(
            lines == [
                "  ClientSubscription bob         abandoned  given up after 5 requests",
                "      server silent 7.9 s, the server may keep notifying for 3595 s more,",
                "      until 14:01:00",
                "  ClientSubscription csub-2      ended      200",
                "  The next start offers to remove what is still registered: reap",
                "Left, but not in order: 1 usage ended, 1 usage abandoned    exit 7",
            ])
        let many = Lab.report((0..<1_000).map { Lab.row($0, $0 % 4 == 0 ? .gaveUp : .local(200)) })
        let short = ReportText.farewell(
            many, names: [:], verdict: Verdict(on: many, elapsed: .seconds(5)), isKept: true, clock: { _ in "" })
        #expect(short.count == 10 * 2 + 1 + 10 + 1 + 1)
        #expect(short.contains("  ClientSubscription 240 more    abandoned"))
        #expect(short.contains("  ClientSubscription 740 more    ended"))
        #expect(short.last == "Left, but not in order: 750 usages ended, 250 usages abandoned  exit 7")
        // Where no receipt is kept, as in the sandbox, the next start knows of nothing.
        #expect(farewell(false) == lines.filter { !$0.contains("next start") })
    }
}

@Suite("The receipt that is kept for the next start")
struct ReceiptTextTests {
    @Test("What ended how, what the server still believes and until when, and what is still there from before")
    func receipt() throws {
        var abandoned = Lab.row(0, .gaveUp)
        abandoned.consequence = "the registrar may keep our binding for 90 s more"
        abandoned.believedUntil = .zero + .seconds(90)
        abandoned.binding = try AnyURI(parsing: "sip:alice@192.0.2.7:5060")
        let older = Leftover(account: "bob", contact: try AnyURI(parsing: "sip:bob@192.0.2.7"), until: nil)
        let report = Lab.report([abandoned, Lab.row(1, .local(200))])
        let lines = ReceiptText.lines(report, names: [:], carried: [older], at: .zero) {
            let milliseconds = ($0 - .zero).inMilliseconds
            return ReceiptText.Time(text: "T\(milliseconds)", milliseconds: milliseconds)
        }
        #expect(lines.count == 4)
        #expect(lines[0].contains("\"type\":\"receipt\",\"left\":\"T0\",\"mode\":\"graceful\",\"clean\":false"))
        #expect(lines[1].contains("\"result\":\"abandoned\",\"cause\":\"gaveUp\""))
        #expect(lines[1].contains("\"until\":\"T90000\",\"until_ms\":90000,\"binding\":\"sip:alice@192.0.2.7:5060\""))
        #expect(lines[2].contains("\"result\":\"ended\"") && lines[2].contains("\"binding\":null"))
        #expect(lines[3].contains("\"account\":\"bob\",\"binding\":\"sip:bob@192.0.2.7\""))
        let hurried = ReceiptText.lines(nil, names: [:], carried: [older], at: .zero + .seconds(1)) {
            ReceiptText.Time(text: "T\(($0 - .zero).inMilliseconds)", milliseconds: 0)
        }
        #expect(hurried.count == 2 && hurried[1] == lines[3])
        #expect(hurried[0].contains("\"left\":\"T1000\",\"mode\":\"abandoned\",\"clean\":false"))
    }
}

extension RecordTests {
    @Test("Nothing of a script or an answer reaches the terminal as a control character")
    func hostileProgress() {
        var step = Self.step
        step.statement = "print \"a\u{1B}[2Jb\""
        step.text = "Busy\u{9B}31m\u{202E}"
        let text = Self.lines(.text, [.step(step)]).map(\.text).joined()
        #expect(!text.unicodeScalars.contains { $0.value < 32 || $0.value == 0x9B || $0.value == 0x202E })
    }
}
