import SansIO
import SoftphoneCore

/// The event log, newest last.
extension App {
    func drawLog(_ frame: inout Frame, _ area: Area, back: Int, at now: Instant) {
        frame.box(area, title: "Event log")
        frame.answer(.surface(.page), area)
        let room = area.height - 2
        let last = max(min(model.log.count, room), model.log.count - back)
        for (offset, line) in model.log[max(0, last - room)..<last].enumerated() {
            frame.line(logText(line), in: area, row: area.row + 1 + offset, style: logStyle(line))
        }
    }
    func logText(_ line: LogLine) -> String {
        let mark =
            switch line.level {
            case .note: " "
            case .warning: "!"
            case .failure: "✗"
            }
        return "\(Width.pad(Words.milliseconds(line.at - .zero), to: 10, rightAligned: true)) \(mark) \(line.text)"
    }
    func logStyle(_ line: LogLine) -> Style {
        switch line.level {
        case .note: .plain
        case .warning: Looks.waiting
        case .failure: Looks.bad
        }
    }
}
