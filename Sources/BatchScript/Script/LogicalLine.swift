/// A line of a script after `\` at line ends has joined it with what follows, and where each part of it came from.
struct LogicalLine: Hashable, Sendable {
    var text: [Character] = []
    private var pieces: [Piece] = []

    private struct Piece: Hashable, Sendable {
        /// From which character of the joined line on.
        var offset: Int
        var line: Int
    }

    /// The number of its first line in the file, counted from 1.
    var number: Int { pieces.first?.line ?? 1 }
    var isBlank: Bool { text.allSatisfy(\.isWhitespace) }

    /// The line and column, both from 1, of a character of the joined line.
    func place(of offset: Int) -> (line: Int, column: Int) {
        guard let piece = pieces.last(where: { $0.offset <= offset }) else { return (number, offset + 1) }
        return (piece.line, offset - piece.offset + 1)
    }

    /// All lines of a file. Line ends are LF, CR LF or CR.
    static func lines(of text: String) -> [LogicalLine] {
        var lines: [LogicalLine] = []
        var current = LogicalLine()
        let physical = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
        for (index, part) in physical.enumerated() {
            current.pieces.append(Piece(offset: current.text.count, line: index + 1))
            current.text += part
            if current.text.last == "\\", index + 1 < physical.count {
                current.text[current.text.count - 1] = " "
                continue
            }
            lines.append(current)
            current = LogicalLine()
        }
        return lines
    }
}
