/// A keyword that may follow the parameters in any order, with or without a value.
package struct CommandOption: Hashable, Sendable {
    package var word: String
    /// nil: the word alone says it.
    package var value: Parameter?

    /// It may stand several times, each time with another value.
    package var isRepeatable: Bool

    package init(_ word: String, _ value: Parameter? = nil, isRepeatable: Bool = false) {
        self.word = word
        self.value = value
        self.isRepeatable = isRepeatable
    }
    package var grammar: String {
        (value.map { "[\(word) \($0.name)]" } ?? "[\(word)]") + (isRepeatable ? "..." : "")
    }
}
