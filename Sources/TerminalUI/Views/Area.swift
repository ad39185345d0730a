/// A rectangle of the screen.
struct Area: Hashable {
    var row: Int
    var column: Int
    var width: Int
    var height: Int

    func contains(row: Int, column: Int) -> Bool {
        (self.row..<self.row + max(0, height)).contains(row)
            && (self.column..<self.column + max(0, width)).contains(column)
    }

    /// Inside of a box: without its edges, and with a blank column beside each.
    var inner: Area { Area(row: row + 1, column: column + 2, width: max(0, width - 4), height: max(0, height - 2)) }
}

extension Frame {
    /// A box with a title in its upper edge.
    mutating func box(_ area: Area, title: String = "", style: Style = Looks.frame, titleStyle: Style = .bold) {
        guard area.width > 3, area.height > 1 else { return }
        let line = String(repeating: "─", count: area.width - 2)
        let right = area.column + area.width - 1
        write("┌" + line + "┐", row: area.row, column: area.column, style: style)
        for row in (area.row + 1)..<max(area.row + 1, area.row + area.height - 1) {
            write("│", row: row, column: area.column, style: style)
            write("│", row: row, column: right, style: style)
        }
        write("└" + line + "┘", row: area.row + area.height - 1, column: area.column, style: style)
        guard !title.isEmpty else { return }
        write(
            " " + Width.fit(title, in: area.width - 6) + " ", row: area.row, column: area.column + 2, style: titleStyle)
    }

    /// A word in the lower edge of a box, at its right: where one is in a list.
    mutating func footer(_ text: String, of area: Area) {
        let column = area.column + area.width - Width.of(text) - 4
        guard column > area.column else { return }
        write(" \(text) ", row: area.row + area.height - 1, column: column, style: Looks.faint)
    }

    /// A line of text inside a box.
    mutating func line(_ text: String, in area: Area, row: Int, style: Style = .plain) {
        guard row < area.row + area.height - 1 else { return }
        let inner = area.inner
        write(Width.fit(text, in: inner.width), row: row, column: inner.column, style: style)
    }
}
