import DialogUsage
import SansIO
import SoftphoneCore

/// The first line, and the two last ones.
extension App {
    func drawStatus(_ frame: inout Frame, at now: Instant) {
        frame.fill(row: 0, column: 0, width: frame.size.columns, style: Looks.title)
        var parts = ["lastcall"]
        for account in model.accounts {
            let mark =
                switch account.registration {
                case "registered": "●"
                case "failing": "!"
                case "none", "": "○"
                default: "◐"
                }
            let until = Words.until(account.expiresAt ?? account.nextAt, from: now)
            let state = account.registration.isEmpty || account.registration == "none" ? "not registered" : account.registration
            parts.append("\(account.name) \(mark) \(state)\(until.isEmpty ? "" : " " + until)")
        }
        let calls = model.calls.count { $0.state != .ended }
        let subscriptions = model.usages.count { $0.id.kind == .clientSubscription }
        let stale = model.presence.count { $0.freshness == .stale }
        parts.append("calls \(calls)")
        parts.append("subs \(subscriptions)" + (stale > 0 ? " (\(stale) stale)" : ""))
        if model.isArmed { parts.append("◆ leaves when idle") }
        if let sandbox = model.sandbox { parts.append("sandbox \(sandbox)") }
        frame.write(" " + parts.joined(separator: " │ "), row: 0, style: Looks.title)
    }

    /// The prompt, a ringing call, digits, or what came of the last command.
    func drawMessageLine(_ frame: inout Frame, row: Int, at now: Instant) {
        switch mode {
        case .prompt(let editor, let fault):
            drawPrompt(&frame, editor, fault: fault, row: row)
            return
        case .digits(let sent):
            frame.write(" digits: \(sent)▏  0-9 * # send, Esc ends", row: row, style: Looks.waiting)
            return
        case .browsing, .help, .detail, .log, .messages: break
        }
        if let call = incoming {
            let text = " ☎ \(call.peer) calls  \(Words.clock(now - call.since))   [a] answer  [b] refuse "
            frame.write(Width.pad(text, to: frame.size.columns), row: row, style: Style(.black, on: .yellow))
            return
        }
        if let notice {
            frame.write(
                (notice.isFault ? " ! " : " ") + notice.text, row: row, style: notice.isFault ? Looks.bad : Looks.good)
        }
    }

    private func drawPrompt(_ frame: inout Frame, _ editor: LineEditor, fault: String?, row: Int) {
        // What is typed last is always in sight.
        let room = max(1, frame.size.columns - 3)
        let before = editor.beforeCursor
        let skipped = max(0, Width.of(before) - room + 1)
        let shown = String(editor.line.dropFirst(skipped))
        frame.write(" :" + shown, row: row, style: .bold)
        frame.cursor = .init(row: row, column: min(2 + Width.of(before) - skipped, frame.size.columns - 1))
        let hint = fault.map { "! \($0)" } ?? suggestions(for: editor).prefix(12).joined(separator: "  ")
        guard !hint.isEmpty else { return }
        frame.fill(row: row - 1, column: 0, width: frame.size.columns)
        frame.write(" " + hint, row: row - 1, style: fault == nil ? Looks.faint : Looks.bad)
    }

    func drawKeyBar(_ frame: inout Frame, row: Int) {
        var column = 1
        for (key, text) in keyBar {
            let width = Width.of(key) + Width.of(text) + 3
            guard column + width <= frame.size.columns else { break }
            frame.write(key, row: row, column: column, style: Looks.keyName)
            frame.write(text, row: row, column: column + Width.of(key) + 1)
            column += width
        }
    }

    private var keyBar: [(String, String)] {
        switch mode {
        case .prompt: return [("⏎", "run"), ("Tab", "complete"), ("↑", "history"), ("Esc", "back")]
        case .digits: return [("0-9*#", "send"), ("Esc", "back")]
        case .help, .log, .messages: return [("↑↓", "scroll"), ("Esc", "back")]
        case .detail: return [("↑↓", "scroll"), ("Esc", "back"), ("x", "hang up"), (":", "command"), ("?", "keys")]
        case .browsing:
            var keys: [(String, String)] = [("?", "keys"), (":", "command"), ("⏎", "detail")]
            if incoming != nil { keys += [("a", "answer"), ("b", "refuse")] }
            if selectedCall != nil {
                keys += [("x", "hang up"), ("H", "hold"), ("d", "digits"), ("m", "mute")]
            }
            keys += [("r", "register"), ("c", "call"), ("s", "subscribe"), ("p", "publish"), ("t", "message")]
            return keys + [("l", "log"), ("L", "messages"), ("Q", "leave")]
        }
    }
}
