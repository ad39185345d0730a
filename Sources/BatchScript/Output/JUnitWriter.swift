import SansIO
import SoftphoneCore

/// The run as JUnit's XML, as build servers read it: a test case for each step, a suite for each label. The numbers stand
/// at the top, so everything is written at the end.
struct JUnitWriter: Sendable {
    private struct Suite: Sendable {
        var name: String
        var cases: [String] = []
        var count = 0
        var failures = 0
        var skipped = 0
        var time = Duration.zero
    }
    /// Steps that passed and are more than this are only counted.
    private static let mostCases = 100_000

    private var file = ""
    private var stamp = ""
    private var suites: [Suite] = []
    private var said: [String] = []

    mutating func lines(for record: ScriptRecord) -> [String] {
        switch record {
        case .start(let start): (file, stamp) = (start.file, start.time)
        case .step(let step): add(step)
        case .print(let text, _): said.append(visibleLine(text))
        case .dump(_, let text, _): said += text.split(separator: "\n").map { visibleLine(String($0)) }
        case .shutdownUsage(let row, _, let name): said += ReportText.rows(for: row, name: name, indent: 0)
        case .event, .waiting, .label: break
        case .end(let verdict, _): return end(verdict)
        }
        return []
    }

    private mutating func add(_ step: StepRecord) {
        let name = step.label ?? file
        let index = suites.firstIndex { $0.name == name } ?? suites.count
        if index == suites.count { suites.append(Suite(name: name)) }
        suites[index].count += 1
        suites[index].time += step.duration
        let head =
            "    <testcase classname=\(Self.quoted(name)) name=\(Self.quoted(step.place + ": " + step.statement))"
            + " time=\"\(decimalText(step.duration.inSeconds, digits: 3))\""
        switch step.status {
        case .ok, .tried:
            if suites[index].cases.count < Self.mostCases { suites[index].cases.append(head + "/>") }
        case .cutShort:
            suites[index].skipped += 1
            suites[index].cases.append(head + "><skipped message=\"cut short\"/></testcase>")
        case .failed, .unclean:
            suites[index].failures += 1
            let type = step.code.map(String.init) ?? step.status.rawValue
            suites[index].cases.append(
                head + "><failure type=\(Self.quoted(type)) message=\(Self.quoted(step.text))/></testcase>")
        }
    }

    private mutating func end(_ verdict: Verdict) -> [String] {
        if verdict.exit != .success, !suites.contains(where: { $0.failures > 0 }) {
            let reason = verdict.reason ?? "the shutdown was not clean"
            let name = file.isEmpty ? "lastcall" : file
            var suite = Suite(name: "the end", count: 1, failures: 1)
            suite.cases = [
                "    <testcase classname=\(Self.quoted(name)) name=\"exit code \(verdict.exit.rawValue)\" time=\"0.000\">"
                    + "<failure type=\"\(verdict.exit.rawValue)\" message=\(Self.quoted(reason))/></testcase>"
            ]
            suites.append(suite)
        }
        let failures = suites.reduce(0) { $0 + $1.failures }
        let counts = "tests=\"\(suites.reduce(0) { $0 + $1.count })\" failures=\"\(failures)\" errors=\"0\""
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<testsuites name=\(Self.quoted(file)) \(counts) "
                + "time=\"\(decimalText(verdict.elapsed.inSeconds, digits: 3))\">",
        ]
        for suite in suites {
            lines.append(
                "  <testsuite name=\(Self.quoted(suite.name)) tests=\"\(suite.count)\" failures=\"\(suite.failures)\" "
                    + "errors=\"0\" skipped=\"\(suite.skipped)\" "
                    + "time=\"\(decimalText(suite.time.inSeconds, digits: 3))\" timestamp=\(Self.quoted(stamp))>")
            lines += suite.cases
            if suite.name == suites.last?.name, !said.isEmpty {
                lines.append("    <system-out>\(Self.escaped(said.joined(separator: "\n")))</system-out>")
            }
            lines.append("  </testsuite>")
        }
        return lines + ["</testsuites>"]
    }

    private static func quoted(_ text: String) -> String {
        "\"\(escaped(visibleLine(text)).replacing("\"", with: "&quot;"))\""
    }
    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
