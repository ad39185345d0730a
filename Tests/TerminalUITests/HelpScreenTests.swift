import SansIO
import SoftphoneCore
import Testing

@testable import TerminalUI

@Suite("Help")
struct HelpScreenTests {
    @Test("80×24: what can be done to the selected call comes first")
    func page() {
        var scene = Scene.busy(80, 24)
        scene.press(.character("3"), .character("?"))
        expect(
            scene.frame(),
            is: """
                 lastcall │ alice ● registered │ bob ! failing │ calls 1 │ subs 2 (1 stale)
                ┌─ Keys and commands ──────────────────────────────────────────────────────────┐
                │ Search:                                                                      │
                │ cis-4 carol@example.net                                                      │
                │ ▶ x F9        hangup              End, cancel or decline a call              │
                │   H           hold                Put a call on hold                         │
                │   t           transfer            Let the peer of a call talk to somebody e… │
                │   d           dtmf                Send digits in a call                      │
                │   m           mute                Send silence                               │
                │   W           record              Write both sides of a call to a WAV file   │
                │                                                                              │
                │ Accounts and registration                                                    │
                │               account add         Add an account; the first one is the curr… │
                │               account use         Make an account the current one            │
                │               account remove      Forget an account; for-good: on disk too   │
                │               account save        Keep an added account in the configuration │
                │   r           register            Register, so that others can reach us      │
                │   R           unregister          ✗ select the one you mean first            │
                │ ──────────────────────────────────────────────────────────────────────────── │
                │ End, cancel or decline a call                                                │
                │ :hangup [CALL|all] [REASON]                                                  │
                └─────────────────────────────────────────────────────────────────────── 1/98 ─┘

                 a-z search  ↑↓ choose  Enter run  Esc back
                """)
    }

    @Test("Typing searches; what cannot be done says why, in its row and at the foot")
    func searching() {
        var scene = Scene.busy(60, 16)
        scene.press(.character("3"), .character("?"))
        scene.type("resume")
        expect(
            scene.frame(),
            is: """
                 alice ● │ bob ! │ calls 1 │ subs 2 (1 stale)
                ┌─ Keys and commands ──────────────────────────────────────┐
                │ Search: resume                                           │
                │ Calls                                                    │
                │ ▶ U           resume              ✗ the call is not held │
                │                                                          │
                │                                                          │
                │                                                          │
                │                                                          │
                │ ──────────────────────────────────────────────────────── │
                │ Take a call from hold                                    │
                │ :resume [CALL]                                           │
                │ Not now: the call is not held.                           │
                └──────────────────────────────────────────────────── 1/1 ─┘

                 a-z search  ↑↓ choose  Enter run  Esc clear
                """)
        scene.press(.escape)
        #expect(scene.app.mode == .help(Help()))
        scene.press(.escape)
        #expect(scene.app.mode == .browsing)
    }

    @Test("Enter runs the row that is chosen, with what is selected")
    func running() {
        var scene = Scene.busy(80, 24)
        scene.press(.character("3"), .character("?"))
        scene.type("mute")
        #expect(scene.press(.enter) == [.mute(UsageName("cis-4"))])
        #expect(scene.app.mode == .browsing)
        scene.press(.character("?"))
        scene.type("event log")
        scene.press(.enter)
        #expect(scene.app.mode == .pane(Pane(.log)))
        scene.press(.character("?"))
        scene.type("account use")
        scene.press(.enter)
        #expect(scene.app.mode == .prompt(LineEditor("account use "), fault: nil))
        scene.press(.escape, .character("?"))
        scene.type("answer a")
        #expect(scene.press(.enter).isEmpty)
        #expect(scene.lastLines[0] == " ! no call rings here")
    }

    @Test("Every row of both tables is found by its own word", arguments: KeyMap.Target.all)
    func complete(target: KeyMap.Target) {
        let scene = Scene.busy(80, 24)
        let list = HelpList(scene.app, Help(sought: target.word))
        #expect(list.rows.contains { $0.target == target })
    }

    @Test("The chosen row is in sight whatever it is", arguments: [(80, 24), (60, 16), (120, 30)])
    func scrolling(columns: Int, rows: Int) {
        var scene = Scene.busy(columns, rows)
        scene.press(.character("?"))
        for _ in HelpList(scene.app, Help()).rows {
            #expect(scene.frame().lines.contains { $0.hasPrefix("│ ▶") })
            scene.press(.down)
        }
    }
}
