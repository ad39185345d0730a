import SIPMessage
import SansIO
import Testing

@testable import DialogUsage
@testable import SoftphoneCore
@testable import TerminalUI

@Suite("The mouse")
struct MouseTests {
    private static let sizes = [(120, 30), (80, 24), (60, 16)]

    @Test(
        "Presses and the wheel are read from the terminal's reports, whatever is held beside; nothing else is",
        arguments: [
            ("0;1;1M", Mouse(.press, row: 0, column: 0)), ("0;223;60M", Mouse(.press, row: 59, column: 222)),
            ("16;12;5M", Mouse(.press, row: 4, column: 11)), ("64;12;5M", Mouse(.wheelUp, row: 4, column: 11)),
            ("69;12;5M", Mouse(.wheelDown, row: 4, column: 11)), ("0;12;5m", nil), ("1;12;5M", nil), ("2;12;5M", nil),
            ("32;12;5M", nil), ("66;12;5M", nil), ("0;0;5M", nil), ("0;12;M", nil), ("0;12M", nil), ("M", nil),
            ("", nil), ("0;99999999999999999999;5M", nil), ("0;-3;5M", nil),
        ] as [(String, Mouse?)])
    func reports(text: String, mouse: Mouse?) {
        #expect(Mouse(report: text) == mouse)
    }

    @Test("A click selects a row, and what is beside the list shows it", arguments: sizes)
    func selecting(columns: Int, rows: Int) throws {
        var scene = Scene.busy(columns, rows)
        try scene.click("csub-7")
        #expect(scene.app.selectedUsage?.name == "csub-7" && scene.app.mode == .browsing)
        try scene.click("Watchers")
        #expect(scene.app.selectedUsage == nil)
        #expect(scene.frame().lines.contains { $0.contains("▶2 Watchers") })
    }

    @Test("A second click in the same place opens: a usage, a group", arguments: sizes)
    func opening(columns: Int, rows: Int) throws {
        var scene = Scene.busy(columns, rows)
        try scene.click("csub-7")
        try scene.click("csub-7", at: Scene.now + .milliseconds(399))
        guard case .detail(let reading) = scene.app.mode else { throw Missing(text: "detail") }
        #expect(reading.usage.description == "csub-7")
        scene.press(.escape)
        try scene.click("Watchers", at: Scene.now + .seconds(2))
        try scene.click("Watchers", at: Scene.now + .seconds(2))
        #expect(!scene.frame().lines.contains { $0.contains("ssub-1") })
        // Too late, and it is two clicks.
        try scene.click("cis-4", at: Scene.now + .seconds(4))
        try scene.click("cis-4", at: Scene.now + .milliseconds(4_400))
        #expect(scene.app.mode == .browsing)
    }

    @Test("What is clicked stays where it is under the pointer, in a list that is longer than the screen")
    func standingStill() throws {
        var scene = Scene(size: Size(columns: 80, rows: 24))
        for serial in 1...100 as ClosedRange<UInt32> {
            scene.add(Scene.summary(.clientSubscription, serial, "sip:u\(serial)@example.net", "active"))
        }
        scene.show()
        scene.press(.character("4"))
        for _ in 0..<30 { scene.press(.down) }
        let before = scene.frame().lines
        let row = try #require(before.firstIndex { $0.contains("csub-39 ") })
        try scene.click("csub-39 ")
        #expect(scene.frame().lines.firstIndex { $0.contains("▶ csub-39 ") } == row)
        try scene.click("csub-39 ")
        scene.press(.escape)
        // The keys go on as ever.
        scene.press(.down)
        #expect(scene.app.selectedUsage?.name == "csub-40")
    }

    @Test("The wheel scrolls what is under the pointer: the list, or the messages beside it")
    func wheel() throws {
        var scene = Scene.busy(120, 30)
        let call = try #require(scene.model.usages.first { $0.name == "cis-4" })
        scene.model.ladders[call.id] = Scene.ladder
        scene.show()
        scene.press(.character("3"))
        let selected = scene.app.selected
        scene.send(.wheelDown, row: 3, column: 5)
        #expect(scene.app.selected == selected + 3)
        scene.send(.wheelUp, row: 3, column: 5)
        #expect(scene.app.selected == selected)
        scene.send(.wheelUp, row: 20, column: 90)
        guard case .detail(let reading) = scene.app.mode else { throw Missing(text: "detail") }
        #expect(scene.app.cursor(of: reading) == 0)
        try scene.click("180 Ringing")
        try scene.click("180 Ringing")
        #expect(scene.frame().lines.contains { $0.contains("Message 2 of 4") })
        scene.press(.escape)
        // Over the list it leads back there.
        scene.send(.wheelDown, row: 3, column: 5)
        #expect(scene.app.mode == .browsing)
    }

    @Test("A click on a key that is shown presses it, in every size", arguments: sizes)
    func keys(columns: Int, rows: Int) throws {
        var scene = Scene.busy(columns, rows)
        try scene.click("cis-4")
        #expect(try scene.click(" x hangup") == [.hangUp(.one(UsageName("cis-4")), reason: nil)])
        try scene.click(" Q shutdown")
        #expect(scene.app.leaving == .armed(until: Scene.now + .milliseconds(500)))
        try scene.click("[Esc]\u{A0}stay")
        #expect(scene.app.leaving == .no)
        try scene.click(" ? keys")
        try scene.click(" Esc back")
        #expect(scene.app.mode == .browsing)
    }

