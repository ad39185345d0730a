import SoftphoneCore

/// What `${name}` and `${env:NAME}` stand for.
package struct Variables: Hashable, Sendable {
    private var values: [String: String] = [:]
    private let environment: [String: String]

    /// What `try` leaves behind: 0 for a success, otherwise the status code, or the exit code of what went wrong.
    static let result = "rc"

    /// Which turn of the innermost `repeat` this is, counted from 1.
    static let turn = "turn"
    /// Names that are given by us.
    static let reserved = [result, turn, sandbox]
    /// Where the sandbox listens: `127.0.0.1:5060`.
    static let sandbox = "sandbox"

    package init(environment: [String: String]) { self.environment = environment }

    subscript(name: String) -> String? {
        get { values[name] }
        set { values[name] = newValue }
    }

    /// The text with every reference replaced. A name that stands for nothing is an error, never an empty text: an
    /// empty password or an empty address would be worse than a script that does not start.
    func expanding(_ text: String, at offset: Int) throws(ScriptFault) -> String {
        guard text.contains("${") else { return text }
        var result = ""
        var rest = Substring(text)
        while let start = rest.firstRange(of: "${") {
            result += rest[..<start.lowerBound]
            let place = offset + text.distance(from: text.startIndex, to: start.lowerBound)
            let inside = rest[start.upperBound...]
            guard let end = inside.firstIndex(of: "}") else {
                throw ScriptFault("this '${' is never closed", offset: place)
            }
            result += try value(of: String(inside[..<end]), at: place)
            rest = inside[inside.index(after: end)...]
        }
        return result + rest
    }

    private func value(of name: String, at offset: Int) throws(ScriptFault) -> String {
        if name.hasPrefix("env:") {
            let key = String(name.dropFirst(4))
            if let value = environment[key] { return value }
            throw ScriptFault("the environment has no \(key); set it before the program starts", offset: offset)
        }
        if let value = values[name] { return value }
        if name == Self.turn {
            throw ScriptFault("${turn} is the number of a turn, and there is one only inside 'repeat'", offset: offset)
        }
        if name == Self.sandbox {
            throw ScriptFault("${sandbox} is where the sandbox listens; run with --sandbox", offset: offset)
        }
        let suggestion = closest(to: name, among: values.keys.sorted()).map { "; did you mean '${\($0)}'?" }
        throw ScriptFault(
            "nothing is called '\(name)'" + (suggestion ?? "; 'var \(name) VALUE' gives it a value"), offset: offset)
    }
}
