import BatchScript
import Foundation
import FoundationXML
import SIPMessage
import SansIO
import SoftphoneCore
import Testing

@Suite("What a run tells: TAP, JUnit, one line for Nagios")
struct OutputFormatTests {
    private func lines(_ lab: Lab, _ format: OutputFormat) -> [String] {
        var writer = RecordWriter(format, started: .zero)
        return lab.records.flatMap { writer.lines(for: $0, at: .zero) }.filter { $0.stream == .output }.map(\.text)
    }

    private func failing() throws -> Lab {
        var lab = try Lab("label \"calls & <more>\"\nregister\nprint \"a #1\"\ncall bob as c1\nsleep 1s")
        lab.wait(.milliseconds(110))
        lab.succeed()
        lab.fail(.refused(486), "486 Busy \"Here\"")
        lab.stop()
        return lab
    }

    @Test("TAP: a test for each step, what failed with its reason, and the plan at the end")
    func tap() throws {
        #expect(
            lines(try failing(), .tap) == [
                "TAP version 14", "# — calls & <more>", "ok 1 - line 1: label \"calls & <more>\" # 0 ms",
                "ok 2 - line 2: register # 110 ms", "# a #1", "ok 3 - line 3: print \"a \\#1\" # 0 ms",
                "not ok 4 - line 4: call bob as c1 # 0 ms", "  ---", "  message: \"486 Busy \\\"Here\\\"\"", "  ...",
                "ok 5 - the end: shutdown graceful # 0 ms", "1..5", "# exit code 1",
            ])
    }

    @Test("TAP: an end that is no step is a test of its own, a signal bails out, what never began too")
    func tapEnds() throws {
        #expect(lines(try Lab.run("exit 42"), .tap).contains("not ok 3 - the end: exit code 42"))
        var lab = try Lab("sleep 1m")
        lab.tell(.interrupted(.terminate))
        lab.stop()
        let told = lines(lab, .tap)
        #expect(told.contains { $0.hasSuffix("# SKIP cut short") })
        #expect(told.contains { $0.hasPrefix("Bail out! interrupted at line 1") })
        var writer = RecordWriter(.tap, started: .zero)
        let verdict = Verdict(exit: .usage, elapsed: .zero, reason: "a.batch:1:1: no")
        #expect(writer.lines(for: .end(verdict, nil), at: .zero).map(\.text) == ["Bail out! a.batch:1:1: no"])
    }

    @Test("JUnit: well formed, a suite for each label, and the numbers of what is in it")
    func junit() throws {
        let told = lines(try failing(), .junit).joined(separator: "\n")
        let reader = CaseCounter()
        let parser = XMLParser(data: Data(told.utf8))
        parser.delegate = reader
        #expect(parser.parse(), "\(told)")
        #expect(reader.elements["testsuite"] == 2)
        #expect(reader.elements["testcase"] == 5)
        #expect(reader.elements["failure"] == 1)
        #expect(reader.tests == "5")
        #expect(reader.names == ["a.batch", "calls & <more>"])
    }

    @Test(
        "Nagios: one line, 0 to 3, and what is printed behind it",
        arguments: [
            (ExitCode.success, 0, "OK"), (.unclean, 1, "WARNING"), (.failed, 2, "CRITICAL"), (.refused, 2, "CRITICAL"),
            (.transport, 2, "CRITICAL"), (.timeUp, 2, "CRITICAL"), (.usage, 3, "UNKNOWN"),
            (.configuration, 3, "UNKNOWN"), (.terminated, 3, "UNKNOWN"), (.internalError, 3, "UNKNOWN"),
        ])
    func nagios(_ exit: ExitCode, _ code: Int32, _ word: String) throws {
        var writer = RecordWriter(.nagios, started: .zero)
        #expect(writer.lines(for: .print("mos 4.4", line: 1), at: .zero).isEmpty)
        let verdict = Verdict(exit: exit, passed: 3, elapsed: .milliseconds(1_250), reason: "no | bar")
        let told = writer.lines(for: .end(verdict, nil), at: .zero).map(\.text)
        #expect(told == ["SIP \(word) - no ¦ bar | time=1.250s;;;0 passed=3 failed=0 abandoned=0", "mos 4.4"])
        #expect(OutputFormat.nagios.exit(exit).rawValue == code)
        #expect(OutputFormat.text.exit(exit) == exit)
    }

    @Test("--dry-run: the lines with their blocks and limits, and the shutdown that ends every script")
    func plan() throws {
        let script = try Lab.parse(
            """
            set timeout 3s
            repeat 2
              register timeout 1s
            end
            if usages.total == 0
              sleep 5s
            else
              expect call.ended
            end
            finally
              hangup all
            end
            """)
        let plan = PlanText.lines(of: script, giveUp: .seconds(4)).map {
            $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        }
        #expect(
            plan == [
                "1 set timeout 3s", "2 repeat 2", "3 register timeout 1s at most 1s", "5 if usages.total == 0",
                "6 sleep 5s 5s", "else", "8 expect call.ended at most 3s", "finally", "11 hangup all at most 3s",
                "end shutdown graceful giveup 4s",
            ])
    }

    private final class CaseCounter: NSObject, XMLParserDelegate {
        var elements: [String: Int] = [:]
        var tests: String?
        var names: [String] = []

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            elements[name, default: 0] += 1
            if name == "testsuites" { tests = attributes["tests"] }
            if name == "testsuite" { names.append(attributes["name"] ?? "") }
        }
    }
}

@Suite("Names that a script uses")
struct NameCheckTests {
    @Test(
        "A name that no line gives is found before anything is sent",
        arguments: [
            ("call bob as c1\nhangup c2", "a.batch:2:8: ", "did you mean 'c1'"),
            ("call bob as c1\nexpect call.ended of d", "a.batch:2:22: ", "no line gives the name 'd'"),
            ("call bob as c1\nassert call.cc.state == ended", "a.batch:2:8: ", "did you mean 'c1'"),
            (
                "subscribe presence bob as s1\nexpect sub.notify where sub.t.state == active", "a.batch:2:25: ",
                "no line"
            ),
            ("dump ladder c1", "a.batch:1:13: ", "'as c1'"), ("conference c1 c2", "a.batch:1:12: ", "no line"),
            ("call bob as a\ncall bob as b\ntransfer a to c", "a.batch:3:15: ", "did you mean 'a'"),
        ])
    func unknown(_ text: String, _ place: String, _ remedy: String) {
        let found = Lab.errors(in: text, checksNames: true).first
        #expect(found?.description.hasPrefix(place) == true, "\(String(describing: found))")
        #expect(found?.text.contains(remedy) == true, "\(String(describing: found))")
    }

    @Test(
        "What may be known all the same is let through",
        arguments: [
            "hangup all\nhangup cis-4\nunregister work\nrefresh work\nexpect reg.ok of work\nassert reg.work.state == x",
            "repeat 2\n  try hangup c1\n  call bob as c1\nend", "var n c1\ncall bob as ${n}\nhangup anything",
            "call bob as c1\nhangup \"lunch\"", "call bob \\\n  as c1\nassert call.c1.rtp.sent > 0",
        ])
    func known(_ text: String) {
        #expect(Lab.errors(in: text, checksNames: true).isEmpty, "\(Lab.errors(in: text, checksNames: true))")
    }
}
