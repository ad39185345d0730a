import DialogUsage
package import SansIO
import SoftphoneCore

/// The whole screen as a function of the model, the size and the time.
extension App {
    static let smallest = Size(columns: 60, rows: 16)
    static let narrowestWithDetail = 100

    package func view(in size: Size, at now: Instant) -> Frame {
        var frame = Frame(size: size)
        guard size.columns >= Self.smallest.columns, size.rows >= Self.smallest.rows else {
            drawTooSmall(&frame, at: now)
            return frame
        }
        drawStatus(&frame, at: now)
        let body = Area(row: 1, column: 0, width: size.columns, height: size.rows - 3)
        switch mode {
        case .help(let first): HelpView.draw(&frame, body, first: first)
        case .log(let back): drawLog(&frame, body, back: back, at: now)
        case .messages(let back): drawMessages(&frame, body, back: back, at: now)
        case .detail(let first) where size.columns < Self.narrowestWithDetail:
            drawDetail(&frame, body, first: first, at: now)
        case .browsing, .prompt, .digits, .detail: drawMain(&frame, body, at: now)
        }
        drawMessageLine(&frame, row: size.rows - 2, at: now)
        drawKeyBar(&frame, row: size.rows - 1)
        if isShowingShutdown { drawShutdown(&frame, at: now) }
        return frame
    }

    private func drawMain(_ frame: inout Frame, _ body: Area, at now: Instant) {
        guard frame.size.columns >= Self.narrowestWithDetail else { return drawList(&frame, body, at: now) }
        let left = max(50, body.width * 2 / 5)
        var first = 0
        if case .detail(let offset) = mode { first = offset }
        drawList(&frame, Area(row: body.row, column: 0, width: left, height: body.height), at: now)
        let right = Area(row: body.row, column: left, width: body.width - left, height: body.height)
        drawDetail(&frame, right, first: first, at: now)
    }

    /// Below the smallest size: what is needed, what there is, and the two things that must go on all the same.
    private func drawTooSmall(_ frame: inout Frame, at now: Instant) {
        let need = "need \(Self.smallest), have \(frame.size)"
        frame.write(Width.fit(need, in: frame.size.columns), row: 0, style: .bold)
        var row = 1
        if let call = incoming {
            frame.write("call from \(call.peer): a answers, b refuses", row: row)
            row += 1
        }
        for call in model.calls where call.state != .ended && call.state != .incoming {
            frame.write("\(call.state.rawValue) \(call.peer): x hangs up", row: row)
            row += 1
        }
        if isShowingShutdown {
            let left = model.shutdown?.deadline.map { Words.tenths($0 - now) } ?? "no limit"
            frame.write("shutting down, \(left); ! forces", row: row)
        } else {
            frame.write("Q leaves in order", row: row)
        }
    }
}

/// A rectangle of the screen.
struct Area {
    var row: Int
    var column: Int
    var width: Int
    var height: Int
}

extension Frame {
    /// A box with a title in its upper edge.
    mutating func box(_ area: Area, title: String, style: Style = Looks.frame, titleStyle: Style = .bold) {
        guard area.width > 3, area.height > 1 else { return }
        let line = String(repeating: "─", count: area.width - 2)
        write("┌" + line + "┐", row: area.row, column: area.column, style: style)
        for row in (area.row + 1)..<max(area.row + 1, area.row + area.height - 1) {
            write("│", row: row, column: area.column, style: style)
            write("│", row: row, column: area.column + area.width - 1, style: style)
        }
        write("└" + line + "┘", row: area.row + area.height - 1, column: area.column, style: style)
        if !title.isEmpty {
            write(
                " " + Width.fit(title, in: area.width - 6) + " ", row: area.row, column: area.column + 2,
                style: titleStyle)
        }
    }
    /// A line of text inside a box.
    mutating func line(_ text: String, in area: Area, row: Int, style: Style = .plain) {
        guard row < area.row + area.height - 1 else { return }
        write(text, row: row, column: area.column + 2, style: style, maxWidth: area.width - 4)
    }
}
