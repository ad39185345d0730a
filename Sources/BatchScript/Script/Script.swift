package import Media

/// A script whose every line has been checked: what runs cannot stop at a misspelt word half-way.
package struct Script: Sendable {
    package var file: String
    package var statements: [Statement]
    /// As they are before the first line.
    package var variables: Variables
    package var facts: Facts

    /// What the script may count on.
    package struct Facts: Hashable, Sendable {
        /// Whether there is a sandbox, which `fault` needs.
        package var hasSandbox: Bool
        package init(hasSandbox: Bool) { self.hasSandbox = hasSandbox }
    }

    /// More than this in one file is no script.
    package static let mostStatements = 100_000

    /// Reads the whole text; the errors are all that it holds, in order.
    package static func parse(
        _ text: String, file: String, environment: [String: String], facts: Facts
    ) throws(ScriptErrors) -> Script {
        var script = Script(file: file, statements: [], variables: Variables(environment: environment), facts: facts)
        var variables = script.variables
        variables[Variables.result] = "0"
        var errors: [ScriptError] = []
        for line in LogicalLine.lines(of: text) where !line.isBlank {
            do throws(ScriptFault) {
                guard let statement = try StatementParser.statement(from: line, variables: variables, facts: facts)
                else { continue }
                let offset = line.text.prefix(while: \.isWhitespace).count
                try script.checkOrder(of: statement, offset: offset)
                try script.checkDevice(statement, offset: offset)
                if case .assign(let name, let value) = statement.action { variables[name] = value }
                script.statements.append(statement)
            } catch {
                let place = line.place(of: error.offset)
                errors.append(ScriptError(file: file, line: place.line, column: place.column, text: error.text))
            }
            if errors.count >= ScriptErrors.most || script.statements.count >= mostStatements { break }
        }
        if !errors.isEmpty { throw ScriptErrors(all: errors) }
        return script
    }

    /// What `set device` asks for: it is chosen before the first call, and once.
    package var device: AudioDevice? {
        for case .set(.device(let device)) in statements.map(\.action) { return device }
        return nil
    }

    private func checkDevice(_ statement: Statement, offset: Int) throws(ScriptFault) {
        guard case .set(.device) = statement.action else { return }
        if device != nil {
            throw ScriptFault("the device is chosen already; one 'set device' is enough", offset: offset)
        }
        guard let call = statements.first(where: \.isCall) else { return }
        throw ScriptFault("'set device' must come before the first call, which is in line \(call.line)", offset: offset)
    }

    /// After the shutdown nothing can be sent and nothing happens; only what looks back makes sense.
    private func checkOrder(of statement: Statement, offset: Int) throws(ScriptFault) {
        guard let shutdown = statements.first(where: \.endsEverything) else { return }
        switch statement.action {
        case .assert, .print, .set, .assign, .flushEvents: return
        case .command, .wait, .refuse, .sleep:
            throw ScriptFault(
                "'\(statement.verb)' comes after the shutdown of line \(shutdown.line); only assert and print may follow it",
                offset: offset)
        }
    }
}

/// Everything that is wrong with a script, up to a number that still helps.
package struct ScriptErrors: Error, Hashable, Sendable {
    static let most = 20
    package var all: [ScriptError]
}
