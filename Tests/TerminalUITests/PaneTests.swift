import SansIO
import Testing

@testable import DialogUsage
@testable import SoftphoneCore
@testable import TerminalUI

@Suite("Panes")
struct PaneTests {
    private func scene(_ columns: Int, _ rows: Int) -> Scene {
        var scene = Scene.busy(columns, rows)
        scene.model.presence = [
            Scene.presence("sip:erin@example.net", 7, .open, ["busy"], .fresh),
            Scene.presence("sip:frank@example.net", 3, .closed, [], .fresh),
            Scene.presence("sip:lab@lab.test", 9, .open, [], .stale),
            Scene.presence("sip:new@lab.test", 10, .unknown, [], .unknown),
        ]
        scene.model.presence[1].subscription = nil
        let ended: [(UInt32, String, UsageKind, Int?, String, Bool)] = [
            (1, "sip:bob@lab.test", .clientInviteSession, 60, "the peer hung up", false),
            (2, "sip:zoe@lab.test", .serverInviteSession, nil, "the caller gave up", true),
            (3, "sip:bob@lab.test", .clientInviteSession, nil, "486 Busy Here", false),
        ]
        for (serial, peer, kind, connected, ending, isMissed) in ended {
            var call = Scene.call(Scene.summary(kind, serial, peer, "ended"), .ended)
            let end = Scene.now - .seconds(300 - Int(serial) * 60)
            (call.endedAt, call.ending, call.isMissed) = (end, ending, isMissed)
            call.connectedAt = connected.map { end - .seconds($0) }
            scene.model.calls.insert(call, at: Int(serial) - 1)
        }
        for (serial, peer, isOurs) in [(1, "bob", true), (2, "zoe", false), (3, "bob", false), (4, "zoe", false)] {
            scene.model.messages.append(
                MessageRow(
                    serial: serial, peer: "sip:\(peer)@lab.test", isOurs: isOurs, contentType: "text/plain",
                    text: "message \(serial)\nof several lines", at: Scene.now - .seconds(100 - serial),
                    standing: isOurs ? .sent : .received, account: nil))
        }
        scene.show()
        return scene
    }

    @Test("Contacts: fresh, stale with its age, or unknown; yesterday's word is never today's truth")
    func contacts() {
        var scene = scene(80, 24)
        scene.press(.character("B"), .down)
        expect(
            scene.frame(),
            is: """
                 alice ● │ bob ! │ calls 1 (1 missed) │ subs 2 (1 stale) │ messages 3 new
                ┌─ Contacts ─ 1 of 4 there, 2 stale ───────────────────────────────────────────┐
                │ ● erin@example.net          fresh   busy, said 1:00 ago                      │
                │▶? frank@example.net         stale   was closed 1:00 ago; not watched now     │
                │ ? lab@lab.test              stale   was open 1:00 ago; no server answers     │
                │ ? new@lab.test              unknown not told yet                             │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                └──────────────────────────────────────────────────────────────────────────────┘

                 c call  i message  s subscribe  ? keys  Esc back
                """)
        scene.press(.character("c"))
        #expect(scene.lastLines[0].hasPrefix(" :call sip:frank@example.net"))
        scene.press(.escape)
        #expect(scene.app.mode == .pane(Pane(.contacts, selected: "sip:frank@example.net")))
        #expect(scene.press(.character("S")).isEmpty)
        scene.press(.down)
        #expect(scene.press(.character("S")) == [.unsubscribe(UsageName("csub-9"))])
        scene.press(.enter)
        #expect(scene.app.selectedUsage?.name == "csub-9")
        // Back to where one came from.
        scene.press(.escape)
        #expect(scene.app.mode == .pane(Pane(.contacts, selected: "sip:lab@lab.test")))
    }

