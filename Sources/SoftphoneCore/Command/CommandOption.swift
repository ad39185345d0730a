/// A keyword that may follow the parameters in any order, with or without a value.
package struct CommandOption: Hashable, Sendable {
    package var word: String
    /// nil: the word alone says it.
    package var value: Parameter?

    package init(_ word: String, _ value: Parameter? = nil) {
        self.word = word
        self.value = value
    }
    package var grammar: String { value.map { "[\(word) \($0.name)]" } ?? "[\(word)]" }
}
