import Media
import SoftphoneCore

extension StatementParser {
    // MARK: Settings

    static let settings = ["timeout", "giveup", "onfail", "device"]

    func setting() throws(ScriptFault) -> Statement.Setting {
        let words = try expandedWords()
        guard words.count > 1 else {
            throw ScriptFault("set takes a key: \(Self.settings.joined(separator: ", "))", offset: line.text.count)
        }
        guard Self.settings.contains(words[1].text) else {
            let suggestion = closest(to: words[1].text, among: Self.settings).map { "did you mean '\($0)'?" }
            throw ScriptFault(
                "there is no setting '\(words[1].text)'; "
                    + (suggestion ?? "settings are \(Self.settings.joined(separator: ", "))"),
                offset: words[1].column - 1)
        }
        guard words.count > 2 else {
            throw ScriptFault("a value is missing for '\(words[1].text)'", offset: line.text.count)
        }
        guard words.count == 3 else { throw unexpected(words[3], "the end of the line") }
        switch words[1].text {
        case "timeout": return .timeout(try Self.duration(words[2]))
        case "giveup": return .giveUp(try Self.duration(words[2]))
        case "device": return .device(try Self.device(words[2]))
        default:
            switch words[2].text {
            case "stop": return .continuesAfterFailure(false)
            case "continue": return .continuesAfterFailure(true)
            default:
                throw ScriptFault("onfail is 'stop' or 'continue', not '\(words[2].text)'", offset: words[2].column - 1)
            }
        }
    }

    private static func device(_ word: Word) throws(ScriptFault) -> AudioDevice {
        if let device = AudioDevice(word.text) { return device }
        throw ScriptFault(
            "there is no device '\(word.text)'; write null, tone, tone:440, echo or file:IN.wav,OUT.wav",
            offset: word.column - 1)
    }

    func assignment() throws(ScriptFault) -> Statement.Action {
        guard words.count == 3 else {
            throw ScriptFault(
                "var takes a name and a value, such as var peer sip:bob@sandbox.test", offset: line.text.count)
        }
        let name = words[1].text
        guard !Variables.reserved.contains(name), !name.isEmpty,
            name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") })
        else {
            throw ScriptFault(
                "'\(name)' cannot be a name; use letters, digits, - and _, and not \(Variables.reserved.joined(separator: ", "))",
                offset: words[1].column - 1)
        }
        return .assign(name: name, value: try variables.expanding(words[2].text, at: words[2].column - 1))
    }

    func flush() throws(ScriptFault) -> Statement.Action {
        guard words.count == 2, words[1].isWord("events") else {
            throw ScriptFault("flush takes one word: flush events", offset: words[0].endColumn - 1)
        }
        return .flushEvents
    }

    func soleDuration(_ remedy: String) throws(ScriptFault) -> Duration {
        let words = try expandedWords()
        guard words.count > 1 else { throw ScriptFault(remedy, offset: line.text.count) }
        guard words.count == 2 else { throw unexpected(words[2], "the end of the line") }
        return try Self.duration(words[1])
    }

    // MARK: Durations

    static func duration(_ word: Word) throws(ScriptFault) -> Duration {
        if let duration = Duration(scriptText: word.text) { return duration }
        throw ScriptFault("'\(word.text)' is no duration; write 250ms, 3s or 2m", offset: word.column - 1)
    }

    func duration(after word: Word) throws(ScriptFault) -> Duration {
        try Self.duration(after: word, in: words, variables: variables)
    }

    static func duration(after word: Word, in words: [Word], variables: Variables) throws(ScriptFault) -> Duration {
        guard let index = words.firstIndex(of: word), index + 1 < words.count else {
            throw ScriptFault("a duration is missing after '\(word.text)', such as 3s", offset: word.endColumn - 1)
        }
        var value = words[index + 1]
        value.text = try variables.expanding(value.text, at: value.column - 1)
        return try duration(value)
    }

    func unexpected(_ word: Word, _ wanted: String) -> ScriptFault {
        ScriptFault("'\(word.text)' is unexpected; here comes \(wanted)", offset: word.column - 1)
    }

    // MARK: Characters

    static func words(of characters: [Character]) throws(ScriptFault) -> [Word] {
        do throws(CommandError) {
            return try ScriptLine.words(of: characters)
        } catch {
            throw ScriptFault(error.text, offset: error.column - 1)
        }
    }

    /// The characters before a place as blanks, so that columns stay what they are.
    static func blank(_ characters: [Character], upTo place: Int) -> [Character] {
        Array(repeating: " ", count: place) + characters[place...]
    }

    /// Patterns may hold quotes, `#` and blanks; the part of a line that is an expression is not cut into words.
    static func withoutExpression(_ characters: [Character]) -> [Character] {
        let words = characters.split(separator: " ", maxSplits: 2).map { String($0) }
        let verb = words.first == "try" && words.count > 1 ? words[1] : words.first ?? ""
        switch verb {
        case "assert":
            guard let place = self.place(of: "assert", in: characters) else { return characters }
            return Array(characters[..<(place + 6)])
        case "if":
            guard let place = self.place(of: "if", in: characters) else { return characters }
            return Array(characters[..<(place + 2)])
        case "wait", "expect", "refuse":
            guard let place = self.place(ofWhere: characters) else { return characters }
            return Array(characters[..<place])
        default: return characters
        }
    }

    static func place(ofWhere characters: [Character]) -> Int? { place(of: "where", in: characters) }

    /// Where a word stands between blanks, outside a comment.
    private static func place(of word: String, in characters: [Character]) -> Int? {
        let letters = Array(word)
        var index = 0
        while index < characters.count {
            if characters[index].isWhitespace {
                index += 1
                continue
            }
            if characters[index] == "#" { return nil }
            let end = characters[index...].firstIndex(where: \.isWhitespace) ?? characters.count
            if Array(characters[index..<end]) == letters { return index }
            index = end
        }
        return nil
    }

    /// Whether the line says `${…}` of something that can change while the script runs.
    static func namesVariable(_ line: LogicalLine) -> Bool {
        let text = String(line.text)
        return text.contains("${") && text.replacing("${env:", with: "").contains("${")
    }

    /// The line without its comment and with passwords hidden.
    static func displayText(of line: LogicalLine) -> String {
        let text = String(line.text)
        guard let words = try? ScriptLine.words(of: line.text), let last = words.last else { return text.trimmed }
        var characters = Array(line.text[..<min(last.endColumn - 1, line.text.count)])
        for (word, secret) in zip(words, words.dropFirst()).reversed() where word.isWord("password") {
            characters.replaceSubrange(
                (secret.column - 1)..<min(secret.endColumn - 1, characters.count), with: "‹redacted›")
        }
        return String(characters).trimmed
    }
}

extension String {
    var trimmed: String { String(drop(while: \.isWhitespace)).trimmingEnd }
}
