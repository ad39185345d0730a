/// Why an expression has no answer.
package enum EvaluationFailure: Error, Hashable, Sendable, CustomStringConvertible {
    case unknown(path: String)
    case notANumber(String, value: String)

    package var description: String {
        switch self {
        case .unknown(let path): "nothing is known under \(path)"
        case .notANumber(let operand, let value): "\(operand) is '\(value)', which is no number to compare"
        }
    }
}

extension Expression {
    package func isTrue(in source: some StateSource) throws(EvaluationFailure) -> Bool {
        switch self {
        case .compare(let left, let comparison, let right):
            return try Self.compare(left, comparison, right, in: source)
        case .matches(let operand, let pattern):
            return pattern.isFound(in: try operand.value(in: source).description)
        case .holds(let operand): return try operand.value(in: source).isTrue
        case .not(let inner): return try !inner.isTrue(in: source)
        case .both(let a, let b):
            guard try a.isTrue(in: source) else { return false }
            return try b.isTrue(in: source)
        case .either(let a, let b):
            if try a.isTrue(in: source) { return true }
            return try b.isTrue(in: source)
        }
    }

    private static func compare(
        _ left: Operand, _ comparison: Comparison, _ right: Operand, in source: some StateSource
    ) throws(EvaluationFailure) -> Bool {
        let (a, b) = (try left.value(in: source), try right.value(in: source))
        switch comparison {
        case .equal: return areEqual(a, b)
        case .different: return !areEqual(a, b)
        case .less, .atMost, .more, .atLeast: break
        }
        guard let x = a.number else { throw .notANumber(left.description, value: a.description) }
        guard let y = b.number else { throw .notANumber(right.description, value: b.description) }
        switch comparison {
        case .less: return x < y
        case .atMost: return x <= y
        case .more: return x > y
        case .atLeast: return x >= y
        case .equal: return x == y
        case .different: return x != y
        }
    }

    /// As numbers when both are, otherwise as texts.
    private static func areEqual(_ a: ScriptValue, _ b: ScriptValue) -> Bool {
        if let x = a.number, let y = b.number { return x == y }
        return a.description == b.description
    }

    /// Every value the expression looked at, for the sentence that says why it failed: `call.c1.state is held`.
    package func findings(in source: some StateSource) -> [String] {
        var seen: Set<String> = []
        return paths.filter { seen.insert($0).inserted }.map { path in
            source.value(at: path).map { "\(path) is \(shortened($0.description))" } ?? "nothing is known under \(path)"
        }
    }

    /// The paths it names, in order.
    package var paths: [String] {
        switch self {
        case .compare(let left, _, let right): left.paths + right.paths
        case .matches(let operand, _), .holds(let operand): operand.paths
        case .not(let inner): inner.paths
        case .both(let a, let b), .either(let a, let b): a.paths + b.paths
        }
    }
}

extension Expression.Operand: CustomStringConvertible {
    package var description: String {
        switch self {
        case .path(let path): path
        case .literal(let value): value.description
        }
    }
    fileprivate var paths: [String] { if case .path(let path) = self { [path] } else { [] } }

    fileprivate func value(in source: some StateSource) throws(EvaluationFailure) -> ScriptValue {
        switch self {
        case .literal(let value): return value
        case .path(let path):
            guard let value = source.value(at: path) else { throw .unknown(path: path) }
            return value
        }
    }
}

/// The beginning of a long text, for messages of one line.
func shortened(_ text: String, to length: Int = 120) -> String {
    text.count > length ? text.prefix(length) + "…" : text
}
