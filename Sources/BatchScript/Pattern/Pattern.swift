/// A regular expression for `~`: what scripts need of one, and matching in time linear in the text.
///
/// The text often comes from a peer and the match runs on the stack thread, so a pattern must not be able to take
/// longer than the product of both lengths. All states are followed at once (Thompson 1968); there is no backtracking.
///
/// Understood: `.` `[a-z]` `[^…]` `\d \D \w \W \s \S` `^ $ \b` `( ) (?: )` `|` `* + ? {n} {n,} {n,m}`, and a trailing
/// `i` after the closing slash for "without regard to case".
package struct Pattern: Hashable, Sendable {
    /// As it was written between the slashes.
    package let source: String
    package let ignoresCase: Bool
    let program: [PatternInstruction]

    package init(_ source: String, ignoresCase: Bool = false) throws(PatternError) {
        self.source = source
        self.ignoresCase = ignoresCase
        var parser = PatternParser(source, ignoresCase: ignoresCase)
        program = try PatternCompiler.program(for: parser.parse())
    }

    /// Whether the pattern is found anywhere in the text.
    package func isFound(in text: String) -> Bool {
        var search = PatternSearch(
            program: program, text: Array(ignoresCase ? text.lowercased().unicodeScalars : text.unicodeScalars))
        return search.run()
    }
}

/// Why a pattern cannot be read, and where in it, counted from 1.
package struct PatternError: Error, Hashable, Sendable {
    package var text: String
    package var column: Int
}

/// A pattern as a tree.
indirect enum PatternNode: Hashable, Sendable {
    case empty
    case set(CharacterSet)
    case anchor(PatternAnchor)
    case sequence([PatternNode])
    case either([PatternNode])
    case repeated(PatternNode, atLeast: Int, atMost: Int?)
}

enum PatternAnchor: Hashable, Sendable { case start, end, wordBoundary }
