import SansIO
import Testing

@testable import DialogUsage
@testable import SoftphoneCore
@testable import TerminalUI

@Suite("Small screens")
struct SmallScreenTests {
    @Test("80×24, 60×16: what one can begin with stands under the empty list, as much as there is room for")
    func welcome() {
        var scene = Scene(size: Size(columns: 80, rows: 24))
        scene.model.accounts = [Scene.account("alice", "unregistered", isCurrent: true)]
        scene.model.sandbox = SocketAddress(.loopback4, port: 5060)
        scene.show()
        expect(
            scene.frame(),
            is: """
                 lastcall │ alice ○ not registered │ calls 0 │ subs 0 │ sandbox 127.0.0.1:5060
                ┌▶1 Calls in ─ ServerInviteSession ──────────────────────────────────────── 0 ─┐
                ├2 Watchers ─ ServerSubscription ────────────────────────────────────────── 0 ─┤
                ├3 Calls out ─ ClientInviteSession ──────────────────────────────────────── 0 ─┤
                ├4 Subscriptions ─ ClientSubscription ───────────────────────────────────── 0 ─┤
                ├5 Messages ─ ClientPagerMessage ────────────────────────────────────────── 0 ─┤
                ├6 Publications ─ ClientPublication ─────────────────────────────────────── 0 ─┤
                ├7 Registrations ─ ClientRegistration ───────────────────────────────────── 0 ─┤
                ├─ Welcome ────────────────────────────────────────────────────────────────────┤
                │ r   register                                                                 │
                │ s   watch somebody: sip:bob@sandbox.test                                     │
                │ p   publish: open, busy or "a note"                                          │
                │ c   call: sip:echo@sandbox.test                                              │
                │ i   write a message                                                          │
                │ Q   leave in order                                                           │
                │                                                                              │
                │ ▶ alice  sip:alice@example.net                                               │
                │                                                                              │
                │ Others may register at 127.0.0.1:5060:                                       │
                │   user carol, password carol-secret                                          │
                │                                                                              │
                └──────────────────────────────────────────────────────────────────────────────┘

                 ? keys  : command  r register  c call  s subscribe  p publish  Q shutdown
                """)
        _ = scene.app.update(.resized(Size(columns: 60, rows: 16)), at: Scene.now)
        #expect(scene.frame().lines[8] == "├─ Welcome " + String(repeating: "─", count: 48) + "┤")
        #expect(scene.frame().lines[12].hasPrefix("│ c   call: sip:echo@sandbox.test"))
        #expect(scene.frame().lines[13].hasPrefix("└"))
        scene.add(Scene.summary(.clientRegistration, 1, "sip:alice@example.net", "registering"))
        scene.show()
        #expect(!scene.frame().lines.contains { $0.contains("Welcome") })
    }

    @Test("What we publish stands in its row, and in its details")
    func published() {
        var scene = Scene.busy(80, 24)
        let row = scene.model.usages.firstIndex { $0.id.kind == .clientPublication } ?? 0
        scene.model.usages[row].published = .closed
        scene.show()
        #expect(scene.frame().lines.contains { $0.hasPrefix("│  cpub-1 alice@") && $0.hasSuffix("○ closed 41:10 │") })
        scene.model.usages[row].published = .note("gone fishing")
        scene.show()
        scene.press(.character("6"), .enter)
        #expect(scene.frame().lines.contains { $0.hasPrefix("│ others see: ● gone fishing ") })
    }

