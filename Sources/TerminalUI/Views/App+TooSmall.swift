import DialogUsage
import SansIO
import SoftphoneCore

/// Below the smallest size: what is needed, what there is, and what must go on all the same.
extension App {
    func drawTooSmall(_ frame: inout Frame, at now: Instant) {
        var lines: [(String, Style)] = [("need \(Self.smallest), have \(frame.size)", .bold)]
        if isShowingShutdown {
            lines += shutdownInBrief(at: now)
        } else {
            if let call = incoming { lines.append(("\(call.peer) calls: \(ringingKeys)", Looks.waiting)) }
            for call in model.calls where call.state != .ended && call.state != .incoming {
                lines.append(("\(call.state.rawValue) \(call.peer): x hangs up", .plain))
            }
            if let notice { lines.append((notice.text, notice.isFault ? Looks.bad : Looks.good)) }
            lines += modeInBrief
        }
        var row = 0
        for (text, style) in lines {
            for line in Words.wrapped(text, to: frame.size.columns) {
                frame.write(line, row: row, style: style)
                if isShowingShutdown {
                    answerBracketed(shutdownHints, &frame, row: row)
                } else if incoming != nil {
                    answer(ringingHints, &frame, row: row)
                }
                row += 1
            }
        }
    }

    /// What keys mean now, where it is not what the main screen says.
    private var modeInBrief: [(String, Style)] {
        switch mode {
        case .browsing, .detail: [("Q leaves in order", .plain)]
        case .prompt(let editor, let fault):
            [(":\(editor.line)", .bold)] + (fault.map { [("! \($0)", Looks.bad)] } ?? [])
        case .search(let search): [(search.editor.line, .bold), ("Esc ends", .plain)]
        case .digits(_, let sent): [("digits: \(sent)", Looks.waiting), ("Esc ends", .plain)]
        case .help, .pane, .plan: [("Esc goes back to the calls", .plain)]
        }
    }

    private func shutdownInBrief(at now: Instant) -> [(String, Style)] {
        let groups = shutdownGroups
        let (done, total) = (groups.reduce(0) { $0 + $1.done }, groups.reduce(0) { $0 + $1.total })
        var lines: [(String, Style)] = [(shutdownTitle(at: now), Looks.waiting), ("\(done) of \(total) ended", .plain)]
        if let blocking {
            lines.append(("\(name(of: blocking.id)) waits for \(blocking.waitsFor)", Looks.bad))
        }
        return lines + [(Self.bracketed(shutdownHints), .plain)]
    }
}
