/// What is wrong with a script, where, and what to do about it. Nothing has been sent when this is said.
package struct ScriptError: Error, Hashable, Sendable, CustomStringConvertible {
    package var file: String
    /// Both counted from 1, as editors do.
    package var line: Int
    package var column: Int
    package var text: String

    /// `tour.batch:4:10: unknown verb 'regster'; did you mean 'register'?`
    package var description: String { "\(file):\(line):\(column): \(text)" }
}

/// What is wrong with one line, counted in characters from its beginning.
struct ScriptFault: Error, Hashable, Sendable {
    var text: String
    var offset: Int

    init(_ text: String, offset: Int) {
        self.text = text
        self.offset = offset
    }
}