    @Test("80×24: the list alone, with the full names of the seven types in shutdown order")
    func compact() {
        var scene = Scene.busy(80, 24)
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
                └──────────────────────────────────────────────────────────────────────────────┘

                 ? keys  : command  x hangup  H hold  t transfer  d dtmf  m mute  Q shutdown
                """)
        let names = [
            "ServerInviteSession", "ServerSubscription", "ClientInviteSession", "ClientSubscription",
            "ClientPagerMessage", "ClientPublication", "ClientRegistration",
        ]
        let headings = scene.frame().lines.compactMap { line in names.first { line.contains("─ \($0) ─") } }
        #expect(headings == names)
        scene.press(.character("7"), .enter)
        expect(
            scene.frame(),
            is: """
                 lastcall │ alice ● registered │ bob ! failing │ calls 1 │ subs 2 (1 stale)
                ┌─ creg-1 alice@example.net ── ClientRegistration ─────────────────────────────┐
                │ registered for 3:12                                                          │
                │ account alice                                                                │
                │ next: refreshes in 51:40, expires in 58:12                                   │
                │ why: nothing is pending                                                      │
                │                                                                              │
                │ no messages yet                                                              │
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

                 ↑↓ move  Enter message  Space mark  w wider  R unregister  f refresh  Esc back
                """)
    }

    @Test("60×16: the list only; what does not fit is scrolled to, and the group of the first row stays in sight")
    func small() {
        var scene = Scene.busy(60, 16)
        expect(
            scene.frame(),
            is: """
                 alice ● │ bob ! │ calls 1 │ subs 2 (1 stale)
                ┌▶1 Calls in ─ ServerInviteSession ──────────────────── 0 ─┐
                ├2 Watchers ─ ServerSubscription ────────────────────── 1 ─┤
                │  ssub-1 dave@lab.test         active                3:10 │
                ├3 Calls out ─ ClientInviteSession ──────────────────── 1 ─┤
                │  cis-4  carol@example.net     connected ↓9571 ↑9600 3:12 │
                ├4 Subscriptions ─ ClientSubscription ───────────────── 2 ─┤
                │  csub-7 erin@example.net      active         ● busy 8:55 │
                │ !csub-9 lab@lab.test presence stale          ? open 0:28 │
                ├5 Messages ─ ClientPagerMessage ────────────────────── 0 ─┤
                ├6 Publications ─ ClientPublication ─────────────────── 1 ─┤
                │  cpub-1 alice@example.net     published            41:10 │
                ├7 Registrations ─ ClientRegistration ───────────────── 2 ─┤
                └─────────────────────────────────────────────────── 1/14 ─┘

                 ? keys  x hangup  H hold  t transfer  d dtmf  Q shutdown
                """)
        scene.press(.character("G"))
        expect(
            scene.frame(),
            is: """
                 alice ● │ bob ! │ calls 1 │ subs 2 (1 stale)
                ┌2 Watchers ─ ServerSubscription ────────────────────── 1 ─┐
                ├3 Calls out ─ ClientInviteSession ──────────────────── 1 ─┤
                │  cis-4  carol@example.net    connected  ↓9571 ↑9600 3:12 │
                ├4 Subscriptions ─ ClientSubscription ───────────────── 2 ─┤
                │  csub-7 erin@example.net     active          ● busy 8:55 │
                │ !csub-9 lab@lab.test         stale           ? open 0:28 │
                ├5 Messages ─ ClientPagerMessage ────────────────────── 0 ─┤
                ├6 Publications ─ ClientPublication ─────────────────── 1 ─┤
                │  cpub-1 alice@example.net    published             41:10 │
                ├7 Registrations ─ ClientRegistration ───────────────── 2 ─┤
                │  creg-1 alice@example.net    registered            51:40 │
                │▶!creg-2 bob@lab.test         failing                0:14 │
                └────────────────────────────────────────────────── 14/14 ─┘

                 ? keys  R unregister  f refresh  Enter detail  Q shutdown
                """)
    }

    @Test("Portrait, from 46 rows on: the list above, what is selected below it; one row less, and the list is alone")
    func portrait() {
        var scene = Scene.busy(80, 46)
        scene.press(.character("7"))
        expect(
            scene.frame(),
            is: """
                 lastcall │ alice ● registered │ bob ! failing │ calls 1 │ subs 2 (1 stale)
                ┌1 Calls in ─ ServerInviteSession ───────────────────────────────────────── 0 ─┐
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
                │▶ creg-1 alice@example.net                        registered            51:40 │
                │ !creg-2 bob@lab.test                             failing                0:14 │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                └──────────────────────────────────────────────────────────────────────────────┘
                ┌─ creg-1 alice@example.net ── ClientRegistration ─────────────────────────────┐
                │ registered for 3:12                                                          │
                │ account alice                                                                │
                │ next: refreshes in 51:40, expires in 58:12                                   │
                │ why: nothing is pending                                                      │
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

                 ? keys  : command  Enter detail  R unregister  f refresh  c call  Q shutdown
                """)
        _ = scene.app.update(.resized(Size(columns: 80, rows: 45)), at: Scene.now)
        #expect(!scene.frame().lines.contains { $0.contains("creg-1 alice@example.net ── ClientRegistration") })
        _ = scene.app.update(.resized(Size(columns: 120, rows: 46)), at: Scene.now)
        #expect(scene.frame().lines[1].contains("┬─ creg-1 alice@example.net ── ClientRegistration"))
    }

    @Test(
        "Below the smallest size: what is needed and what there is; calls and leaving go on",
        arguments: [(59, 16), (60, 15)])
    func tooSmall(columns: Int, rows: Int) {
        var scene = Scene.busy(columns, rows)
        #expect(scene.frame().lines[0] == "need 60×16, have \(columns)×\(rows)")
        #expect(scene.frame().lines[1] == "connected sip:carol@example.net: x hangs up")
        #expect(scene.frame().lines[2] == "Q leaves in order")
        #expect(scene.press(.character("x")) == [.hangUp(.one(UsageName("cis-4")), reason: nil)])
    }

    @Test("Below the smallest size one sees what one types, and how to get back")
    func tooSmallForTyping() {
        var scene = Scene.busy(40, 8)
        scene.type(":hold nobody here")
        scene.press(.enter)
        #expect(scene.frame().lines.contains(":hold nobody here"))
        #expect(scene.frame().lines.contains { $0.hasPrefix("! column") })
        scene.press(.escape, .character("?"))
        #expect(scene.frame().lines.contains("Esc goes back to the calls"))
    }
}
