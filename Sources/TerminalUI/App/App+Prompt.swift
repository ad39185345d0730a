import DialogUsage
import SansIO
import SoftphoneCore

/// The prompt: a script line typed by hand, with the same words, the same parser and the same complaint.
extension App {
    mutating func typed(_ key: Key, _ editor: LineEditor, at now: Instant) -> [SoftphoneCore.Command] {
        var editor = editor
        switch key {
        case .escape:
            mode = .browsing
            historyAt = history.count
        case .enter:
            let line = Self.closingQuote(of: editor.line)
            guard line.contains(where: { !$0.isWhitespace }) else {
                mode = .browsing
                return []
            }
            return run(line, at: now)
        case .tab:
            complete(&editor)
            mode = .prompt(editor, fault: nil)
        case .up: recall(-1)
        case .down: recall(1)
        case .control("r"): mode = .prompt(recalled(editor), fault: nil)
        case .backspace where editor.text.isEmpty:
            mode = .browsing
        default:
            if editor.edit(key) { mode = .prompt(editor, fault: nil) }
        }
        return []
    }

    /// Nobody has to close the quote that ends a line: what is meant is plain, and the message key opens one.
    private static func closingQuote(of line: String) -> String {
        var isOpen = false
        var isEscaped = false
        for character in line {
            if character == "\"", !isEscaped { isOpen.toggle() }
            isEscaped = character == "\\" && !isEscaped
        }
        return isOpen ? line + "\"" : line
    }

    /// Runs a line; one that is wrong stays in the prompt with what is wrong about it.
    mutating func run(_ line: String, at now: Instant) -> [SoftphoneCore.Command] {
        do throws(CommandError) {
            let command = try SoftphoneCore.Command.parse(line: line)
            remember(line)
            mode = .browsing
            if case .shutdown(let request) = command {
                switch request.mode {
                case .graceful, .force: leaving = .asked
                case .ifIdle: break
                }
            }
            return [command]
        } catch {
            mode = .prompt(LineEditor(line), fault: "\(error)")
            return []
        }
    }

    private mutating func remember(_ line: String) {
        // A line with a password is not for the arrow keys of whoever comes next.
        if !line.contains("password") { history.append(line) }
        if history.count > Self.longestHistory { history.removeFirst() }
        historyAt = history.count
    }

    private mutating func recall(_ step: Int) {
        let next = historyAt + step
        guard next >= 0, next <= history.count else { return }
        historyAt = next
        mode = .prompt(LineEditor(next == history.count ? "" : history[next]), fault: nil)
    }

    /// The newest line before the one shown that holds what stands before the cursor. The cursor stays behind what was
    /// sought, so that the same key goes on from there.
    private mutating func recalled(_ editor: LineEditor) -> LineEditor {
        let sought = editor.beforeCursor
        let isNew = historyAt >= history.count || history[historyAt] != editor.line
        let older = history[..<min(historyAt, isNew ? history.count : historyAt)]
        guard let found = older.lastIndex(where: { $0.contains(sought) && $0 != editor.line }) else { return editor }
        historyAt = found
        return LineEditor(history[found], cursorAfter: sought)
    }

    /// Completes the word before the cursor as far as all candidates agree.
    private func complete(_ editor: inout LineEditor) {
        let line = editor.beforeCursor
        let candidates = CommandSpec.completions(of: line, knowing: vocabulary)
        guard let first = candidates.first else { return }
        let common = candidates.dropFirst().reduce(first) { common, candidate in
            String(zip(common, candidate).prefix { $0 == $1 }.map(\.0))
        }
        let begun = String(line.reversed().prefix { !$0.isWhitespace }.reversed())
        guard common.count > begun.count || candidates.count == 1 else { return }
        editor.insert(common.dropFirst(begun.count))
        if candidates.count == 1 { editor.insert(" ") }
    }

    /// What can stand after the words typed so far, for the line above the prompt: as many as there can be room for.
    func suggestions(for editor: LineEditor, most: Int) -> [String] {
        CommandSpec.completions(of: editor.beforeCursor, knowing: vocabulary, most: most)
    }

    private var vocabulary: ModelVocabulary { ModelVocabulary(model: model) }
}
