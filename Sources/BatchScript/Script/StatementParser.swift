import SoftphoneCore

/// Reads one line: the words that only scripts know here, everything else by the table of commands.
struct StatementParser {
    let line: LogicalLine
    let variables: Variables
    let facts: Script.Facts
    var statement: Statement
    private(set) var words: [Word]

    /// The verbs of scripts, beside those of `CommandSpec`.
    static let ownVerbs = [
        "wait", "expect", "refuse", "assert", "sleep", "set", "var", "print", "flush", "try", "repeat", "parallel",
        "if",
        "else", "end", "finally", "label", "source", "require", "exit",
        "dump", "snapshot",
    ]

    /// What a line is.
    enum Content {
        case statement(Statement)
        case otherwise
        case end
        /// Of this name, which stands at this offset.
        case source(String, Int)
        case requirement(Requirement)
    }

    /// nil for a line with nothing but a comment.
    static func content(
        of line: LogicalLine, variables: Variables, facts: Script.Facts
    ) throws(ScriptFault) -> Content? {
        guard var parser = try StatementParser(line, variables: variables, facts: facts) else { return nil }
        return try parser.content()
    }

    /// A line that was read before, with what its variables say now.
    static func statement(
        from line: LogicalLine, variables: Variables, facts: Script.Facts
    ) throws(ScriptFault) -> Statement? {
        guard case .statement(let statement)? = try content(of: line, variables: variables, facts: facts) else {
            return nil
        }
        return statement
    }

    private init?(_ line: LogicalLine, variables: Variables, facts: Script.Facts) throws(ScriptFault) {
        self.line = line
        self.variables = variables
        self.facts = facts
        words = try Self.words(of: Self.withoutExpression(line.text))
        guard let first = words.first else { return nil }
        statement = Statement(line: line.number, verb: first.text, text: "", action: .flushEvents)
    }

    private mutating func content() throws(ScriptFault) -> Content {
        switch words[0].text {
        case "else" where !words[0].isQuoted:
            try takeNothingMore()
            return .otherwise
        case "end" where !words[0].isQuoted:
            try takeNothingMore()
            return .end
        case "source" where !words[0].isQuoted:
            let name = try sourceName()
            return .source(name.text, name.column - 1)
        case "require" where !words[0].isQuoted: return .requirement(try requirement())
        default: return .statement(try parse())
        }
    }

    private mutating func parse() throws(ScriptFault) -> Statement {
        statement.text = Self.displayText(of: line)
        if Self.namesVariable(line) { statement.source = line }
        if words.first?.isWord("try") == true {
            statement.isTried = true
            words.removeFirst()
        }
        if words.last?.isWord("&") == true {
            statement.isAsynchronous = true
            words.removeLast()
        }
        guard let verb = words.first else { throw ScriptFault("a verb is missing here", offset: line.text.count) }
        statement.verb = verb.text
        statement.action = try action(of: verb)
        try checkModifiers(of: verb)
        return statement
    }

    private mutating func action(of verb: Word) throws(ScriptFault) -> Statement.Action {
        switch verb.text {
        case "wait", "expect": return .wait(try goal())
        case "refuse": return try refusal()
        case "assert": return try assertion()
        case "sleep": return .sleep(try soleDuration("sleep takes a duration, such as sleep 250ms"))
        case "set": return .set(try setting())
        case "var": return try assignment()
        case "print": return .print(try expandedWords().dropFirst().map(\.text).joined(separator: " "))
        case "flush": return try flush()
        case "repeat": return .open(.repetition(try turns()))
        case "parallel":
            try takeNothingMore()
            return .open(.parallel)
        case "finally":
            try takeNothingMore()
            return .open(.finally)
        case "if": return .open(.choice(try condition(after: "if")))
        case "fault":
            if let fault = try networkFault() { return .disturb(fault) }
            return .command(try command())
        case "dump": return .dump(try dump())
        case "snapshot": return .dump(try snapshot())
        case "label": return .label(try title())
        case "exit": return .leave(try exitCode())
        default: return .command(try command())
        }
    }

    // MARK: Commands

    private mutating func command() throws(ScriptFault) -> Command {
        try takeTimeoutAndExpectation()
        let command: Command
        do throws(CommandError) {
            command = try Command.parse(words: try expandedForCommand())
        } catch {
            throw ScriptFault(Self.withScriptVerbs(error.text, word: words[0].text), offset: error.column - 1)
        }
        for word in CommandSpec.usagesNamed(in: words) {
            guard let complaint = facts.names?.complaint(about: word.text) else { continue }
            throw ScriptFault(complaint, offset: word.column - 1)
        }
        if case .fault = command, !facts.hasSandbox {
            throw ScriptFault("'fault' needs the sandbox; run with --sandbox", offset: words[0].column - 1)
        }
        return command
    }

    /// The table of commands does not know the verbs of scripts; one of them may be what was meant.
    private static func withScriptVerbs(_ text: String, word: String) -> String {
        guard !CommandSpec.all.contains(where: { $0.words.first == word }),
            let own = closest(to: word, among: ownVerbs),
            closest(to: word, among: ownVerbs + CommandSpec.all.compactMap(\.words.first)) == own
        else { return text }
        return "there is no verb '\(word)'; did you mean '\(own)'?"
    }

    /// `timeout D` and `expect CODE` may stand among the options of any verb.
    private mutating func takeTimeoutAndExpectation() throws(ScriptFault) {
        var index = 1
        while index + 1 < words.count {
            let value = try variables.expanding(words[index + 1].text, at: words[index + 1].column - 1)
            if words[index].isWord("timeout"), let duration = Duration(scriptText: value) {
                statement.timeout = duration
            } else if words[index].isWord("expect"), let expectation = Expectation(value) {
                statement.expectation = expectation
            } else {
                index += 1
                continue
            }
            words.removeSubrange(index...(index + 1))
        }
    }

    private func expandedForCommand() throws(CommandError) -> [Word] {
        do throws(ScriptFault) {
            return try expandedWords()
        } catch {
            throw CommandError(error.text, column: error.offset + 1)
        }
    }

    func expandedWords() throws(ScriptFault) -> [Word] {
        var expanded = words
        for index in expanded.indices {
            expanded[index].text = try variables.expanding(expanded[index].text, at: expanded[index].column - 1)
        }
        return expanded
    }

    /// `&` and `try` make sense only where something can take time, or fail.
    private func checkModifiers(of verb: Word) throws(ScriptFault) {
        switch statement.action {
        case .command: return
        case .wait, .refuse, .assert, .sleep, .dump:
            guard statement.isAsynchronous else { return }
        case .set, .assign, .print, .flushEvents, .label, .leave, .open, .disturb:
            guard statement.isAsynchronous || statement.isTried else { return }
        }
        let what = statement.isAsynchronous ? "'&' cannot follow" : "'try' cannot stand before"
        throw ScriptFault("\(what) '\(verb.text)'", offset: verb.column - 1)
    }
}
