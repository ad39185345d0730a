import SansIO
import SoftphoneCore

/// Reads an expression out of a line, from a place on, as far as it goes.
///
/// Works on the line's characters and not on its words, because a pattern between slashes may hold spaces.
struct ExpressionParser {
    private let line: [Character]
    private let variables: Variables
    private(set) var position: Int
    private var depth = 0

    static let deepestNesting = 32

    init(_ line: [Character], from position: Int, variables: Variables) {
        self.line = line
        self.position = position
        self.variables = variables
    }

    mutating func parse() throws(ScriptFault) -> Expression {
        var left = try both()
        while takeWord("or") || takeSymbol("||") { left = .either(left, try both()) }
        return left
    }

    private mutating func both() throws(ScriptFault) -> Expression {
        var left = try single()
        while takeWord("and") || takeSymbol("&&") { left = .both(left, try single()) }
        return left
    }

    private mutating func single() throws(ScriptFault) -> Expression {
        skipSpace()
        let start = position
        depth += 1
        defer { depth -= 1 }
        if depth > Self.deepestNesting { throw fault("nested too deeply", at: start) }
        if takeWord("not") || (peek(1) != "=" && peek(1) != "~" && takeSymbol("!")) { return .not(try single()) }
        if takeSymbol("(") {
            let inner = try parse()
            guard takeSymbol(")") else { throw fault("this '(' is never closed", at: start) }
            return inner
        }
        return try comparison()
    }

    private mutating func comparison() throws(ScriptFault) -> Expression {
        let left = try operand(isLeft: true)
        if takeSymbol("!~") { return .not(.matches(left, try pattern())) }
        if takeSymbol("~") { return .matches(left, try pattern()) }
        skipSpace()
        let start = position
        // The longer operators first, so that `<=` is not read as `<`.
        for comparison in Expression.Comparison.allCases.sorted(by: { $0.rawValue.count > $1.rawValue.count })
        where takeSymbol(comparison.rawValue) {
            return .compare(left, comparison, try operand(isLeft: false))
        }
        if takeSymbol("=") { throw fault("'=' compares nothing; did you mean '=='?", at: start) }
        return .holds(left)
    }

    // MARK: Operands

    private mutating func operand(isLeft: Bool) throws(ScriptFault) -> Expression.Operand {
        skipSpace()
        let start = position
        guard let first = peek() else { throw fault("a value is missing here", at: start) }
        if first == "\"" { return .literal(.text(try quoted())) }
        if first == "/" { throw fault("a pattern stands to the right of '~'", at: start) }
        var word = ""
        while let character = peek(), !Self.endsWord(character) {
            if word.hasSuffix("$"), character == "{" {
                word += try reference()
                continue
            }
            word.append(character)
            position += 1
        }
        if word == "last.response.header", peek() == "(" { word += try fieldName() }
        if word.isEmpty { throw fault("a value is missing before '\(first)'", at: start) }
        let hadReference = line[start..<position].contains("$")
        let text = try variables.expanding(word, at: start)
        if let value = Double(text) { return .literal(.number(value)) }
        if let duration = Duration(scriptText: text) { return .literal(.number(duration.inSeconds)) }
        if hadReference { return .literal(.text(text)) }
        return isLeft || StatePath.isPath(text) ? .path(text) : .literal(.text(text))
    }

    /// `("Contact")` behind `last.response.header`, with quotation marks or without.
    private mutating func fieldName() throws(ScriptFault) -> String {
        let start = position
        position += 1
        var name = ""
        while let character = peek(), character != ")" {
            name.append(character)
            position += 1
        }
        guard peek() == ")" else { throw fault("this '(' is never closed", at: start) }
        position += 1
        if name.count > 2, name.hasPrefix("\""), name.hasSuffix("\"") { name = String(name.dropFirst().dropLast()) }
        guard !name.isEmpty, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") }) else {
            throw fault("here comes the name of a header field, such as header(\"Contact\")", at: start)
        }
        return "(\(name))"
    }

    /// `{…}` of a `${…}`, whose braces and colon belong to the word.
    private mutating func reference() throws(ScriptFault) -> String {
        let start = position
        var text = ""
        while let character = peek() {
            text.append(character)
            position += 1
            if character == "}" { return text }
        }
        throw fault("this '${' is never closed", at: start - 1)
    }

    private mutating func quoted() throws(ScriptFault) -> String {
        let start = position
        position += 1
        var text = ""
        while let character = peek() {
            position += 1
            if character == "\"" { return try variables.expanding(text, at: start) }
            if character == "\\", let next = peek(), next == "\"" || next == "\\" {
                text.append(next)
                position += 1
            } else {
                text.append(character)
            }
        }
        throw fault("this quotation mark is never closed", at: start)
    }

    private mutating func pattern() throws(ScriptFault) -> Pattern {
        skipSpace()
        let start = position
        guard peek() == "/" else {
            throw fault("after '~' comes a pattern between slashes, such as /busy|away/", at: start)
        }
        position += 1
        var text = ""
        while let character = peek(), character != "/" {
            position += 1
            if character == "\\", peek() == "/" {
                text.append("/")
                position += 1
            } else if character == "\\", let next = peek() {
                text += String(["\\", next])
                position += 1
            } else {
                text.append(character)
            }
        }
        guard peek() == "/" else { throw fault("this pattern is never closed with '/'", at: start) }
        position += 1
        var ignoresCase = false
        if peek() == "i", peek(1).map(Self.endsWord) ?? true {
            ignoresCase = true
            position += 1
        }
        let expanded = try variables.expanding(text, at: start)
        do throws(PatternError) {
            return try Pattern(expanded, ignoresCase: ignoresCase)
        } catch {
            throw fault(error.text, at: start + error.column)
        }
    }

    // MARK: Characters

    private func peek(_ ahead: Int = 0) -> Character? {
        position + ahead < line.count ? line[position + ahead] : nil
    }
    private mutating func skipSpace() { while peek() == " " || peek() == "\t" { position += 1 } }

    private mutating func takeSymbol(_ symbol: String) -> Bool {
        skipSpace()
        guard line[position...].starts(with: symbol) else { return false }
        position += symbol.count
        return true
    }
    private mutating func takeWord(_ word: String) -> Bool {
        skipSpace()
        guard line[position...].starts(with: word), peek(word.count).map(Self.endsWord) ?? true else { return false }
        position += word.count
        return true
    }
    private static func endsWord(_ character: Character) -> Bool {
        character.isWhitespace || "\"=!<>~()&|".contains(character)
    }
    private func fault(_ text: String, at place: Int) -> ScriptFault { ScriptFault(text, offset: place) }
}
