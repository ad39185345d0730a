import SansIO
import SoftphoneCore

/// Beside the list as long as no usage is selected: what there is to do, who we are, and what happened last.
extension App {
    func drawOverview(_ frame: inout Frame, _ area: Area, at now: Instant) {
        frame.box(area, title: model.usages.isEmpty ? "Welcome" : "Overview")
        let lines = overview.flatMap { Words.wrapped($0, to: area.inner.width, indent: "    ") }
        for (offset, line) in lines.enumerated() { frame.line(line, in: area, row: area.row + 1 + offset) }
        let room = area.inner.height - lines.count - 1
        guard room > 0 else { return }
        for (offset, line) in model.log.suffix(room).enumerated() {
            frame.line(logText(line), in: area, row: area.row + 2 + lines.count + offset, style: logStyle(line))
        }
    }

    private var overview: [String] {
        var lines: [String] = []
        if model.usages.isEmpty {
            let hint = model.sandbox == nil ? "" : ": "
            lines += ["Nothing is alive yet. A good beginning:", "", "r   register"]
            lines += ["s   watch somebody" + (hint.isEmpty ? "" : hint + "sip:bob@sandbox.test")]
            lines += ["p   publish: open, busy or \"a note\""]
            lines += ["c   call" + (hint.isEmpty ? "" : hint + "sip:echo@sandbox.test")]
            lines += ["i   write a message", "Q   leave in order", ""]
        } else {
            lines += ["\(Words.count(model.usages.count, "usage")) alive. j and k move, Enter shows one.", ""]
        }
        if model.accounts.isEmpty { lines.append("No account yet: :account add NAME sip:USER@DOMAIN") }
        for account in model.accounts {
            lines.append("\(account.isCurrent ? "▶" : " ") \(account.name)  \(account.addressOfRecord)")
            if let failure = account.lastFailure { lines.append("  ! \(failure)") }
        }
        if let sandbox = model.sandbox {
            lines += ["", "Others may register at \(sandbox):", "  user carol, password carol-secret"]
        }
        return lines
    }
}
