/// One word of a line, and where it stands, so that an error can point at it.
package struct Word: Hashable, Sendable {
    package var text: String
    /// Of its first character, counted from 1 as editors do.
    package var column: Int
    /// Of the first character after it; what is missing is missing there.
    package var endColumn: Int
    /// A quoted word is a text, whatever it looks like: never a keyword.
    package var isQuoted: Bool

    package init(_ text: String, column: Int, endColumn: Int, isQuoted: Bool = false) {
        self.text = text
        self.column = column
        self.endColumn = endColumn
        self.isQuoted = isQuoted
    }

    /// Whether it is this keyword.
    package func isWord(_ keyword: String) -> Bool { !isQuoted && text == keyword }
}
