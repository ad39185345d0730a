import DialogUsage
import SansIO
import SoftphoneCore

/// The line above the key bar: the prompt, a ringing call, digits, or what came of the last command.
extension App {
    func drawMessageLine(_ frame: inout Frame, row: Int, at now: Instant) {
        switch mode {
        case .prompt(let editor, let fault):
            let top = drawPrompt(&frame, editor, fault: fault, row: row)
            if let incoming {
                drawIncoming(&frame, incoming, row: top - 1, keys: "Esc, then \(firstRingingKeys)", at: now)
            }
        case .search(let search):
            drawSearch(&frame, search, row: row)
            if let incoming {
                drawIncoming(&frame, incoming, row: row - 1, keys: "Esc, then a answers, b refuses", at: now)
            }
        case .digits(_, let sent):
            frame.write(" digits: \(sent)▏  0-9 * # are sent, Esc ends", row: row, style: Looks.waiting)
            if let incoming {
                drawIncoming(&frame, incoming, row: row - 1, keys: "Esc, then \(firstRingingKeys)", at: now)
            }
        case .help where incoming != nil:
            if let incoming { drawIncoming(&frame, incoming, row: row, keys: "Esc, then \(firstRingingKeys)", at: now) }
        case .browsing, .help, .detail, .pane, .plan:
            if let incoming {
                drawIncoming(&frame, incoming, row: row, keys: ringingKeys, at: now)
                return answer(ringingHints, &frame, row: row)
            }
            if let asked = model.transferRequests.last, !isShowingShutdown {
                return drawAsked(&frame, asked, row: row)
            }
            // The panel has its own line for it.
            guard let notice, !isShowingShutdown else { return }
            let text = (notice.isFault ? " ! " : " ") + notice.text
            let style = notice.isFault ? Looks.bad : Looks.good
            frame.write(Width.fit(text, in: frame.size.columns), row: row, style: style)
        }
    }

    /// As many as fit beside what is typed.
    private var firstRingingKeys: String { Self.inWords(ringingHints.prefix(2)) }
    private static func inWords(_ hints: some Sequence<KeyHint>) -> String {
        hints.map { "\($0.key) \($0.text)" }.joined(separator: "  ")
    }

    /// The keys of a line, wherever in it they stand.
    func answer(_ hints: [KeyHint], _ frame: inout Frame, row: Int) {
        for hint in hints {
            guard let key = hint.press,
                let column = frame.column(of: " \(hint.key) \(hint.whole) ", row: row)
            else { continue }
            frame.answer(.key(key), row: row, column: column + 1, width: hint.width - 2)
        }
    }

    var ringingKeys: String {
        Self.inWords(ringingHints)
    }

    /// Stays until it is decided, as a call that rings does.
    private func drawAsked(_ frame: inout Frame, _ asked: TransferRow, row: Int) {
        let hints = [(Verb.acceptTransfer, "accept"), (.denyTransfer, "decline")]
            .compactMap { verb, text in hint(.verb(verb), text) }
        let tail = " asks us to call \(Words.withoutScheme(asked.to))   \(Self.inWords(hints)) "
        let room = max(8, frame.size.columns - Width.of(tail) - 3)
        let text = " ⇒ " + Width.fit(Words.withoutScheme(asked.from), in: room) + tail
        frame.write(Width.pad(text, to: frame.size.columns), row: row, style: Looks.ringing)
        answer(hints, &frame, row: row)
    }

    private func drawIncoming(_ frame: inout Frame, _ call: CallRow, row: Int, keys: String, at now: Instant) {
        let tail = " calls, \(Words.clock(now - call.since))   \(keys) "
        let room = frame.size.columns - Width.of(tail) - 3
        let text = " ☎ " + Words.caller(call.peer, in: room) + tail
        frame.write(Width.pad(text, to: frame.size.columns), row: row, style: Looks.ringing)
    }

    private func drawSearch(_ frame: inout Frame, _ search: Search, row: Int) {
        let (sign, help) =
            switch search.purpose {
            case .find: ("/", "finds a name, address, state, event, account; Enter keeps it")
            case .filter: ("\\", "shows only what has this in it; Enter keeps it")
            }
        let first = search.editor.firstShown(in: max(1, frame.size.columns - 3))
        let typed = String(search.editor.text[first...])
        frame.write(" \(sign)\(typed)", row: row, style: .bold)
        let before = Width.of(String(search.editor.text[first..<search.editor.cursor]))
        frame.cursor = .init(row: row, column: min(2 + before, frame.size.columns - 1))
        let column = 4 + Width.of(typed)
        if column + Width.of(help) < frame.size.columns {
            frame.write(help, row: row, column: column, style: Looks.faint)
        }
    }

    /// Answers with the uppermost row it has taken.
    private func drawPrompt(_ frame: inout Frame, _ editor: LineEditor, fault: String?, row: Int) -> Int {
        // What is typed last is always in sight.
        let room = max(1, frame.size.columns - 3)
        let first = editor.firstShown(in: room)
        frame.write(" :" + String(editor.text[first...]), row: row, style: .bold)
        let before = String(editor.text[first..<editor.cursor])
        frame.cursor = .init(row: row, column: min(2 + Width.of(before), frame.size.columns - 1))
        let hints =
            fault.map { Words.wrapped("! \($0)", to: frame.size.columns - 2, indent: "  ") }
            ?? suggestionLine(for: editor, width: frame.size.columns - 2)
        let top = row - hints.count
        for (offset, hint) in hints.enumerated() {
            frame.fill(row: top + offset, column: 0, width: frame.size.columns)
            frame.write(" " + hint, row: top + offset, style: fault == nil ? Looks.faint : Looks.bad)
        }
        return top
    }

    /// As many of the words that can stand here as fit in one line.
    private func suggestionLine(for editor: LineEditor, width: Int) -> [String] {
        // A word takes three columns at least.
        let words = suggestions(for: editor, most: width / 3 + 1)
        guard !words.isEmpty else { return [] }
        return [Width.fit(words.joined(separator: "  "), in: max(1, width))]
    }
}

extension LineEditor {
    /// The first character to be shown so that the cursor is in sight.
    func firstShown(in room: Int) -> Int {
        var (at, used) = (cursor, 0)
        while at > 0 {
            used += Width.of(String(text[at - 1]))
            guard used < room else { break }
            at -= 1
        }
        return at
    }
}
