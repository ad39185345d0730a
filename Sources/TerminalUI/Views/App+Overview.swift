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

    /// Under an empty list that nothing stands beside: as much of the same as there is room for.
    func drawWelcome(_ frame: inout Frame, _ area: Area, from row: Int) {
        let room = area.row + area.height - 1 - row
        guard room > 1 else { return }
        let title = "─ Welcome "
        frame.write(
            "├" + title + String(repeating: "─", count: max(0, area.width - 2 - Width.of(title))) + "┤", row: row,
            column: area.column, style: Looks.frame)
        for (offset, line) in beginnings.prefix(room - 1).enumerated() {
            frame.line(line, in: area, row: row + 1 + offset)
        }
    }

    private var overview: [String] {
        if model.usages.isEmpty { return ["Nothing is alive yet. A good beginning:", ""] + beginnings }
        return ["\(Words.count(model.usages.count, "usage")) alive. j and k move, Enter shows one.", ""] + situation
    }

    private var beginnings: [String] {
        let (bob, echo) = model.sandbox == nil ? ("", "") : (": sip:bob@sandbox.test", ": sip:echo@sandbox.test")
        let beginnings: [(Verb, String)] = [
            (.register, "register"), (.subscribe, "watch somebody" + bob),
            (.publish, "publish: open, busy or \"a note\""), (.call, "call" + echo),
            (.message, "write a message"), (.shutdown, "leave in order"),
        ]
        // What has no key is typed.
        let lines = beginnings.map { verb, text in
            let key = keys.shown(verb) ?? ":" + KeyMap.Target.verb(verb).word
            return key + String(repeating: " ", count: max(1, 4 - Width.of(key))) + text
        }
        return lines + [""] + situation
    }

    /// Who we are, what is left of an earlier run, and where others find the sandbox.
    private var situation: [String] {
        var lines: [String] = []
        if model.accounts.isEmpty { lines.append("No account yet: :account add NAME sip:USER@DOMAIN") }
        for account in model.accounts {
            lines.append("\(account.isCurrent ? "▶" : " ") \(account.name)  \(account.addressOfRecord)")
            if let failure = account.lastFailure { lines.append("  ! \(failure)") }
        }
        if !model.leftovers.isEmpty {
            lines += ["", "! An earlier run could not take back, :reap does:"]
            lines += model.leftovers.prefix(4).map { "  \($0.contact) of \($0.account)" }
        }
        if let sandbox = model.sandbox {
            lines += ["", "Others may register at \(sandbox):", "  user carol, password carol-secret"]
        }
        return lines
    }
}
