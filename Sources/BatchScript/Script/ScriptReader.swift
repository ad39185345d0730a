import Media
import SoftphoneCore

/// Reads the files of a script, line by line, and puts the lines into their blocks.
struct ScriptReader {
    private let sources: ScriptSources
    private let facts: Script.Facts
    private var script: Script
    /// As they are where we read, as far as that can be known before it runs.
    private var variables: Variables
    private var errors: [ScriptError] = []
    private var count = 0
    /// The blocks that are open, innermost last; the first one is the script itself.
    private var open = [OpenBlock(opening: nil)]
    /// The files that are being read, innermost last.
    private var files: [String] = []
    private var firstCall: Statement?
    private var device: AudioDevice?
    private var needsDevice = false

    /// A block whose `end` is still to come.
    fileprivate struct OpenBlock {
        /// nil: the whole script.
        var opening: Statement?
        var nodes: [Node] = []
        /// What stood before `else`.
        var body: [Node]?
        /// The line after which nothing can be sent.
        var shutdown: Statement?
        /// How many files were open; a block ends where it began.
        var depth = 1

        var kind: BlockKind? { if case .open(let kind)? = opening?.action { kind } else { nil } }
    }

    init(_ sources: ScriptSources, environment: [String: String], facts: Script.Facts) {
        self.sources = sources
        var facts = facts
        if facts.checksNames { facts.names = NameCheck(sources) }
        self.facts = facts
        variables = Variables(environment: environment)
        script = Script(file: sources.main, variables: variables, facts: facts)
        variables[Variables.result] = "0"
        // Any address will do for checking.
        if facts.hasSandbox { variables[Variables.sandbox] = "127.0.0.1:5060" }
    }

    mutating func read() throws(ScriptErrors) -> Script {
        do throws(ScriptSourceFault) {
            try read(file: sources.main)
        } catch {
            errors.append(ScriptError(file: sources.main, line: 1, column: 1, text: error.text))
        }
        if errors.count < ScriptErrors.most, let left = open.last?.opening {
            errors.append(
                ScriptError(
                    file: left.file ?? sources.main, line: left.line, column: 1,
                    text: "this '\(left.verb)' is never closed; write 'end' behind its last line"))
        }
        if !errors.isEmpty { throw ScriptErrors(all: errors) }
        script.body.nodes = open[0].nodes
        return script
    }

    private mutating func read(file: String) throws(ScriptSourceFault) {
        let text = try sources.text(of: file)
        files.append(file)
        for line in LogicalLine.lines(of: text) where !line.isBlank {
            do throws(ScriptFault) {
                try take(line)
            } catch {
                let place = line.place(of: error.offset)
                errors.append(ScriptError(file: file, line: place.line, column: place.column, text: error.text))
                openAnyhow(line)
            }
            if errors.count >= ScriptErrors.most { break }
        }
        files.removeLast()
    }

    /// A block whose first line is wrong is a block all the same: its `end` is not wrong too.
    private mutating func openAnyhow(_ line: LogicalLine) {
        let kinds: [BlockKind] = [.repetition(1), .parallel, .choice(.holds(.literal(.number(1)))), .finally]
        let first = String(line.text.drop(while: \.isWhitespace).prefix { !$0.isWhitespace })
        guard let kind = kinds.first(where: { $0.word == first }) else { return }
        let opening = Statement(line: line.number, verb: first, text: first, action: .open(kind))
        open.append(OpenBlock(opening: opening, depth: files.count))
        if case .repetition = kind { variables[Variables.turn] = "1" }
    }

    private mutating func take(_ line: LogicalLine) throws(ScriptFault) {
        let offset = line.text.prefix(while: \.isWhitespace).count
        guard let content = try StatementParser.content(of: line, variables: variables, facts: facts) else { return }
        count += 1
        // Said once: the lines that follow are not read.
        if count == Script.mostStatements + 1 {
            throw ScriptFault("a script of more than \(Script.mostStatements) lines is not read", offset: offset)
        }
        guard count <= Script.mostStatements else { return }
        switch content {
        case .source(let path, let place): try include(path, offset: place)
        case .requirement(.device):
            needsDevice = true
            try checkNeed(offset: offset)
        case .requirement(let requirement):
            if let complaint = requirement.complaint(about: facts) { throw ScriptFault(complaint, offset: offset) }
        case .otherwise: try divide(offset: offset)
        case .end: try close(offset: offset)
        case .statement(var statement):
            statement.file = files.count > 1 ? files.last : nil
            if case .open(let kind) = statement.action {
                try begin(kind, statement, offset: offset)
            } else {
                try add(statement, offset: offset)
            }
        }
    }

    // MARK: Files

