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
            frame.line(
                "No messages yet; \(keys.shown(.message) ?? ":message") writes one.", in: area, row: area.row + 1,
                style: Looks.faint)
            return
        }
        // The newest at the bottom, each as long as it is.
        let last = max(1, model.messages.count - back)
        var lines: [(String, Style)] = []
        for message in model.messages[..<last].reversed() where lines.count < room {
            let wrapped = Words.wrapped(messageText(message, at: now), to: area.inner.width, indent: "              ")
            lines = wrapped.map { ($0, message.isOurs ? .plain : Looks.good) } + lines
        }
        for (offset, line) in lines.suffix(room).enumerated() {
            frame.line(line.0, in: area, row: area.row + 1 + offset, style: line.1)
        }
    }

    private func messageText(_ message: MessageRow, at now: Instant) -> String {
        let standing: String =
            switch message.standing {
            case .received: ""
            case .sending: " …"
            case .sent: " ✓"
            case .failed(let why): " ✗ \(why)"
            }
        let age = Width.pad(Words.clock(now - message.at), to: 7, rightAligned: true)
        let text = Words.inOneLine(message.text)
        return "\(age) ago \(message.isOurs ? "→" : "←") \(message.peer): \(text)\(standing)"
    }
}
