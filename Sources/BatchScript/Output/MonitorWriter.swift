import SansIO
import SoftphoneCore

/// The run in the one line that Nagios and its kin read, with its performance data; what the script prints follows.
struct MonitorWriter: Sendable {
    private static let mostLines = 100
    private var said: [String] = []

    mutating func lines(for record: ScriptRecord) -> [String] {
        switch record {
        case .print(let text, _): if said.count < Self.mostLines { said.append(harmless(text)) }
        case .start, .step, .event, .label, .dump, .waiting, .shutdownUsage: break
        case .end(let verdict, _): return end(verdict)
        }
        return []
    }

    private func end(_ verdict: Verdict) -> [String] {
        let word = ["OK", "WARNING", "CRITICAL", "UNKNOWN"][Int(verdict.exit.forMonitor.rawValue)]
        let passed = "\(ReportText.counted(verdict.passed, "step")) passed"
        let reason = verdict.reason ?? (verdict.exit == .unclean ? "the shutdown was not clean" : passed)
        let time = decimalText(verdict.elapsed.inSeconds, digits: 3)
        let data =
            "time=\(time)s;;;0 passed=\(verdict.passed) failed=\(verdict.failed) abandoned=\(verdict.abandoned.count)"
        return ["SIP \(word) - \(harmless(reason)) | \(data)"] + said
    }

    /// A bar begins the performance data.
    private func harmless(_ text: String) -> String { visibleLine(text).replacing("|", with: "¦") }
}

extension ExitCode {
    /// What a monitor makes of it: 0 all is well, 1 the shutdown was not clean, 2 it does not work, 3 nobody knows, because
    /// the fault is on our side.
    package var forMonitor: ExitCode {
        switch self {
        case .success: ExitCode(rawValue: 0)
        case .unclean, .notIdle: ExitCode(rawValue: 1)
        case .usage, .configuration, .media, .internalError, .hungUp, .interrupted, .terminated: ExitCode(rawValue: 3)
        default: ExitCode(rawValue: 2)
        }
    }
}
