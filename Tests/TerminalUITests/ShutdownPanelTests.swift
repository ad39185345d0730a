import SIPMessage
import SansIO
import Testing

@testable import DialogUsage
@testable import SoftphoneCore
@testable import TerminalUI

@Suite("Shutdown panel")
struct ShutdownPanelTests {
    @Test("Half a second in which nothing has happened yet: what is going to end (S7)")
    func armed() {
        var scene = Scene.busy(80, 24)
        scene.press(.character("Q"))
        expect(
            scene.frame(at: Scene.now + .milliseconds(120)),
            is: """
                 lastcall │ alice ● registered │ bob ! failing │ calls 1 │ subs 2 (1 stale)
                ┌▶1 Calls in ─ ServerInviteSession ──────────────────────────────────────── 0 ─┐
                ├2 Watchers ─ ServerSubscription ────────────────────────────────────────── 1 ─┤
                │  ssub-1 dave@lab.test presence                   active                 3:10 │
                ├┌─ Leaving in 0.4 s ─────────────────────────────────────────────────────────┐┤
                ││ 1 ServerInviteSession ────────── 0/0                                       ││
                ├│ 2 ServerSubscription  ░░░░░░░░░░ 0/1                                       │┤
                ││ 3 ClientInviteSession ░░░░░░░░░░ 0/1                                       ││
                ││ 4 ClientSubscription  ░░░░░░░░░░ 0/2                                       ││
                ├│ 5 ClientPagerMessage  ────────── 0/0                                       │┤
                ├│ 6 ClientPublication   ░░░░░░░░░░ 0/1                                       │┤
                ││ 7 ClientRegistration  ░░░░░░░░░░ 0/2 last                                  ││
                ├│   all                 ░░░░░░░░░░ 0/7                                       │┤
                ││                                                                            ││
                ││                                                                            ││
                ││                                                                            ││
                ││                                                                            ││
                ││                                                                            ││
                ││ [Enter] at once  [!] force now  [Esc] stay                                 ││
                │└────────────────────────────────────────────────────────────────────────────┘│
                │                                                                              │
                └──────────────────────────────────────────────────────────────────────────────┘

                 Enter at once  ! force now  Esc stay
                """)
    }

    @Test("A group is being ended: its laggard is named with what it waits for, and the time left in tenths")
    func waiting() {
        expect(
            Scene.leaving(80, 24).frame(),
            is: """
                 lastcall │ alice ● registered │ bob ! failing │ calls 0 │ subs 1 (1 stale)
                ┌▶1 Calls in ─ ServerInviteSession ──────────────────────────────────────── 0 ─┐
                ├2 Watchers ─ ServerSubscription ────────────────────────────────────────── 0 ─┤
                ├┌─ Shutting down: graceful ── gives up in 2.1 s (of 5) ──────────────────────┐┤
                ├│ 1 ServerInviteSession ────────── 0/0                                       │┤
                ││ 2 ServerSubscription  ██████████ 1/1 ✓ ended 200                           ││
                ├│ 3 ClientInviteSession ██████████ 1/1 ✓ ended 200                           │┤
                ├│ 4 ClientSubscription  █████░░░░░ 1/2 waits: csub-9, next group in 1.4 s    │┤
                ││ 5 ClientPagerMessage  ────────── 0/0                                       ││
                ├│ 6 ClientPublication   ░░░░░░░░░░ 0/1 after group 4                         │┤
                ││ 7 ClientRegistration  ░░░░░░░░░░ 0/2 last, after group 4                   ││
                ││   all                 ████░░░░░░ 3/7 ClientSubscription                    ││
                ││                                                                            ││
                ││ csub-9 lab@lab.test waits for the answer to SUBSCRIBE with Expires 0       ││
                ││   sent ×3, for 2.7 s, server silent 7.8 s, likely down                     ││
                ││                                                                            ││
                ││                                                                            ││
                ││ [s] skip this one  [n] skip the group  [+] 10 s more  [i] wait for ever    ││
                ││ [!] force now                                                              ││
                ││ too late to stay: others have been told that we leave                      ││
                │└────────────────────────────────────────────────────────────────────────────┘│
                └──────────────────────────────────────────────────────────────────────────────┘

                 s skip this one  n skip the group  + 10 s more  i wait for ever  ! force now
                """)
        expect(
            Scene.leaving(60, 16).frame(),
            is: """
                ┌─ Shutting down: graceful ── gives up in 2.1 s (of 5) ────┐
                │ 1 ServerInviteSession ────────── 0/0                     │
                │ 2 ServerSubscription  ██████████ 1/1 ✓ ended 200         │
                │ 3 ClientInviteSession ██████████ 1/1 ✓ ended 200         │
                │ 4 ClientSubscription  █████░░░░░ 1/2 waits: csub-9       │
                │ 5 ClientPagerMessage  ────────── 0/0                     │
                │ 6 ClientPublication   ░░░░░░░░░░ 0/1 after group 4       │
                │ 7 ClientRegistration  ░░░░░░░░░░ 0/2 last, after group 4 │
                │   all                 ████░░░░░░ 3/7 ClientSubscription  │
                │ csub-9 lab@lab.test waits for the answer to SUBSCRIBE    │
                │   with Expires 0                                         │
                │   sent ×3, for 2.7 s, server silent 7.8 s, likely down   │
                │ [s] skip this one  [n] skip the group  [+] 10 s more     │
                │ [i] wait for ever  [!] force now                         │
                └──────────────────────────────────────────────────────────┘
                 s skip this one  n skip the group  + 10 s more  ! force now
                """)
    }

