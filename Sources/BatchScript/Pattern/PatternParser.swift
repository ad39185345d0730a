/// Reads a pattern into its tree.
struct PatternParser {
    private let scalars: [Unicode.Scalar]
    private let ignoresCase: Bool
    private var position = 0
    private var depth = 0

    /// `{n,m}` copies its operand; more copies than this say that something is wrong.
    static let mostRepetitions = 256
    static let deepestNesting = 32

    init(_ source: String, ignoresCase: Bool) {
        scalars = Array(source.unicodeScalars)
        self.ignoresCase = ignoresCase
    }

    mutating func parse() throws(PatternError) -> PatternNode {
        let node = try alternatives()
        if position < scalars.count { throw error("there is no '(' for this ')'") }
        return node
    }

    private func error(_ text: String, at place: Int? = nil) -> PatternError {
        PatternError(text: text, column: (place ?? position) + 1)
    }
    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    private mutating func alternatives() throws(PatternError) -> PatternNode {
        var options = [try sequence()]
        while take("|") { options.append(try sequence()) }
        return options.count == 1 ? options[0] : .either(options)
    }

    private mutating func sequence() throws(PatternError) -> PatternNode {
        var parts: [PatternNode] = []
        while let scalar = next, scalar != "|", scalar != ")" { parts.append(try repetition()) }
        return .sequence(parts)
    }

    private mutating func repetition() throws(PatternError) -> PatternNode {
        var node = try atom()
        while let scalar = next {
            switch scalar {
            case "*": node = .repeated(node, atLeast: 0, atMost: nil)
            case "+": node = .repeated(node, atLeast: 1, atMost: nil)
            case "?": node = .repeated(node, atLeast: 0, atMost: 1)
            case "{":
                let (low, high) = try bounds()
                node = .repeated(node, atLeast: low, atMost: high)
                continue
            default: return node
            }
            position += 1
        }
        return node
    }

    private mutating func bounds() throws(PatternError) -> (Int, Int?) {
        let start = position
        position += 1
        let low = try number()
        var high: Int? = low
        if take(",") { high = next == "}" ? nil : try number() }
        guard take("}") else { throw error("a repetition is written {n}, {n,} or {n,m}", at: start) }
        if let high, high < low { throw error("{\(low),\(high)} ends before it begins", at: start) }
        return (low, high)
    }

    private mutating func number() throws(PatternError) -> Int {
        let start = position
        var value = 0
        while let scalar = next, ("0"..."9").contains(scalar) {
            value = value * 10 + Int(scalar.value - 48)
            position += 1
            if value > Self.mostRepetitions { throw error("at most \(Self.mostRepetitions) repetitions", at: start) }
        }
        if position == start { throw error("a number is missing; write \\{ for the character itself") }
        return value
    }

    private mutating func atom() throws(PatternError) -> PatternNode {
        let start = position
        guard let scalar = next else { return .empty }
        position += 1
        switch scalar {
        case ".": return .set(.any)
        case "^": return .anchor(.start)
        case "$": return .anchor(.end)
        case "[": return .set(try characterClass(from: start))
        case "(": return try group(from: start)
        case "\\": return try escape()
        case "*", "+", "?", "{":
            throw error("nothing stands before '\(scalar)'; write \\\(scalar) for the character itself", at: start)
        default: return .set(literal(scalar))
        }
    }

    private mutating func group(from start: Int) throws(PatternError) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.deepestNesting { throw error("nested too deeply", at: start) }
        if take("?"), !take(":") { throw error("of the forms (?…) only (?:…) is known", at: start) }
        let node = try alternatives()
        guard take(")") else { throw error("this '(' is never closed", at: start) }
        return node
    }

    private mutating func escape() throws(PatternError) -> PatternNode {
        guard let scalar = next else { throw error("the pattern ends in a backslash", at: position - 1) }
        position += 1
        if scalar == "b" { return .anchor(.wordBoundary) }
        return .set(try escaped(scalar))
    }

    private func escaped(_ scalar: Unicode.Scalar) throws(PatternError) -> CharacterSet {
        switch scalar {
        case "d": return .digit
        case "D": return CharacterSet.digit.inverted
        case "w": return .word
        case "W": return CharacterSet.word.inverted
        case "s": return .space
        case "S": return CharacterSet.space.inverted
        case "n": return literal("\n")
        case "r": return literal("\r")
        case "t": return literal("\t")
        case "a"..."z", "A"..."Z", "0"..."9": throw error("\\\(scalar) means nothing here", at: position - 2)
        default: return literal(scalar)
        }
    }

    private mutating func characterClass(from start: Int) throws(PatternError) -> CharacterSet {
        var set = CharacterSet(ranges: [])
        let inverted = take("^")
        var isFirst = true
        while let scalar = next, isFirst || scalar != "]" {
            isFirst = false
            position += 1
            let low = scalar == "\\" ? try classEscape(from: start) : literal(scalar)
            guard next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
                set.ranges += low.isInverted ? low.complement : low.ranges
                continue
            }
            position += 1
            set.ranges.append(try range(from: low, in: start))
        }
        guard take("]") else { throw error("this '[' is never closed", at: start) }
        set.isInverted = inverted
        return set
    }

    private mutating func classEscape(from start: Int) throws(PatternError) -> CharacterSet {
        guard let scalar = next else { throw error("this '[' is never closed", at: start) }
        position += 1
        return try escaped(scalar)
    }

    private mutating func range(from low: CharacterSet, in start: Int) throws(PatternError) -> ClosedRange<
        Unicode.Scalar
    > {
        guard var high = next else { throw error("this '[' is never closed", at: start) }
        position += 1
        if high == "\\" {
            let set = try classEscape(from: start)
            guard let only = set.only else { throw error("a range ends in one character", at: position - 1) }
            high = only
        }
        guard let first = low.only, first <= folded(high) else {
            throw error("this range ends before it begins", at: position - 1)
        }
        return first...folded(high)
    }

    private func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        ignoresCase ? scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar : scalar
    }
    private func literal(_ scalar: Unicode.Scalar) -> CharacterSet {
        CharacterSet(ranges: [folded(scalar)...folded(scalar)])
    }
}
