import SansIO
import SoftphoneCore
import Testing

@testable import TerminalUI

@Suite("Help")
struct HelpScreenTests {
    @Test("80×24: the first page")
    func page() {
        var scene = Scene.busy(80, 24)
        scene.press(.character("?"))
        expect(
            scene.frame(),
            is: """
                 lastcall │ alice ● registered │ bob ! failing │ calls 1 │ subs 2 (1 stale)
                ┌─ Keys and commands ──────────────────────────────────────────────────────────┐
                │ Moving                                                                       │
                │   j k ↑ ↓   one row; with g and G, Home and End, to the ends                 │
                │   1-7       to a group                                                       │
                │   Tab       to the next group, Shift-Tab to the one before                   │
                │   Enter     everything about what is selected, with its messages             │
                │   :         a command, as in a script; Tab completes, ↑ recalls              │
                │   l L       the event log; the messages                                      │
                │   ? Esc     this list; back                                                  │
                │   Ctrl-C    end everything in order; twice: now; three times: at once        │
                │   Ctrl-Z    back to the shell for a while                                    │
                │                                                                              │
                │ Accounts and registration                                                    │
                │      account add           Add an account; the first one is the current one  │
                │       account add NAME sip:USER@DOMAIN [server URI] [login USER] [password   │
                │           PASSWORD] [expires DURATION]                                       │
                │      account use           Make an account the current one                   │
                │       account use ACCOUNT                                                    │
                │      account remove        Forget an account                                 │
                │       account remove ACCOUNT                                                 │
                └──────────────────────────────────────────────────────────────── 1-19 of 112 ─┘

                 ↑↓ scroll  PgUp PgDn page  Esc back
                """)
    }

    @Test(
        "Every verb of the table is there with its key, its grammar and what it is for, and nothing is cut",
        arguments: [60, 80, 120])
    func complete(columns: Int) {
        let help = HelpView(width: columns - 4)
        #expect(help.lines.allSatisfy { Width.of($0.text) <= columns - 4 })
        let words = help.lines.map(\.text).joined(separator: " ").split(separator: " ").joined(separator: " ")
        for spec in CommandSpec.all {
            #expect(words.contains("\(spec.key.map { "\($0) " } ?? "")\(spec.word) \(spec.summary)"))
            #expect(words.contains(spec.grammar))
        }
    }

    @Test("It can be scrolled to its last line and not beyond", arguments: [(80, 24), (60, 16), (120, 30)])
    func scrolling(columns: Int, rows: Int) {
        var scene = Scene.busy(columns, rows)
        scene.press(.character("?"))
        let last = "│ " + (HelpView(width: columns - 4).lines.last?.text ?? "")
        for _ in 0..<30 { scene.press(.pageDown) }
        #expect(scene.frame().lines[rows - 4].hasPrefix(last))
        scene.press(.up)
        #expect(!scene.frame().lines[rows - 4].hasPrefix(last))
        scene.press(.escape)
        #expect(scene.app.mode == .browsing)
    }
}
