import SansIO
import Testing

@testable import DialogUsage
@testable import SoftphoneCore
@testable import TerminalUI

@Suite("The list")
struct ListTests {
    @Test("Groups close and open, the others stay; what is in a closed one is found all the same")
    func groups() {
        var scene = Scene.busy(80, 24)
        scene.press(.character("4"), .left)
        #expect(scene.app.selectedUsage == nil)
        #expect(scene.frame().lines.contains { $0.contains("▶4 Subscriptions ─ ClientSubscription ▸") })
        #expect(!scene.frame().lines.contains { $0.contains("csub-7") })
        #expect(scene.lastLines[1].contains("Enter open"))
        scene.press(.enter)
        #expect(scene.frame().lines.contains { $0.contains("csub-7") })
        scene.press(.left, .home, .character("/"))
        scene.type("LAB@")
        scene.press(.enter, .character("n"))
        #expect(scene.app.selectedUsage?.name == "csub-9")
    }

    @Test("Find goes to what it finds while one types, n and N go round, Esc brings back where one was")
    func find() {
        var scene = Scene.busy(80, 24)
        scene.press(.character("/"))
        scene.type("example.net")
        #expect(scene.app.selectedUsage?.name == "cis-4")
        #expect(scene.lastLines[0].hasPrefix(" /example.net  finds a name"))
        scene.press(.enter, .character("n"))
        #expect(scene.app.selectedUsage?.name == "csub-7")
        scene.press(.character("N"), .character("N"))
        #expect(scene.app.selectedUsage?.name == "creg-1")
        #expect(scene.frame().lines[21].contains("─ /example.net: n N ─"))
        scene.press(.character("/"))
        scene.type("stale")
        #expect(scene.app.selectedUsage?.name == "csub-9")
        scene.press(.escape)
        #expect(scene.app.selectedUsage?.name == "creg-1" && scene.app.sought == "example.net")
        scene.press(.character("/"))
        scene.type("nobody")
        scene.press(.enter)
        #expect(scene.lastLines[0] == " ! nothing here is called nobody")
        scene.press(.escape)
        #expect(scene.app.sought.isEmpty)
    }

    @Test("As long as something is looked for, n declines no transfer")
    func declining() {
        var scene = Scene.busy(80, 24)
        let summary = Scene.summary(.serverSubscription, 8, "sip:mallory@lab.test", "active", event: "refer")
        scene.add(summary)
        scene.model.transferRequests = [TransferRow(id: summary.id, from: summary.peer, to: "sip:eve@lab.test")]
        scene.show()
        scene.press(.character("/"))
        scene.type("lab")
        scene.press(.enter)
        #expect(scene.press(.character("n")).isEmpty)
        scene.press(.escape)
        #expect(scene.press(.character("n")) == [.denyTransfer(nil)])
    }

    @Test("A filter shows only what has the word in it, says so, and new usages obey it")
    func filter() {
        var scene = Scene.busy(60, 16)
        scene.press(.character("\\"))
        scene.type("LAB.test")
        scene.press(.enter)
        expect(
            scene.frame(),
            is: """
                 alice ● │ bob ! │ calls 1 │ subs 2 (1 stale)
                ┌▶1 Calls in ─ ServerInviteSession ──────────────────── 0 ─┐
                ├2 Watchers ─ ServerSubscription ────────────────────── 1 ─┤
                │  ssub-1 dave@lab.test presence     active           3:10 │
                ├3 Calls out ─ ClientInviteSession ─────────────── 0 of 1 ─┤
                ├4 Subscriptions ─ ClientSubscription ──────────── 1 of 2 ─┤
                │ !csub-9 lab@lab.test presence      stale     ? open 0:28 │
                ├5 Messages ─ ClientPagerMessage ────────────────────── 0 ─┤
                ├6 Publications ─ ClientPublication ────────────── 0 of 1 ─┤
                ├7 Registrations ─ ClientRegistration ──────────── 1 of 2 ─┤
                │ !creg-2 bob@lab.test               failing          0:14 │
                │                                                          │
                │                                                          │
                └─ \\LAB.test: 3 of 7 ──────────────────────────────────────┘

                 ? keys  x hangup  H hold  t transfer  d dtmf  Q shutdown
                """)
        scene.add(Scene.summary(.clientSubscription, 10, "sip:zoe@lab.test", "active", event: "presence"))
        scene.add(Scene.summary(.clientSubscription, 11, "sip:zoe@example.net", "active", event: "presence"))
        scene.show()
        #expect(scene.frame().lines.contains { $0.contains("csub-10") })
        #expect(!scene.frame().lines.contains { $0.contains("csub-11") })
        scene.press(.escape)
        #expect(scene.app.filter.isEmpty && scene.app.list.rowCount == 16)
    }

    @Test("A verb is done to all marked usages that it can be done to, once")
    func marks() {
        var scene = Scene.busy(80, 24)
        scene.press(.character("4"), .character(" "), .character(" "), .character("7"), .character(" "))
        #expect(scene.frame().lines.contains { $0.contains("│* csub-7") })
        #expect(scene.frame().lines[21].contains("3 marked"))
        #expect(
            scene.press(.character("S")) == [.unsubscribe(UsageName("csub-7")), .unsubscribe(UsageName("csub-9"))])
        #expect(scene.app.marked.isEmpty)
        scene.press(.character("4"), .character(" "))
        scene.model.usages.removeAll { $0.name == "csub-7" }
        scene.show()
        #expect(scene.app.marked.isEmpty)
    }

    @Test("z gives the list the whole screen, and Esc takes it back last")
    func zoom() {
        var scene = Scene.busy(120, 30)
        scene.press(.character("z"), .character("4"))
        #expect(scene.frame().lines[1].hasSuffix(" 0 ─┐") && !scene.frame().lines[1].contains("┬"))
        scene.press(.enter)
        #expect(scene.frame().lines[1].hasPrefix("┌─ csub-7 erin@example.net"))
        scene.press(.escape, .escape)
        #expect(scene.frame().lines[1].contains("┬"))
    }

    @Test("Ten thousand usages: only the rows in sight are made into text, from the first to the last")
    func tenThousand() {
        var scene = Scene(size: Size(columns: 80, rows: 24))
        for serial in 1...10_000 {
            scene.add(Scene.summary(.clientSubscription, UInt32(serial), "sip:u\(serial)@lab.test", "active", next: 60))
        }
        scene.show()
        scene.press(.end)
        #expect(scene.frame().lines[21].contains("10007/10007"))
        scene.press(.character("4"), .up, .pageDown)
        #expect(scene.app.selectedUsage?.name == "csub-10")
        scene.press(.character("/"))
        scene.type("u9999@")
        #expect(scene.app.selectedUsage?.name == "csub-9999")
        #expect(scene.frame().lines.contains { $0.contains("▶ csub-9999") })
    }
}
