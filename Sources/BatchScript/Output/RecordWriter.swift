import DialogUsage
package import SansIO
import SoftphoneCore

/// How a run is told.
package enum OutputFormat: String, Hashable, Sendable, CaseIterable {
    case text, jsonl, tap, junit, nagios
}

extension OutputFormat {
    /// What the program says to whoever started it.
    package func exit(_ code: ExitCode) -> ExitCode { self == .nagios ? code.forMonitor : code }
}

/// One line for standard output or standard error, without its line end. The host writes it at once and flushes.
package struct OutputLine: Hashable, Sendable {
    package enum Stream: Hashable, Sendable { case output, error }
    package var stream: Stream
    package var text: String

    package init(_ stream: Stream, _ text: String) {
        self.stream = stream
        self.text = text
    }
}

/// Writes records as lines.
package struct RecordWriter: Sendable {
    private let format: OutputFormat
    private let started: Instant
    private var sequence = 0
    private var shutdownRows: [String] = []
    private var tap = TAPWriter()
    private var junit = JUnitWriter()
    private var monitor = MonitorWriter()

    package init(_ format: OutputFormat, started: Instant) {
        self.format = format
        self.started = started
    }

    package mutating func lines(for record: ScriptRecord, at now: Instant) -> [OutputLine] {
        switch format {
        case .jsonl: object(for: record, at: now).map { [OutputLine(.output, $0.line)] } ?? []
        case .text: text(for: record)
        case .tap: tap.lines(for: record).map { OutputLine(.output, $0) }
        case .junit: junit.lines(for: record).map { OutputLine(.output, $0) }
        case .nagios: monitor.lines(for: record).map { OutputLine(.output, $0) }
        }
    }

    // MARK: JSON lines

    private mutating func object(for record: ScriptRecord, at now: Instant) -> JSONObject? {
        var object = JSONObject(["v": 1])
        switch record {
        case .start(let start): start.write(into: &object)
        case .step(let step):
            number(&object, "step")
            step.write(into: &object)
        case .event(let happening):
            number(&object, "event")
            object["mono"] = mono(happening.at)
            happening.write(into: &object)
        case .print(let text, let line):
            number(&object, "print")
            object["line"] = .integer(line)
            object["text"] = .text(text)
        case .label(let text, let line):
            number(&object, "label")
            object["line"] = .integer(line)
            object["text"] = .text(text)
        case .dump(let name, let text, let line):
            number(&object, "dump")
            object["line"] = .integer(line)
            object["what"] = .text(name)
            object["text"] = .text(text)
        case .waiting: return nil
        case .shutdownUsage(let row, let phase, let name):
            number(&object, "shutdown.usage")
            object["mono"] = mono(row.endedAt)
            object["phase"] = .integer(phase)
            row.write(into: &object, name: name)
        case .end(let verdict, _):
            object["type"] = "end"
            verdict.write(into: &object)
        }
        return object
    }

    private mutating func number(_ object: inout JSONObject, _ type: String) {
        sequence += 1
        object["type"] = .text(type)
        object["seq"] = .integer(sequence)
    }
    /// Seconds since the start of the run.
    private func mono(_ instant: Instant) -> JSONValue { .decimal((instant - started).inSeconds, digits: 3) }

    // MARK: Text

    /// Progress goes to standard error, what a script prints and the verdict to standard output.
    private mutating func text(for record: ScriptRecord) -> [OutputLine] {
        switch record {
        case .start: return []
        case .event(let happening): return ReportText.planned(happening).map { [OutputLine(.output, $0)] } ?? []
        case .step(let step): return [OutputLine(.error, step.progressLine)]
        case .print(let text, _): return [OutputLine(.output, visibleLine(text))]
        case .dump(_, let text, _):
            return text.split(separator: "\n").map { OutputLine(.output, visibleLine(String($0))) }
        case .label(let text, _): return [OutputLine(.error, "     \(visibleLine(text)):")]
        case .waiting(let blockers):
            let more = blockers.count > 3 ? ["and \(blockers.count - 3) more"] : []
            return (blockers.prefix(3) + more).map { OutputLine(.error, "     waiting: \(visibleLine($0))") }
        case .shutdownUsage(let row, _, let name):
            shutdownRows += ReportText.rows(for: row, name: name)
            return []
        case .end(let verdict, let report):
            let rows = report == nil ? [] : shutdownRows
            return (rows + [ReportText.verdict(verdict)]).map { OutputLine(.output, $0) }
        }
    }
}