    @Test("A key that cannot be pressed now says why when it is clicked")
    func obstacles() throws {
        var scene = Scene(size: Size(columns: 120, rows: 30))
        scene.show()
        #expect(try scene.click(" r register").isEmpty)
        #expect(scene.lastLines[0].contains("there is no account"))
    }

    @Test("The keys of the shutdown panel can be clicked, and nothing behind it (S7)", arguments: sizes + [(40, 10)])
    func panel(columns: Int, rows: Int) throws {
        var scene = Scene.leaving(columns, rows)
        let selected = scene.app.selected
        #expect(try scene.click("[s]\u{A0}skip this") == [.adjust(.skip(UsageName("csub-9")))])
        #expect(try scene.click("[!]\u{A0}force") == [.shutdown(ShutdownRequest(.force(bestEffort: false)))])
        for row in 0..<rows { scene.send(.press, row: row, column: columns / 2) }
        #expect(scene.app.selected == selected && scene.app.mode == .browsing)
    }

    @Test("The bar of a call that rings answers to clicks, but not before it can have been seen")
    func ringing() throws {
        var scene = Scene.busy(80, 24)
        scene.add(Scene.summary(.serverInviteSession, 2, "sip:dora a answer @example.net", "incoming"), call: .incoming)
        scene.show()
        #expect(try scene.click(" a answer  x").isEmpty)
        let later = Scene.now + .milliseconds(300)
        #expect(try scene.click(" a answer  x", at: later) == [.answer(UsageName("sis-2"), CallOptions(), alias: nil)])
        #expect(try scene.click(" b busy", at: later) == [.reject(UsageName("sis-2"), 486)])
    }

    @Test("Rows of panes and of the help are chosen and opened")
    func panes() throws {
        var scene = Scene.busy(80, 24)
        scene.press(.character("A"))
        try scene.click("bob@lab.test", orElse: "bob ")
        #expect(try scene.click("bob ") == [.useAccount("bob")])
        scene.press(.escape, .character("?"))
        scene.type("event log")
        try scene.click(" l F8")
        try scene.click(" l F8")
        #expect(scene.app.mode == .pane(Pane(.log)))
    }

    @Test("Whoever types goes on typing when something else is clicked")
    func typing() throws {
        var scene = Scene.busy(120, 30)
        scene.type(":call bo")
        let mode = scene.app.mode
        try scene.click("csub-7")
        scene.send(.wheelDown, row: 3, column: 5)
        scene.send(.wheelDown, row: 3, column: 90)
        #expect(scene.app.mode == mode)
        try scene.click(" Esc back")
        #expect(scene.app.mode == .browsing)
    }

    @Test("It can be left to the terminal, and taken again; reports that were under way do nothing then")
    func givenBack() throws {
        var scene = Scene.busy(80, 24)
        #expect(scene.frame().takesMouse)
        scene.press(.character("Y"))
        #expect(!scene.frame().takesMouse && scene.lastLines[0].contains("Y takes it again"))
        try scene.click(" Q shutdown")
        #expect(scene.app.leaving == .no)
        scene.press(.character("Y"))
        #expect(scene.frame().takesMouse)
    }

    @Test("Nothing traps, wherever one clicks in whatever is shown")
    func everywhere() {
        for start in [[], [.character("?")], [.character("B")], [.character("3"), .enter], [.character("Q")]] as [[Key]]
        {
            for (columns, rows) in Self.sizes + [(30, 6)] {
                for row in stride(from: -1, through: rows, by: 2) {
                    for column in stride(from: -1, through: columns, by: 29) {
                        var scene = Scene.busy(columns, rows)
                        for key in start { scene.press(key) }
                        for action in [.press, .press, .wheelDown, .wheelUp] as [Mouse.Action] {
                            scene.send(action, row: row, column: column)
                        }
                        // Whatever it led to, a whole screen stands there.
                        #expect(scene.frame().size == scene.app.size)
                    }
                }
            }
        }
    }
}

private struct Missing: Error { var text: String }

extension Scene {
    @discardableResult
    fileprivate mutating func send(
        _ action: Mouse.Action, row: Int, column: Int, at now: Instant = Self.now
    ) -> [Command] {
        app.update(.mouse(Mouse(action, row: row, column: column)), at: now)
    }

    /// At the first visible character of a text, wherever on the screen it stands last.
    @discardableResult
    fileprivate mutating func click(
        _ text: String, orElse other: String? = nil, at now: Instant = Self.now
    ) throws -> [Command] {
        let frame = frame(at: now)
        for text in [text] + (other.map { [$0] } ?? []) {
            for row in (0..<frame.size.rows).reversed() {
                guard let column = frame.column(of: text, row: row) else { continue }
                let blanks = text.prefix { $0 == " " }.count
                return send(.press, row: row, column: column + blanks, at: now)
            }
        }
        throw Missing(text: "\(text) in\n" + frame.lines.joined(separator: "\n"))
    }
}