    private mutating func include(_ name: String, offset: Int) throws(ScriptFault) {
        let path = ScriptSources.path(name, from: files.last ?? sources.main)
        if files.contains(path) {
            throw ScriptFault(
                "\(name) is being read already: \((files + [path]).joined(separator: " names ")); files cannot go round "
                    + "in a circle", offset: offset)
        }
        let depth = open.count
        do throws(ScriptSourceFault) {
            try read(file: path)
        } catch {
            throw ScriptFault(error.text, offset: offset)
        }
        guard open.count > depth, errors.count < ScriptErrors.most, let left = open.last?.opening else { return }
        open.removeLast(open.count - depth)
        errors.append(
            ScriptError(
                file: path, line: left.line, column: 1,
                text: "this '\(left.verb)' is never closed in its file; write 'end' behind its last line"))
    }

    // MARK: Blocks

    private mutating func begin(_ kind: BlockKind, _ statement: Statement, offset: Int) throws(ScriptFault) {
        try checkPlace(of: statement, offset: offset)
        switch kind {
        case .finally:
            if open.count > 1 { throw ScriptFault("'finally' stands in no other block", offset: offset) }
            if files.count > 1 { throw ScriptFault("'finally' stands in the script's own file", offset: offset) }
        case .repetition: variables[Variables.turn] = "1"
        case .parallel, .choice: break
        }
        open.append(OpenBlock(opening: statement, depth: files.count))
    }

    private mutating func divide(offset: Int) throws(ScriptFault) {
        guard case .choice? = open.last?.kind, open.last?.depth == files.count else {
            throw ScriptFault("'else' stands inside 'if … end', and there is none open here", offset: offset)
        }
        guard open[open.count - 1].body == nil else {
            throw ScriptFault("this 'if' has an 'else' already", offset: offset)
        }
        open[open.count - 1].body = open[open.count - 1].nodes
        open[open.count - 1].nodes = []
        open[open.count - 1].shutdown = nil
    }

    private mutating func close(offset: Int) throws(ScriptFault) {
        guard open.count > 1, let block = open.last, let opening = block.opening, block.depth == files.count else {
            throw ScriptFault("there is no block open here that 'end' could close", offset: offset)
        }
        open.removeLast()
        let compound = CompoundStatement(
            opening: opening, body: Block(nodes: block.body ?? block.nodes),
            otherwise: Block(nodes: block.body == nil ? [] : block.nodes))
        switch block.kind {
        case .finally: script.finally = compound.body
        case .repetition:
            if !open.contains(where: { if case .repetition? = $0.kind { true } else { false } }) {
                variables[Variables.turn] = nil
            }
            open[open.count - 1].nodes.append(.block(compound))
        case .parallel, .choice, nil: open[open.count - 1].nodes.append(.block(compound))
        }
    }

    // MARK: Lines

    private mutating func add(_ statement: Statement, offset: Int) throws(ScriptFault) {
        try checkPlace(of: statement, offset: offset)
        try checkDevice(statement, offset: offset)
        if case .assign(let name, let value) = statement.action { variables[name] = value }
        if statement.isCall, firstCall == nil { firstCall = statement }
        if statement.endsEverything { open[open.count - 1].shutdown = statement }
        open[open.count - 1].nodes.append(.line(statement))
    }

    private mutating func checkDevice(_ statement: Statement, offset: Int) throws(ScriptFault) {
        guard case .set(.device(let chosen)) = statement.action else { return }
        if device != nil {
            throw ScriptFault("the device is chosen already; one 'set device' is enough", offset: offset)
        }
        device = chosen
        try checkNeed(offset: offset)
        guard let call = firstCall else { return }
        throw ScriptFault("'set device' must come before the first call, which is in \(call.place)", offset: offset)
    }

    private func checkNeed(offset: Int) throws(ScriptFault) {
        guard needsDevice, device == .null else { return }
        throw ScriptFault("this script needs a device that hears and says something; null does neither", offset: offset)
    }

    private var isInFinally: Bool {
        open.contains { if case .finally? = $0.kind { true } else { false } }
    }

    /// After the shutdown nothing can be sent and nothing happens; only what looks back makes sense. And nothing follows
    /// what is done last.
    private func checkPlace(of statement: Statement, offset: Int) throws(ScriptFault) {
        if script.finally != nil, open.count == 1 {
            throw ScriptFault("nothing follows 'finally … end'; it is done last", offset: offset)
        }
        if statement.shutdown != nil, let block = open.first(where: { $0.isRepeatedOrParallel })?.kind {
            throw ScriptFault("a shutdown ends everything; it cannot stand inside '\(block.word)'", offset: offset)
        }
        let blocks = open.drop { $0.shutdown == nil || ($0.opening == nil && isInFinally) }
        guard !statement.onlyLooksBack, let shutdown = blocks.first?.shutdown else { return }
        throw ScriptFault(
            "'\(statement.verb)' comes after the shutdown of \(shutdown.place); only assert and print may follow it",
            offset: offset)
    }
}

extension ScriptReader.OpenBlock {
    fileprivate var isRepeatedOrParallel: Bool {
        switch kind {
        case .repetition, .parallel: true
        case .choice, .finally, nil: false
        }
    }
}
