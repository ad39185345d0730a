import SansIO
import Testing

@testable import DialogUsage
@testable import SoftphoneCore
@testable import TerminalUI

@Suite("Messages and log")
struct MessagesScreenTests {
    private func message(_ serial: Int, _ text: String, isOurs: Bool, _ standing: MessageRow.Standing) -> MessageRow {
        MessageRow(
            serial: serial, peer: "sip:bob@lab.test", isOurs: isOurs, contentType: "text/plain", text: text,
            at: Scene.now - .seconds(125), standing: standing, account: nil)
    }

    @Test("A text that copies the look of another line stays inside its own; a link is shown as it is (H-117, H-119)")
    func imitation() {
        var scene = Scene.busy(60, 16)
        let link = "http://192.0.2.1/x"
        let text = "hi\n   2:05 ago  me    I owe you ✓\r\n│   2:05 ago  me    \(link)"
        scene.model.messages = [message(1, text, isOurs: false, .received)]
        scene.show()
        scene.press(.character("L"), .enter)
        let lines = scene.frame().lines
        #expect(lines.filter { $0.contains("│    2:05 ago") }.count == 1)
        #expect(lines.contains { $0.contains("2:05 ago  they  hi") })
        #expect(lines.contains { $0.contains(link) })
    }

    @Test("A conversation with what became of each message; a long one goes on in the next line")
    func conversation() throws {
        var scene = Scene.busy(60, 16)
        scene.model.messages = [
            message(1, "hello", isOurs: true, .sent),
            message(2, "I have read: hello, and I have a good deal more to say than fits", isOurs: false, .received),
            message(3, "on my way", isOurs: true, .failed("503 Service Unavailable")),
        ]
        scene.show()
        scene.press(.character("L"), .enter)
        expect(
            scene.frame(),
            is: """
                 alice ● │ bob ! │ calls 1 │ subs 2 (1 stale)
                ┌─ Messages ─ bob@lab.test ────────────────────────────────┐
                │    2:05 ago  me    hello ✓                               │
                │    2:05 ago  they  I have read: hello, and I have a good │
                │                    deal more to say than fits            │
                │    2:05 ago  me    on my way ✗ 503 Service Unavailable   │
                │                                                          │
                │                                                          │
                │                                                          │
                │                                                          │
                │                                                          │
                │                                                          │
                │                                                          │
                └──────────────────────────────────────────────────────────┘

                 Enter reply  ↑↓ scroll  c call  s subscribe  Esc back
                """)
        // The reply begins with whom it is for, and leads back into the conversation.
        scene.press(.enter)
        #expect(scene.lastLines[0] == " :message sip:bob@lab.test \"")
        scene.type("yes")
        #expect(scene.press(.enter) == [try Command.parse(line: "message sip:bob@lab.test \"yes\"")])
        #expect(scene.app.mode == .pane(Pane(.conversation(with: "sip:bob@lab.test"))))
        scene.press(.escape, .escape)
        #expect(scene.app.mode == .browsing)
    }

    @Test("The log shows the newest, and scrolls back to the oldest and no further")
    func log() {
        var scene = Scene.busy(60, 16)
        scene.model.log = (1...40).map { LogLine(at: .zero + .seconds($0), level: .note, text: "line \($0)") }
        scene.show()
        scene.press(.character("l"))
        #expect(scene.frame().lines[12].contains("line 40"))
        for _ in 0..<9 { scene.press(.pageUp) }
        #expect(scene.frame().lines[2].contains("line 1 "))
        scene.press(.down)
        #expect(scene.frame().lines[2].contains("line 2 "))
        scene.press(.end)
        #expect(scene.frame().lines[12].contains("line 40"))
    }
}
