import BatchScript
import Yams

/// A script has nodes as well.
typealias Node = Yams.Node

/// What can stand behind a key: how it is read and written, and what it is in words and in JSON Schema.
struct Form<Value>: Sendable {
    /// For people: "a duration, such as 250ms, 3s or 2m".
    let words: String
    let schema: JSONObject
    let read: @Sendable (Node) throws(Misfit) -> Value
    /// As YAML that is read as the same value; nil for a value that this form has no words for.
    let text: @Sendable (Value) -> String?
}

/// What stands there is not what is wanted there.
struct Misfit: Error {
    var text: String
    var mark: Mark?
}

extension Form {
    /// A single value that a parser knows. `otherwise`: what is wrong with what it does not know.
    static func parsed(
        _ words: String, schema: JSONObject, otherwise: String, text: @escaping @Sendable (Value) -> String?,
        parse: @escaping @Sendable (String) -> Value?
    ) -> Form {
        Form(
            words: words, schema: schema,
            read: { (node) throws(Misfit) in
                let word = try Self.scalar(node)
                guard let value = parse(word) else { throw Misfit(text: "'\(word)' is \(otherwise)", mark: node.mark) }
                return value
            }, text: text)
    }

    /// What stands there, as it is written: `expires: 600` is a text here as well.
    static func scalar(_ node: Node) throws(Misfit) -> String {
        guard case .scalar(let scalar) = node, !scalar.string.isEmpty, node.tag != Tag(.null) else {
            throw Misfit(text: "a single value is wanted here", mark: node.mark)
        }
        return scalar.string
    }
}
