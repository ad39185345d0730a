/// A question about the state of things, as `assert` and `where` ask it.
///
///     either     = both { ("or" | "||") both }
///     both       = single { ("and" | "&&") single }
///     single     = ("not" | "!") single | "(" either ")" | comparison
///     comparison = operand [ operator ( operand | "/" pattern "/" ["i"] ) ]
///     operator   = "==" | "!=" | "<" | "<=" | ">" | ">=" | "~" | "!~"
///
/// An operand is a number, a duration, a quoted text, or a word. Left of an operator a word names a value
/// (`call.c1.state`, or `body` of an event); right of it a word is a text (`connected`) unless it begins as a path does.
package indirect enum Expression: Hashable, Sendable {
    case compare(Operand, Comparison, Operand)
    case matches(Operand, Pattern)
    /// A value alone: true when there is one, and it is neither 0, nor empty, nor `false`.
    case holds(Operand)
    case not(Expression)
    case both(Expression, Expression)
    case either(Expression, Expression)

    package enum Operand: Hashable, Sendable {
        case path(String)
        case literal(ScriptValue)
    }
    package enum Comparison: String, Hashable, Sendable, CaseIterable {
        case equal = "=="
        case different = "!="
        case less = "<"
        case atMost = "<="
        case more = ">"
        case atLeast = ">="
    }
}

/// What an expression can compare.
package enum ScriptValue: Hashable, Sendable, CustomStringConvertible {
    case number(Double)
    case text(String)

    package var description: String {
        switch self {
        case .number(let value): decimalTextTrimmed(value)
        case .text(let text): text
        }
    }
    /// The number it is, or that its text says.
    var number: Double? {
        switch self {
        case .number(let value): value
        case .text(let text): Double(text)
        }
    }
    var isTrue: Bool {
        switch self {
        case .number(let value): value != 0
        case .text(let text): !text.isEmpty && text != "false" && text != "no"
        }
    }
}

/// At most three digits after the point, and none that say nothing.
func decimalTextTrimmed(_ value: Double) -> String {
    var text = decimalText(value, digits: 3)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
}
