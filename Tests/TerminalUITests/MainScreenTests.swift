import SansIO
import Testing

@testable import DialogUsage
@testable import SoftphoneCore
@testable import TerminalUI

@Suite("Main screen")
struct MainScreenTests {
    @Test("120×30: the list under its seven headings, and beside it the selected call with its ladder")
    func wide() {
        var scene = Scene.busy(120, 30)
        let call = AnyUsageID(kind: .clientInviteSession, serial: 4)
        scene.model.ladders[call] = Scene.ladder
        scene.show()
        scene.press(.character("3"))
        expect(
            scene.frame(),
            is: """
                 lastcall │ alice ● registered 58:12 │ bob ! failing, again in 0:14 │ calls 1 │ subs 2 (1 stale)
                ┌1 Calls in ─ ServerInviteSession ───────────────────── 0 ─┬─ cis-4 carol@example.net ── ClientInviteSession ──────────┐
                ├2 Watchers ─ ServerSubscription ────────────────────── 1 ─┤ connected for 3:12                                        │
                │  ssub-1 dave@lab.test        active                 3:10 │ account alice                                             │
                ├3 Calls out ─ ClientInviteSession ──────────────────── 1 ─┤ audio PCMU                                                │
                │▶ cis-4  carol@example.net    connected  ↓9571 ↑9600 3:12 │ packets sent ↑9600   received ↓9571                       │
                ├4 Subscriptions ─ ClientSubscription ───────────────── 2 ─┤ loss 0.0 %   jitter 7.3 ms                                │
                │  csub-7 erin@example.net     active          ● busy 8:55 │ why: nothing is pending                                   │
                │ !csub-9 lab@lab.test         stale           ? open 0:28 │                                                           │
                ├5 Messages ─ ClientPagerMessage ────────────────────── 0 ─┤          me                                192.0.2.7:5060 │
                ├6 Publications ─ ClientPublication ─────────────────── 1 ─┤    0.000 ── INVITE ×3 ──────────────────────────────────▶ │
                │  cpub-1 alice@example.net    published             41:10 │    0.480 ◀──────────────────────────────── 180 Ringing ── │
                ├7 Registrations ─ ClientRegistration ───────────────── 2 ─┤    0.960 ◀───────────────────────────────────── 200 OK ── │
                │  creg-1 alice@example.net    registered            51:40 │    1.440 ── ACK ────────────────────────────────────────▶ │
                │ !creg-2 bob@lab.test         failing                0:14 │                                                           │
                │                                                          │                                                           │
                │                                                          │                                                           │
                │                                                          │                                                           │
                │                                                          │                                                           │
                │                                                          │                                                           │
                │                                                          │                                                           │
                │                                                          │                                                           │
                │                                                          │                                                           │
                │                                                          │                                                           │
                │                                                          │                                                           │
                │                                                          │                                                           │
                │                                                          │                                                           │
                └──────────────────────────────────────────────────────────┴───────────────────────────────────────────────────────────┘

                 ? keys  : command  Enter detail  x hangup  H hold  t transfer  d dtmf  m mute  W record  c call  Q shutdown
                """)
    }

    @Test("Nothing alive: what there is to do")
    func empty() {
        var scene = Scene(size: Size(columns: 120, rows: 30))
        scene.model.accounts = [Scene.account("alice", "unregistered", isCurrent: true)]
        scene.model.sandbox = SocketAddress(.loopback4, port: 5060)
        scene.show()
        expect(
            scene.frame(),
            is: """
                 lastcall │ alice ○ not registered │ calls 0 │ subs 0 │ sandbox 127.0.0.1:5060
                ┌▶1 Calls in ─ ServerInviteSession ──────────────────── 0 ─┬─ Welcome ─────────────────────────────────────────────────┐
                ├2 Watchers ─ ServerSubscription ────────────────────── 0 ─┤ Nothing is alive yet. A good beginning:                   │
                ├3 Calls out ─ ClientInviteSession ──────────────────── 0 ─┤                                                           │
                ├4 Subscriptions ─ ClientSubscription ───────────────── 0 ─┤ r   register                                              │
                ├5 Messages ─ ClientPagerMessage ────────────────────── 0 ─┤ s   watch somebody: sip:bob@sandbox.test                  │
                ├6 Publications ─ ClientPublication ─────────────────── 0 ─┤ p   publish: open, busy or "a note"                       │
                ├7 Registrations ─ ClientRegistration ───────────────── 0 ─┤ c   call: sip:echo@sandbox.test                           │
                │                                                          │ i   write a message                                       │
                │                                                          │ Q   leave in order                                        │
                │                                                          │                                                           │
                │                                                          │ ▶ alice  sip:alice@example.net                            │
                │                                                          │                                                           │
                │                                                          │ Others may register at 127.0.0.1:5060:                    │
                │                                                          │   user carol, password carol-secret                       │
                │                                                          │                                                           │
                │                                                          │                                                           │
                │                                                          │                                                           │
                │                                                          │                                                           │
                │                                                          │                                                           │
                │                                                          │                                                           │
                │                                                          │                                                           │
                │                                                          │                                                           │
                │                                                          │                                                           │
                │                                                          │                                                           │
                │                                                          │                                                           │
                │                                                          │                                                           │
                └──────────────────────────────────────────────────────────┴───────────────────────────────────────────────────────────┘

                 ? keys  : command  r register  c call  s subscribe  p publish  i message  / find  B contacts  L messages  Q shutdown
                """)
    }
}
