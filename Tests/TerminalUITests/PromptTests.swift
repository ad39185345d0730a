import SansIO
import Testing

@testable import DialogUsage
@testable import SoftphoneCore
@testable import TerminalUI

@Suite("Prompt")
struct PromptTests {
    @Test("A line that is wrong stays, with what is wrong about it and where")
    func fault() {
        var scene = Scene.busy(80, 24)
        scene.type(":subscrib presence sip:erin@example.net")
        #expect(scene.press(.enter).isEmpty)
        expect(
            scene.frame(),
            is: """
                 lastcall │ alice ● registered │ bob ! failing │ calls 1 │ subs 2 (1 stale)
                ┌▶1 Calls in ─ ServerInviteSession ──────────────────────────────────────── 0 ─┐
                ├2 Watchers ─ ServerSubscription ────────────────────────────────────────── 1 ─┤
                │  ssub-1 dave@lab.test presence                   active                 3:10 │
                ├3 Calls out ─ ClientInviteSession ──────────────────────────────────────── 1 ─┤
                │  cis-4  carol@example.net                        connected  ↓9571 ↑9600 3:12 │
                ├4 Subscriptions ─ ClientSubscription ───────────────────────────────────── 2 ─┤
                │  csub-7 erin@example.net presence                active          ● busy 8:55 │
                │ !csub-9 lab@lab.test presence                    stale           ? open 0:28 │
                ├5 Messages ─ ClientPagerMessage ────────────────────────────────────────── 0 ─┤
                ├6 Publications ─ ClientPublication ─────────────────────────────────────── 1 ─┤
                │  cpub-1 alice@example.net presence               published             41:10 │
                ├7 Registrations ─ ClientRegistration ───────────────────────────────────── 2 ─┤
                │  creg-1 alice@example.net                        registered            51:40 │
                │ !creg-2 bob@lab.test                             failing                0:14 │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                 ! column 1: unknown verb 'subscrib'; did you mean 'subscribe'?
                 :subscrib presence sip:erin@example.net
                 Enter run  Tab complete  ↑↓ history  Ctrl-R search it  Esc back
                """)
        #expect(scene.frame().cursor == Frame.Position(row: 22, column: 40))
    }

    @Test("A long complaint is broken between words and nothing of it is lost")
    func longFault() {
        var scene = Scene.busy(60, 16)
        scene.type(":fault wobble presence and everything")
        scene.press(.enter)
        guard case .prompt(_, let fault?) = scene.app.mode else {
            Issue.record("the complaint is missing")
            return
        }
        let shown = scene.frame().lines.suffix(5).dropLast(2).joined(separator: " ")
        for word in fault.split(separator: " ") { #expect(shown.contains(word)) }
    }

    @Test("The line that is run is the same as in a script")
    func running() {
        var scene = Scene.busy(80, 24)
        scene.type(":hold cis-4")
        #expect(scene.press(.enter) == [.hold(UsageName("cis-4"))])
        #expect(scene.app.mode == .browsing)
        scene.press(.character(":"), .up)
        #expect(scene.app.mode == .prompt(LineEditor("hold cis-4"), fault: nil))
    }

    @Test("The quote that the message key opens need not be closed; an escaped one closes nothing")
    func openQuote() throws {
        var scene = Scene.busy(80, 24)
        scene.type(":message sip:erin@example.net \"say \\\"hi\\\"")
        let commands = scene.press(.enter)
        #expect(commands == [try SoftphoneCore.Command.parse(line: "message sip:erin@example.net \"say \\\"hi\\\"\"")])
    }

    @Test("Ctrl-R finds the newest line that holds what is typed, and goes on from there")
    func searching() {
        var scene = Scene.busy(80, 24)
        for line in [":hold cis-4", ":subscribe presence sip:erin@example.net", ":hold cis-4"] {
            scene.type(line)
            scene.press(.enter)
        }
        scene.type(":erin")
        scene.press(.control("r"))
        guard case .prompt(let editor, nil) = scene.app.mode else { return }
        #expect(editor.line == "subscribe presence sip:erin@example.net")
        #expect(editor.beforeCursor == "subscribe presence sip:erin")
        scene.press(.escape)
        scene.type(":h")
        scene.press(.control("r"))
        #expect(scene.app.mode == .prompt(LineEditor("hold cis-4", cursorAfter: "h"), fault: nil))
        scene.press(.control("r"))
        #expect(scene.app.historyAt == 2, "the same line is not found again")
    }

    @Test("A line with a password is not kept for the arrow keys")
    func secrets() {
        var scene = Scene.busy(80, 24)
        scene.type(":account add work sip:a@example.net password hunter2")
        #expect(scene.press(.enter).count == 1)
        scene.press(.character(":"), .up)
        #expect(scene.app.mode == .prompt(LineEditor(), fault: nil))
    }

    @Test("Tab completes from the command table and from what there is")
    func completion() {
        var scene = Scene.busy(80, 24)
        scene.type(":unsub")
        scene.press(.tab)
        scene.type("csub-9")
        #expect(scene.app.mode == .prompt(LineEditor("unsubscribe csub-9"), fault: nil))
    }

    @Test("What is typed last is in sight, also with characters that take two columns")
    func longLines() {
        var scene = Scene(size: Size(columns: 60, rows: 16))
        scene.type(":" + String(repeating: "日本", count: 40) + "end")
        let frame = scene.frame()
        #expect(frame.lines[14].hasSuffix("日本end"))
        #expect(Width.of(frame.lines[14]) <= 60)
        #expect(frame.cursor.map { $0.column == Width.of(frame.lines[14]) } == true)
    }

    @Test("No size of the terminal and no paste makes it lose a character (H-120)")
    func pasting() {
        var scene = Scene(size: Size(columns: 60, rows: 16))
        scene.press(.character(":"), .paste("call sip:a@b\nx"))
        #expect(scene.app.mode == .prompt(LineEditor("call sip:a@b x"), fault: nil))
    }
}
