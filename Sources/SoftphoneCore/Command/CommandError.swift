/// What is wrong with a line that somebody wrote, where, and what to do about it. Nothing has been done when it is said.
package struct CommandError: Error, Hashable, Sendable, CustomStringConvertible {
    package var text: String
    /// Counted from 1; where the word stands that is wrong, or where one is missing.
    package var column: Int

    package init(_ text: String, column: Int) {
        self.text = text
        self.column = column
    }
    package var description: String { "column \(column): \(text)" }
}
