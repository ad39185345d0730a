import Testing

@testable import TerminalUI

/// Compares a whole screen, as text, with how it is meant to look.
func expect(_ frame: Frame, is expected: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let lines = frame.lines
    let wanted = expected.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let differing = (0..<max(lines.count, wanted.count)).filter { row in
        (row < lines.count ? lines[row] : nil) != (row < wanted.count ? wanted[row] : nil)
    }
    #expect(
        differing.isEmpty, "rows \(differing) differ; the screen is:\n\(lines.joined(separator: "\n"))",
        sourceLocation: sourceLocation)
    #expect(lines.allSatisfy { Width.of($0) <= frame.size.columns }, sourceLocation: sourceLocation)
}
