/// A picture of the whole screen as cells: what a view makes and what a terminal shows. Writing outside of it is
/// allowed and has no effect, so that a view need not know the size to be safe.
package struct Frame: Hashable, Sendable {
    package let size: Size
    /// Where the cursor stands, if it is shown.
    package var cursor: Position?
    /// Whether clicks are wanted; else the terminal selects text with them, as it does for other programs.
    package var takesMouse = false
    /// What its parts are to the mouse, the uppermost last.
    var hits: [HitArea] = []
    private var cells: [Cell]

    package struct Position: Hashable, Sendable {
        package var row: Int
        package var column: Int
        package init(row: Int, column: Int) {
            self.row = row
            self.column = column
        }
    }

    package init(size: Size, style: Style = .plain) {
        self.size = Size(columns: max(0, size.columns), rows: max(0, size.rows))
        cells = Array(repeating: Cell(.narrow(" "), style), count: self.size.columns * self.size.rows)
    }

    /// Blank outside of the frame.
    package subscript(row: Int, column: Int) -> Cell {
        index(row, column).map { cells[$0] } ?? .blank
    }

    /// What differs from an earlier picture of the same size, or from an empty screen, row by row.
    package func forEachChange(from before: Frame?, _ body: (Cell, _ row: Int, _ column: Int) -> Void) {
        guard size.columns > 0 else { return }
        for index in cells.indices where cells[index] != before?.cells[index] ?? .blank {
            body(cells[index], index / size.columns, index % size.columns)
        }
    }

    /// Writes text from a place to the right, at most to `maxWidth` columns and to the edge, and answers how many
    /// columns it took. A wide character that does not fit is left out, with a blank in its place.
    @discardableResult
    package mutating func write(
        _ text: some StringProtocol, row: Int, column: Int = 0, style: Style = .plain, maxWidth: Int? = nil
    ) -> Int {
        guard (0..<size.rows).contains(row) else { return 0 }
        let end = min(size.columns, maxWidth.map { max(column, column &+ $0) } ?? size.columns)
        var at = column
        if Width.isPlain(text) {
            for byte in text.utf8.prefix(max(0, end - at)) {
                put(Self.plain[Int(byte)], width: 1, row, at, style)
                at += 1
            }
            return max(0, at - column)
        }
        for character in text {
            guard at < end else { break }
            Width.forEachVisible(character) { visible, width in
                guard at < end else { return }
                if at + width <= end {
                    put(visible, width: width, row, at, style)
                } else {
                    put(" ", width: 1, row, at, style)
                }
                at += width
            }
        }
        return max(0, min(at, end) - column)
    }

    /// Fills a rectangle with one narrow character.
    package mutating func fill(
        row: Int, column: Int, width: Int, height: Int = 1, with character: Character = " ", style: Style = .plain
    ) {
        for each in rows(row, height) {
            for place in columns(column, width) { put(character, width: 1, each, place, style) }
        }
    }

    /// Changes how a rectangle looks and leaves what stands in it: a selected line, a title.
    package mutating func restyle(
        row: Int, column: Int = 0, width: Int? = nil, height: Int = 1, _ change: (Style) -> Style
    ) {
        for each in rows(row, height) {
            for place in columns(column, width ?? size.columns) {
                guard let index = index(each, place) else { continue }
                cells[index].style = change(cells[index].style)
            }
        }
    }

    private static let plain = (0..<0x80 as Range<UInt8>).map { Character(Unicode.Scalar($0)) }

    private mutating func put(_ character: Character, width: Int, _ row: Int, _ column: Int, _ style: Style) {
        guard let index = index(row, column) else { return }
        if case .narrow = cells[index].content {} else { uncover(index, row, column) }
        guard width == 2 else {
            cells[index] = Cell(.narrow(character), style)
            return
        }
        guard let next = self.index(row, column + 1) else { return }
        uncover(next, row, column + 1)
        cells[index] = Cell(.wide(character), style)
        cells[next] = Cell(.covered, style)
    }

    /// When half of a wide character is about to be overwritten, its other half becomes a blank.
    private mutating func uncover(_ index: Int, _ row: Int, _ column: Int) {
        switch cells[index].content {
        case .narrow: return
        case .wide: if let right = self.index(row, column + 1) { cells[right].content = .narrow(" ") }
        case .covered: if let left = self.index(row, column - 1) { cells[left].content = .narrow(" ") }
        }
        cells[index].content = .narrow(" ")
    }

    private func index(_ row: Int, _ column: Int) -> Int? {
        guard row >= 0, row < size.rows, column >= 0, column < size.columns else { return nil }
        return row * size.columns + column
    }
    private func rows(_ first: Int, _ count: Int) -> Range<Int> { Self.clip(first, count, to: size.rows) }
    private func columns(_ first: Int, _ count: Int) -> Range<Int> { Self.clip(first, count, to: size.columns) }
    private static func clip(_ first: Int, _ count: Int, to limit: Int) -> Range<Int> {
        let lower = min(max(0, first), limit)
        return lower..<max(lower, min(limit, first &+ max(0, count)))
    }
}

/// As text: for tests, and for screens that are written to a file.
extension Frame {
    /// The rows without styles and without blanks at their ends.
    package var lines: [String] {
        (0..<size.rows).map { row in
            var line = ""
            for column in 0..<size.columns { line += Self.text(self[row, column]) }
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// The rows with their styles as escape sequences (SGR), each ending in the plain style. Every column is there.
    package var styledLines: [String] {
        (0..<size.rows).map { row in
            var (line, style) = ("", Style.plain)
            for column in 0..<size.columns {
                let cell = self[row, column]
                if cell.style != style, cell.content != .covered {
                    style = cell.style
                    line += style.selectGraphicRendition
                }
                line += Self.text(cell)
            }
            return style == .plain ? line : line + Style.plain.selectGraphicRendition
        }
    }

    private static func text(_ cell: Cell) -> String {
        switch cell.content {
        case .narrow(let character), .wide(let character): String(character)
        case .covered: ""
        }
    }
}
