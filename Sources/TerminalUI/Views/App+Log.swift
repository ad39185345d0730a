import SansIO
import SoftphoneCore

/// The event log and the conversations, newest last.
extension App {
    func drawLog(_ frame: inout Frame, _ area: Area, back: Int, at now: Instant) {
        frame.box(area, title: "Event log")
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

    func drawMessages(_ frame: inout Frame, _ area: Area, back: Int, at now: Instant) {
        frame.box(area, title: "Messages")
        let room = area.height - 2
        guard !model.messages.isEmpty else {
            frame.line("No messages yet; t writes one.", in: area, row: area.row + 1, style: Looks.faint)
            return
        }
        let last = max(min(model.messages.count, room), model.messages.count - back)
        for (offset, message) in model.messages[max(0, last - room)..<last].enumerated() {
            let standing: String =
                switch message.standing {
                case .received: ""
                case .sending: " …"
                case .sent: " ✓"
                case .failed(let why): " ✗ \(why)"
                }
            let arrow = message.isOurs ? "→" : "←"
            let text = message.text.split(whereSeparator: \.isNewline).joined(separator: " ⏎ ")
            frame.line(
                "\(Width.pad(Words.clock(now - message.at), to: 7, rightAligned: true)) ago \(arrow) \(message.peer): \(text)\(standing)",
                in: area, row: area.row + 1 + offset, style: message.isOurs ? .plain : Looks.good)
        }
    }
}
