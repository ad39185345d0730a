import DialogUsage
package import SansIO
import SoftphoneCore

/// The whole screen as a function of the model, the size and the time.
extension App {
    static let smallest = Size(columns: 60, rows: 16)
    /// From here on the list has the details beside it.
    static let narrowestBeside = 100
    /// From here on the details stand under the list where they cannot stand beside it.
    static let lowestBelow = 46

    package func view(in size: Size, at now: Instant) -> Frame {
        var frame = drawn(in: size, at: now)
        frame.show(in: theme)
        frame.takesMouse = takesMouse
        return frame
    }

    private func drawn(in size: Size, at now: Instant) -> Frame {
        var frame = Frame(size: size)
        guard size.columns >= Self.smallest.columns, size.rows >= Self.smallest.rows else {
            drawTooSmall(&frame, at: now)
            return frame
        }
        drawStatus(&frame, at: now)
        let body = Area(row: 1, column: 0, width: size.columns, height: size.rows - 3)
        switch mode {
        case .help(let help): drawHelp(&frame, body, help)
        case .pane(let pane): drawPane(&frame, body, pane, at: now)
        case .plan(let forecast, let first):
            PlanView(forecast, names: name(of:)).draw(&frame, body, first: first)
        case .detail(let reading):
            switch reading.page {
            case .ladder: drawMain(&frame, body, reading, at: now)
            case .message(let first):
                let lines = messageLines(reading, at: now)
                drawPage(&frame, body, title: messageTitle(reading), lines, first: first)
            case .difference(let first):
                drawPage(&frame, body, title: differenceTitle(reading), differenceLines(reading), first: first)
            }
        case .browsing, .prompt, .search, .digits: drawMain(&frame, body, nil, at: now)
        }
        drawMessageLine(&frame, row: size.rows - 2, at: now)
        drawKeyBar(&frame, row: size.rows - 1)
        if isShowingShutdown { drawShutdown(&frame, at: now) }
        return frame
    }

    private func drawMain(_ frame: inout Frame, _ body: Area, _ reading: Reading?, at now: Instant) {
        var (left, right) = (body, body)
        if body.width >= Self.narrowestBeside, !isZoomed {
            // The two boxes share an edge.
            left.width = min(76, body.width / 2)
            right.column = left.width - 1
            right.width = body.width - right.column
        } else if frame.size.rows >= Self.lowestBelow, !isZoomed {
            left.height = body.height / 2
            right.row = body.row + left.height
            right.height = body.height - left.height
        } else if reading != nil {
            return drawDetail(&frame, body, reading, at: now)
        } else {
            drawList(&frame, body, at: now)
            if model.usages.isEmpty { drawWelcome(&frame, body, from: body.row + list.rowCount) }
            return
        }
        drawDetail(&frame, right, reading, at: now)
        drawList(&frame, left, at: now)
        guard right.column > 0 else { return }
        frame.write("┬", row: right.row, column: right.column, style: Looks.frame)
        frame.write("┴", row: right.row + right.height - 1, column: right.column, style: Looks.frame)
    }
}
