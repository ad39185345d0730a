/// One thing that the user did with the mouse.
package struct Mouse: Hashable, Sendable {
    package enum Action: Hashable, Sendable { case press, wheelUp, wheelDown }
    package var action: Action
    package var row: Int
    package var column: Int

    package init(_ action: Action, row: Int, column: Int) {
        self.action = action
        self.row = row
        self.column = column
    }

    /// As a terminal says it in its SGR form (xterm, mode 1006), without the introducer `CSI <`: `0;12;5M` is the left
    /// button pressed in the twelfth column of the fifth row. Other buttons, movements and releases are nothing to us.
    package init?(report: String) {
        guard report.last == "M" else { return nil }
        let numbers = report.dropLast().split(separator: ";", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 3, let button = numbers[0], let column = numbers[1], let row = numbers[2],
            column > 0, row > 0
        else { return nil }
        // Shift, Alt and Ctrl are told in three bits beside the button.
        switch button & ~0b1_1100 {
        case 0: self.init(.press, row: row - 1, column: column - 1)
        case 64: self.init(.wheelUp, row: row - 1, column: column - 1)
        case 65: self.init(.wheelDown, row: row - 1, column: column - 1)
        default: return nil
        }
    }
}
