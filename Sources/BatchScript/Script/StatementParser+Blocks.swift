import SoftphoneCore

/// The words that put lines into blocks, and those that are about the script itself.
extension StatementParser {
    static let mostTurns = 1_000_000

    func turns() throws(ScriptFault) -> Int {
        let words = try expandedWords()
        guard words.count > 1 else {
            throw ScriptFault("repeat says how often, such as repeat 3", offset: line.text.count)
        }
        guard words.count == 2 else { throw unexpected(words[2], "the end of the line") }
        guard let count = Int(words[1].text), (0...Self.mostTurns).contains(count) else {
            throw ScriptFault(
                "'\(words[1].text)' is no number of turns; write one from 0 to \(Self.mostTurns)",
                offset: words[1].column - 1)
        }
        return count
    }

    func title() throws(ScriptFault) -> String {
        guard words.count > 1 else {
            throw ScriptFault("label takes a title for the lines that follow", offset: line.text.count)
        }
        return try expandedWords().dropFirst().map(\.text).joined(separator: " ")
    }

    func exitCode() throws(ScriptFault) -> ExitCode {
        let words = try expandedWords()
        guard words.count > 1 else { throw ScriptFault("exit takes a number, such as exit 0", offset: line.text.count) }
        guard words.count == 2 else { throw unexpected(words[2], "the end of the line") }
        guard let code = Int32(words[1].text), (0...255).contains(code) else {
            throw ScriptFault("'\(words[1].text)' is no exit code; write 0 to 255", offset: words[1].column - 1)
        }
        return ExitCode(rawValue: code)
    }

    /// Variables have their values only when the script runs; files are read before.
    func sourceName() throws(ScriptFault) -> Word {
        guard words.count > 1 else { throw ScriptFault("source takes the name of a file", offset: line.text.count) }
        guard words.count == 2 else { throw unexpected(words[2], "the end of the line") }
        if words[1].text.contains("${") {
            throw ScriptFault(
                "the files of a script are read before it runs; write the name without '${'",
                offset: words[1].column - 1)
        }
        if words[1].text == "-" {
            throw ScriptFault(
                "standard input is no part of a script; write the name of a file", offset: words[1].column - 1)
        }
        return words[1]
    }

    func requirement() throws(ScriptFault) -> Requirement {
        guard words.count > 1 else {
            throw ScriptFault(
                "require takes one of: \(Requirement.words.joined(separator: ", "))", offset: line.text.count)
        }
        guard words.count == 2 else { throw unexpected(words[2], "the end of the line") }
        if let requirement = Requirement(words[1].text) { return requirement }
        let meant = closest(to: words[1].text, among: Requirement.words).map { "did you mean '\($0)'?" }
        throw ScriptFault(
            "nothing is called '\(words[1].text)' that could be required; "
                + (meant ?? "write one of: \(Requirement.words.joined(separator: ", "))"),
            offset: words[1].column - 1)
    }

    func takeNothingMore() throws(ScriptFault) {
        guard words.count > 1 else { return }
        throw unexpected(words[1], "the end of the line")
    }
}
