/// How large a screen, or a part of one, is, in character cells.
package struct Size: Hashable, Sendable, CustomStringConvertible {
    package var columns: Int
    package var rows: Int

    package init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }
    /// `80×24`.
    package var description: String { "\(columns)×\(rows)" }
}
