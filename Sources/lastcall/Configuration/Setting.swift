import BatchScript
import Yams

/// One key of the configuration. `Settings` lists them all; the reader, what is printed, the defaults, the JSON Schema and
/// the pages of the manual are made from that list.
struct Setting<Subject>: Sendable {
    let name: String
    /// What it is for, in one line.
    let summary: String
    /// What can stand there, for people.
    let words: String
    /// YAML, for the file that explains itself.
    let example: String
    var isRequired = false
    /// The key that cannot stand beside this one.
    var excludes: String?
    let schema: JSONObject
    let read: @Sendable (Node, inout Subject) throws(Misfit) -> Void
    /// As YAML; nil: there is no value.
    let text: @Sendable (Subject) -> String?

    init<Value>(
        _ name: String, _ path: any (WritableKeyPath<Subject, Value> & Sendable), _ form: Form<Value>,
        example: String? = nil,
        isRequired: Bool = false, _ summary: String
    ) {
        self.name = name
        self.summary = summary
        self.example = example ?? name
        self.isRequired = isRequired
        words = form.words
        schema = form.schema
        read = { (node, subject) throws(Misfit) in subject[keyPath: path] = try form.read(node) }
        text = { form.text($0[keyPath: path]) }
    }

    /// One that may be missing.
    init<Value>(
        optional name: String, _ path: any (WritableKeyPath<Subject, Value?> & Sendable), _ form: Form<Value>,
        excludes: String? = nil, example: String, _ summary: String
    ) {
        self.name = name
        self.summary = summary
        self.example = example
        self.excludes = excludes
        words = form.words
        schema = form.schema
        read = { (node, subject) throws(Misfit) in subject[keyPath: path] = try form.read(node) }
        text = { $0[keyPath: path].flatMap { form.text($0) } }
    }
}