    @Test("Messages by whom they are with, the newest first; what is read is not new any more")
    func conversations() {
        var scene = scene(60, 16)
        #expect(scene.frame().lines[0].hasSuffix("│ 1 missed │ 1 stale │ 3 new"))
        scene.press(.character("L"))
        expect(
            scene.frame(),
            is: """
                 alice ● │ bob ! │ calls 1 │ 1 missed │ 1 stale │ 3 new
                ┌─ Messages ─ 2 conversations ─────────────────────────────┐
                │▶zoe@lab.test       2 new  1:36    ← message 4␊of severa… │
                │ bob@lab.test       1 new  1:37    ← message 3␊of severa… │
                │                                                          │
                │                                                          │
                │                                                          │
                │                                                          │
                │                                                          │
                │                                                          │
                │                                                          │
                │                                                          │
                │                                                          │
                └──────────────────────────────────────────────────────────┘

                 Enter read  i message  c call  ? keys  Esc back
                """)
        scene.press(.enter)
        #expect(scene.frame().lines[0].hasSuffix("│ 1 new"))
        #expect(scene.frame().lines[1].contains("Messages ─ zoe@lab.test"))
        scene.press(.escape, .down, .enter, .escape)
        #expect(!scene.frame().lines[0].contains("new"))
    }

    @Test("Calls: with whom, when, how long, why they ended; a missed one is counted until it was seen")
    func calls() {
        var scene = scene(80, 24)
        #expect(scene.frame().lines[0].contains("calls 1 (1 missed)"))
        scene.press(.character("J"))
        expect(
            scene.frame(),
            is: """
                 alice ● │ bob ! │ calls 1 │ subs 2 (1 stale) │ messages 3 new
                ┌─ Calls ─ 4 ──────────────────────────────────────────────────────────────────┐
                │▶→ carol@example.net         0:07 ago     3:12    connected now               │
                │ → bob@lab.test              2:00 ago     -       486 Busy Here               │
                │ ! zoe@lab.test              3:00 ago     -       missed: the caller gave up  │
                │ → bob@lab.test              4:00 ago     1:00    the peer hung up            │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                └──────────────────────────────────────────────────────────────────────────────┘

                 Enter detail  c call  i message  ? keys  Esc back
                """)
        #expect(!scene.frame().lines[0].contains("missed"))
        scene.press(.down, .down, .enter)
        #expect(scene.frame().lines[1].hasPrefix("┌─ sis-2 ── ServerInviteSession"))
        #expect(scene.frame().lines.contains { $0.hasPrefix("│ ended 3:00 ago: the caller gave up") })
    }

    @Test("Who is called back is the address that called, and not what the caller has written before it")
    func callsBack() throws {
        var scene = scene(80, 24)
        var row = Scene.call(Scene.summary(.serverInviteSession, 8, "sip:zoe@lab.test", "ended"), .ended)
        (row.peer, row.endedAt) = ("sip:x@evil.test <sip:zoe@lab.test>", Scene.now)
        scene.model.calls.append(row)
        scene.show()
        scene.press(.character("J"), .character("c"))
        #expect(scene.lastLines[0].hasPrefix(" :call sip:zoe@lab.test"))
        let call = try SoftphoneCore.Command.parse(line: "call sip:zoe@lab.test")
        #expect(scene.press(.enter) == [call])
        scene.press(.character(":"))
        scene.type("call sip:x")
        scene.press(.tab)
        #expect(scene.lastLines[0] == " :call sip:x")
    }

    @Test("Accounts: who we are; Enter makes one the current one, and its key registers it")
    func accounts() {
        var scene = scene(80, 24)
        scene.press(.character("A"), .down)
        expect(
            scene.frame(),
            is: """
                 alice ● │ bob ! │ calls 1 (1 missed) │ subs 2 (1 stale) │ messages 3 new
                ┌─ Accounts ─ 2 ───────────────────────────────────────────────────────────────┐
                │ * alice        alice@example.net         registered     for 58:12            │
                │▶  bob          bob@example.net           failing        again in 0:14        │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                └──────────────────────────────────────────────────────────────────────────────┘

                 Enter use  r register  ? keys  Esc back
                """)
        #expect(scene.press(.character("r")) == [.register(account: "bob", expires: nil, alias: nil)])
        #expect(scene.press(.enter) == [.useAccount("bob")])
        // A time is said whole or not at all.
        scene = self.scene(60, 16)
        scene.press(.character("A"))
        #expect(scene.frame().lines.contains { $0.hasPrefix("│▶* alice") && $0.contains("registered  ") })
        #expect(!scene.frame().lines.contains { $0.contains("alice") && $0.contains("…") })
    }

    @Test("The chosen row has one colour from end to end, whatever its words have")
    func chosen() {
        var scene = scene(80, 24)
        scene.press(.character("B"))
        let frame = scene.frame()
        let row = frame.lines.firstIndex { $0.hasPrefix("│▶") } ?? 0
        #expect(Set((2...77).map { frame[row, $0].style }) == [Style(.standard, .reverse)])
    }

