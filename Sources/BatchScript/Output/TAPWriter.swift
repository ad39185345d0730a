import SansIO
import SoftphoneCore

/// The run as the Test Anything Protocol, version 14: a test for each step, and one for the end when that alone failed.
struct TAPWriter: Sendable {
    private var count = 0
    private var hasFailed = false

    mutating func lines(for record: ScriptRecord) -> [String] {
        switch record {
        case .start: return ["TAP version 14"]
        case .step(let step): return lines(for: step)
        case .print(let text, _): return [comment(text)]
        case .label(let text, _): return [comment("— \(text)")]
        case .dump(_, let text, _): return text.split(separator: "\n").map { comment(String($0)) }
        case .shutdownUsage(let row, _, let name):
            return ReportText.rows(for: row, name: name, indent: 0).map { comment($0) }
        case .event, .waiting: return []
        case .end(let verdict, _): return end(verdict)
        }
    }

    private mutating func lines(for step: StepRecord) -> [String] {
        count += 1
        let title = "\(count) - \(harmless(step.place + ": " + step.statement))"
        let time = "# \(step.duration.inMilliseconds) ms"
        switch step.status {
        case .ok, .tried: return ["ok \(title) \(time)"]
        case .cutShort: return ["ok \(title) # SKIP cut short"]
        case .failed, .unclean:
            hasFailed = true
            return ["not ok \(title) \(time)"] + diagnosis(step.text)
        }
    }

    private mutating func end(_ verdict: Verdict) -> [String] {
        var lines: [String] = []
        // Not even begun, or told by somebody who has not seen the steps.
        if count == 0 { return ["Bail out! \(harmless(verdict.reason ?? "nothing was done"))"] }
        if verdict.exit != .success, !hasFailed {
            count += 1
            lines.append("not ok \(count) - the end: exit code \(verdict.exit.rawValue)")
            lines += diagnosis(verdict.reason ?? "the shutdown was not clean")
        }
        if [.hungUp, .interrupted, .terminated].contains(verdict.exit) {
            lines.append("Bail out! \(harmless(verdict.reason ?? "interrupted"))")
        }
        return lines + ["1..\(count)", comment("exit code \(verdict.exit.rawValue)")]
    }

    private func diagnosis(_ text: String) -> [String] {
        var line = ""
        JSONValue.write(text, into: &line)
        return ["  ---", "  message: \(line)", "  ..."]
    }
    private func comment(_ text: String) -> String { "# \(visibleLine(text))" }

    /// `#` would begin a directive.
    private func harmless(_ text: String) -> String {
        visibleLine(text).replacing("\\", with: "\\\\").replacing("#", with: "\\#")
    }
}