    @Test("All groups are through, one is late and one was abandoned")
    func late() {
        var scene = Scene.leaving(120, 30)
        scene.model.usages.removeAll { $0.id.kind == .clientRegistration }
        scene.model.shutdown = Scene.progress(
            .waitingForLaggards,
            [
                (.serverInviteSessions, .passed, 0, 0), (.serverSubscriptions, .passed, 1, 1),
                (.clientInviteSessions, .passed, 1, 1), (.clientSubscriptions, .passed, 2, 1),
                (.clientPagerMessages, .passed, 0, 0), (.clientPublications, .passed, 1, 1),
                (.clientRegistrations, .passed, 2, 2),
            ])
        scene.model.endings += [
            Scene.ended(.clientPublication, 1, .skipped), Scene.ended(.clientRegistration, 2, .neverEstablished),
            Scene.ended(.clientRegistration, 1, .local(200)),
        ]
        scene.show()
        expect(
            scene.frame(),
            is: """
                 lastcall │ alice ● registered 58:12 │ bob ! failing, again in 0:14 │ calls 0 │ subs 1 (1 stale)
                ┌▶1 Calls in ─ ServerInviteSession ──────────────────── 0 ─┬─ Overview ────────────────────────────────────────────────┐
                ├2 Watchers ─ ServerSubscription ────────────────────── 0 ─┤ 2 usages alive. j and k move, Enter shows one.            │
                ├3 Calls out ─ ClientInviteSession ──────────────────── 0 ─┤                                                           │
                ├4 Subscriptions ─ ClientSubscription ───────────────── 1 ─┤ ▶ alice  sip:alice@example.net                            │
                │ !csub-9 lab@lab.test presence      stale     ? open 0:28 │   bob  sip:bob@example.net                                │
                ├5 Messages ─ ClientP┌─ Shutting down: graceful ── gives up in 2.1 s (of 5) ──────────────────────┐                    │
                ├6 Publications ─ Cli│ 1 ServerInviteSession ────────── 0/0                                       │                    │
                │  cpub-1 alice@examp│ 2 ServerSubscription  ██████████ 1/1 ✓ ended 200                           │                    │
                ├7 Registrations ─ Cl│ 3 ClientInviteSession ██████████ 1/1 ✓ ended 200                           │                    │
                │                    │ 4 ClientSubscription  █████░░░░░ 1/2 ! late: csub-9                        │                    │
                │                    │ 5 ClientPagerMessage  ────────── 0/0                                       │                    │
                │                    │ 6 ClientPublication   ██████████ 1/1 ✗ abandoned: cpub-1 (skipped)         │                    │
                │                    │ 7 ClientRegistration  ██████████ 2/2 ✓ ended 200                           │                    │
                │                    │   all                 ████████░░ 6/7 waiting for the late ones             │                    │
                │                    │                                                                            │                    │
                │                    │ csub-9 lab@lab.test waits for the answer to SUBSCRIBE with Expires 0       │                    │
                │                    │   sent ×3, for 2.7 s, server silent 7.8 s, likely down                     │                    │
                │                    │                                                                            │                    │
                │                    │                                                                            │                    │
                │                    │ [s] skip this one  [n] skip the group  [+] 10 s more  [i] wait for ever    │                    │
                │                    │ [!] force now                                                              │                    │
                │                    │ too late to stay: others have been told that we leave                      │                    │
                │                    └────────────────────────────────────────────────────────────────────────────┘                    │
                │                                                          │                                                           │
                │                                                          │                                                           │
                │                                                          │                                                           │
                └──────────────────────────────────────────────────────────┴───────────────────────────────────────────────────────────┘

                 s skip this one  n skip the group  + 10 s more  i wait for ever  ! force now
                """)
    }

    @Test("Below the smallest size the same is said in words")
    func brief() {
        expect(
            Scene.leaving(44, 9).frame(),
            is: """
                need 60×16, have 44×9
                Shutting down: graceful ── gives up in 2.1 s
                (of 5)
                3 of 7 ended
                csub-9 waits for the answer to SUBSCRIBE
                with Expires 0
                [s] skip this one  [n] skip the group
                [+] 10 s more  [i] wait for ever  [!] force
                now
                """)
    }
}