    @Test("Each pane's key opens it, closes it, and leads from one to the other; none is stuck when empty")
    func keys() {
        for size in [(120, 30), (80, 24), (60, 16)] {
            var scene = Scene(size: Size(columns: size.0, rows: size.1))
            for (key, kind) in [
                ("B", Pane.Kind.contacts), ("L", .conversations), ("J", .calls), ("l", .log), ("A", .accounts),
            ] {
                scene.press(.character(Character(key)))
                #expect(scene.app.mode == .pane(Pane(kind)))
                scene.press(.down, .end, .enter, .pageUp)
                #expect(scene.app.mode == .pane(Pane(kind)))
                #expect(scene.lastLines[1].hasSuffix("Esc back"))
            }
            scene.press(.character("A"))
            #expect(scene.app.mode == .browsing)
        }
    }

    @Test("The selected row stays selected when others come before it")
    func stays() {
        var scene = scene(80, 24)
        scene.press(.character("J"), .down)
        let call = Scene.call(Scene.summary(.clientInviteSession, 9, "sip:late@lab.test", "connected"), .connected)
        scene.model.calls.append(call)
        scene.show()
        #expect(scene.frame().lines.contains { $0.hasPrefix("│▶→ bob@lab.test") && $0.contains("486") })
    }

    @Test("Contacts have their names, and Tab completes them; who is not watched stands there too")
    func contactNames() {
        var scene = Scene.busy(80, 24)
        scene.model.presence = [
            Scene.presence("sip:erin@example.net", 7, .open, ["busy"], .fresh),
            Scene.presence("sip:+12015550123@example.net", 3, .unknown, [], .unknown),
        ]
        scene.model.presence[0].name = "erin"
        scene.model.presence[1].name = "pizza"
        scene.model.presence[1].subscription = nil
        scene.show()
        scene.press(.character("B"))
        let lines = scene.frame().lines
        #expect(lines[2].hasPrefix("│▶● erin         erin@example.net          fresh   busy, said 1:00 ago"))
        #expect(lines[3].hasPrefix("│ ? pizza        +12015550123@example.net  unknown not watched"))
        scene.press(.character(":"))
        scene.type("call pi")
        scene.press(.tab)
        #expect(scene.frame().lines.contains { $0.contains(":call pizza") })
    }

    @Test("Calls of earlier runs follow those of this one, and can be called again; their age is told in days")
    func earlierCalls() {
        var scene = Scene.busy(80, 24)
        for (days, peer) in [(40, "zoe"), (3, "bob"), (0, "eve")] {
            scene.model.earlierCalls.append(
                PastCall(
                    .incoming, peer: "sip:\(peer)@lab.test", address: "sip:\(peer)@lab.test",
                    endedAt: Scene.now - .seconds(days * 86_400 + 3_600), duration: days == 3 ? .seconds(75) : nil,
                    ending: days == 3 ? "we hung up" : "the caller gave up", isMissed: days != 3))
        }
        scene.show()
        scene.press(.character("J"))
        let lines = scene.frame().lines
        #expect(lines[1].hasPrefix("┌─ Calls ─ 1, 3 in earlier runs"))
        #expect(lines[3].hasPrefix("│ ! eve@lab.test              1:00:00 ago  -       missed: the caller gave up"))
        #expect(lines[4].hasPrefix("│ ← bob@lab.test              3 days ago   1:15    we hung up"))
        #expect(lines[5].hasPrefix("│ ! zoe@lab.test              40 days ago  -       missed: the caller gave up"))
        scene.press(.down, .down)
        scene.press(.enter)
        #expect(scene.frame().lines.contains { $0.contains("in an earlier run") })
        scene.press(.character("c"))
        #expect(scene.frame().lines.contains { $0.contains(":call sip:bob@lab.test") })
    }

    @Test("Ten thousand contacts are a list of which what is in sight is made")
    func many() {
        var scene = Scene(size: Size(columns: 80, rows: 24))
        scene.model.presence = PresenceRows(
            (1...10_000).map { Scene.presence("sip:u\($0)@lab.test", UInt32($0), .open, [], .fresh) })
        scene.show()
        scene.press(.character("B"), .end, .up)
        #expect(scene.frame().lines[21].contains("9999/10000"))
    }
}
