import DialogUsage
import SoftphoneCore

/// What lines wait for and what they check.
extension StatementParser {
    mutating func goal() throws(ScriptFault) -> Statement.Goal {
        if words[0].text == "wait", words.count > 1, let state = try stateGoal() { return .state(state) }
        let (filter, rest) = try eventFilter(after: 1)
        guard let rest = rest.first else { return .event(filter) }
        guard rest.isWord("within") || rest.isWord("timeout") else { throw unexpected(rest, "'within D'") }
        return .event(filter)
    }

    /// `wait idle`, `wait usages N [of KIND]`.
    private mutating func stateGoal() throws(ScriptFault) -> Expression? {
        switch words[1].text {
        case "idle":
            try takeTimeLimit(after: 2)
            return UsageKind.allCases.filter { !$0.isSoftState }.map { Self.count(of: $0.rawValue, is: 0) }
                .reduce(Self.count(of: UsageKind.clientInviteSession.rawValue, is: 0)) { .both($0, $1) }
        case "usages":
            guard words.count > 2, let number = Int(words[2].text) else {
                throw ScriptFault(
                    "wait usages takes a number, such as wait usages 0 of ClientSubscription", offset: line.text.count)
            }
            guard words.count > 4, words[3].isWord("of") else {
                try takeTimeLimit(after: 3)
                return Self.count(of: "total", is: number)
            }
            try takeTimeLimit(after: 5)
            return Self.count(of: try kind(words[4]), is: number)
        default: return nil
        }
    }

    private static func count(of kind: String, is number: Int) -> Expression {
        .compare(.path("usages.\(kind)"), .equal, .literal(.number(Double(number))))
    }

    private func kind(_ word: Word) throws(ScriptFault) -> String {
        let names = UsageKind.allCases.map(\.rawValue)
        if names.contains(word.text) { return word.text }
        let suggestion = closest(to: word.text, among: names).map { "did you mean '\($0)'?" }
        throw ScriptFault(
            "there is no kind of usage '\(word.text)'; " + (suggestion ?? "kinds are \(names.joined(separator: ", "))"),
            offset: word.column - 1)
    }

    private mutating func takeTimeLimit(after count: Int) throws(ScriptFault) {
        guard words.count > count else { return }
        guard words[count].isWord("within") || words[count].isWord("timeout") else {
            throw unexpected(words[count], "'within D'")
        }
        statement.timeout = try duration(after: words[count])
        guard words.count <= count + 2 else { throw unexpected(words[count + 2], "the end of the line") }
    }

    /// `EVENT [of N] [where EXPR] [within D]`, or several events.
    private mutating func eventFilter(after index: Int) throws(ScriptFault) -> (EventFilter, [Word]) {
        var filter = EventFilter(names: [], usage: nil, condition: nil)
        var rest = words[index...]
        if rest.first?.isWord("any") == true { rest.removeFirst() }
        while let word = rest.first, !word.isQuoted, filter.names.isEmpty || Self.isEvent(word.text) {
            if let complaint = EventName.complaint(about: word.text) {
                throw ScriptFault(complaint, offset: word.column - 1)
            }
            filter.names.append(word.text)
            rest.removeFirst()
        }
        if filter.names.isEmpty {
            throw ScriptFault("an event is missing, such as call.connected", offset: line.text.count)
        }
        if rest.first?.isWord("of") == true {
            guard rest.count > 1, let name = rest.dropFirst().first else {
                throw ScriptFault("after 'of' comes the name of a usage", offset: line.text.count)
            }
            filter.usage = try variables.expanding(name.text, at: name.column - 1)
            // Registrations go by their accounts.
            if filter.names.allSatisfy({ !$0.hasPrefix("reg.") }),
                let complaint = facts.names?.complaint(about: name.text)
            {
                throw ScriptFault(complaint, offset: name.column - 1)
            }
            rest = rest.dropFirst(2)
        }
        if let place = Self.place(ofWhere: line.text) {
            var parser = ExpressionParser(line.text, from: place + 5, variables: variables)
            filter.condition = try parser.parse()
            for path in filter.condition?.paths ?? [] {
                guard
                    let complaint = EventName.complaint(about: path, in: filter.names)
                        ?? facts.names?.complaint(aboutPath: path)
                else { continue }
                throw ScriptFault(complaint, offset: offset(of: path, from: place + 5))
            }
            rest = try Self.words(of: Self.blank(line.text, upTo: parser.position))[...]
        }
        if let word = rest.first, word.isWord("within") || word.isWord("timeout") {
            statement.timeout = try Self.duration(after: word, in: Array(rest), variables: variables)
            guard rest.count <= 2 else { throw unexpected(rest[rest.startIndex + 2], "the end of the line") }
        }
        return (filter, Array(rest))
    }

    /// Whether a word behind the first event is one more; a misspelt one has its point.
    private static func isEvent(_ word: String) -> Bool { word.contains(".") || EventName.fields[word] != nil }

    mutating func refusal() throws(ScriptFault) -> Statement.Action {
        let (filter, rest) = try eventFilter(after: 1)
        guard let word = rest.first, word.isWord("for") else {
            throw ScriptFault(
                "refuse says how long: refuse call.ended for 2s",
                offset: rest.first.map { $0.column - 1 } ?? line.text.count)
        }
        let duration = try Self.duration(after: word, in: rest, variables: variables)
        guard rest.count <= 2 else { throw unexpected(rest[2], "the end of the line") }
        return .refuse(filter, for: duration)
    }

    mutating func assertion() throws(ScriptFault) -> Statement.Action {
        let (expression, end) = try checkedExpression(from: words[0].endColumn - 1)
        let rest = try Self.words(of: Self.blank(line.text, upTo: end))
        guard let why = rest.first else { return .assert(expression, why: nil) }
        guard why.isQuoted, rest.count == 1 else { throw unexpected(why, "an operator, or the reason in quotes") }
        return .assert(expression, why: try variables.expanding(why.text, at: why.column - 1))
    }

    /// What `if` asks.
    func condition(after word: String) throws(ScriptFault) -> Expression {
        let (expression, end) = try checkedExpression(from: words[0].endColumn - 1)
        let rest = try Self.words(of: Self.blank(line.text, upTo: end))
        if let more = rest.first { throw unexpected(more, "an operator, or the end of the line") }
        return expression
    }

    /// An expression of which every path can name something, and where it ends.
    private func checkedExpression(from start: Int) throws(ScriptFault) -> (Expression, end: Int) {
        var parser = ExpressionParser(line.text, from: start, variables: variables)
        let expression = try parser.parse()
        for path in expression.paths {
            guard let complaint = StatePath.complaint(about: path) ?? facts.names?.complaint(aboutPath: path) else {
                continue
            }
            throw ScriptFault(complaint, offset: offset(of: path, from: start))
        }
        return (expression, parser.position)
    }

    /// Where a path stands in an expression that was read from here on.
    private func offset(of path: String, from start: Int) -> Int {
        let letters = Array(path)
        let places = start..<max(start, line.text.count - letters.count + 1)
        return places.first { line.text[$0...].starts(with: letters) } ?? start + 1
    }
}
