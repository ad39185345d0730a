import SansIO
import Testing

@testable import DialogUsage
@testable import SoftphoneCore
@testable import TerminalUI

@Suite("The ladder")
struct LadderScreenTests {
    private func scene(_ columns: Int, _ rows: Int) -> Scene {
        var scene = Scene.busy(columns, rows)
        Scene.addConversation(to: &scene.model)
        scene.show()
        scene.press(.character("3"), .enter)
        return scene
    }

    @Test("120×30: arrows with the time since the first one, rounds of authentication, copies counted, a cursor")
    func wide() {
        expect(
            scene(120, 30).frame(),
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
                ├5 Messages ─ ClientPagerMessage ────────────────────── 0 ─┤             me           w: usage          192.0.2.7:5060 │
                ├6 Publications ─ ClientPublication ─────────────────── 1 ─┤    0.000    ── INVITE (sdp) ────────────────────────────▶ │
                │  cpub-1 alice@example.net    published             41:10 │    0.480 A1 ◀────────────── 401 Unauthorized [SHA-256] ── │
                ├7 Registrations ─ ClientRegistration ───────────────── 2 ─┤    0.960 A1 ── INVITE (sdp, auth) ──────────────────────▶ │
                │  creg-1 alice@example.net    registered            51:40 │    1.440    ◀───────────────────────────── 180 Ringing ── │
                │ !creg-2 bob@lab.test         failing                0:14 │    1.920    ◀────────────────────────────────── 200 OK ── │
                │                                                          │▶   2.400 a  ── INVITE (sdp, auth) ×3 ───────────────────▶ │
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

                 ↑↓ move  Enter message  Space mark  w wider  x hangup  H hold  t transfer  d dtmf  m mute  W record  z zoom  Esc back
                """)
    }

    @Test("80×24: the widest scope tells usages and peers apart; zoomed there is more of it")
    func client() {
        var scene = scene(80, 24)
        scene.press(.character("w"), .character("w"), .character("w"))
        expect(
            scene.frame(),
            is: """
                 lastcall │ alice ● registered │ bob ! failing │ calls 1 │ subs 2 (1 stale)
                ┌─ cis-4 carol@example.net ── ClientInviteSession ─────────────────────────────┐
                │ connected for 3:12                                                           │
                │ account alice                                                                │
                │ audio PCMU                                                                   │
                │ packets sent ↑9600   received ↓9571                                          │
                │ loss 0.0 %   jitter 7.3 ms                                                   │
                │ why: nothing is pending                                                      │
                │                                                                              │
                │                      me             w: whole client           192.0.2.7:5060 │
                │    0.000    creg-1   ── REGISTER 192.0.2.9:5060 ───────────────────────────▶ │
                │    0.480    cis-4    ── INVITE (sdp) ──────────────────────────────────────▶ │
                │    0.960 A1 cis-4    ◀──────────────────────── 401 Unauthorized [SHA-256] ── │
                │    1.440 A1 cis-4    ── INVITE (sdp, auth) ────────────────────────────────▶ │
                │    1.920    cis-4    ◀─────────────────────────────────────── 180 Ringing ── │
                │    2.400    cis-4    ◀──────────────────────────────────────────── 200 OK ── │
                │    2.880 a  cis-4    ── INVITE (sdp, auth) ×3 ─────────────────────────────▶ │
                │▶   3.360    -        ◀─────────────────────────────────────────── OPTIONS ── │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                └──────────────────────────────────────────────────────────────────────────────┘

                 ↑↓ move  Enter message  Space mark  w wider  x hangup  H hold  Esc back
                """)
        let frame = scene.frame()
        scene.press(.character("z"))
        #expect(
            scene.frame().lines.suffix(12).dropLast(3).first { $0.contains("OPTIONS") }
                == frame.lines.first { $0.contains("OPTIONS") })
    }

    @Test("Enter shows the message as it went, its secrets masked; the arrow keys leaf through")
    func message() {
        var scene = scene(80, 24)
        scene.press(.enter)
        expect(
            scene.frame(),
            is: """
                 lastcall │ alice ● registered │ bob ! failing │ calls 1 │ subs 2 (1 stale)
                ┌─ Message 6 of 6: INVITE (sdp, auth) ─────────────────────────────────────────┐
                │ sent to 192.0.2.7:5060 by UDP, 2.400 s after the first, 3:09 ago, ×3, the    │
                │   last copy after 1.000 s                                                    │
                │                                                                              │
                │ INVITE sip:carol@example.net SIP/2.0                                         │
                │ From: <sip:alice@example.net>;tag=us                                         │
                │ Call-ID: one                                                                 │
                │ To: <sip:carol@example.net>;tag=them                                         │
                │ CSeq: 3 INVITE                                                               │
                │ Authorization: Digest username="alice", realm="x", nonce="n", uri="sip:x",   │
                │     response=‹redacted›                                                      │
                │ Content-Type: application/sdp                                                │
                │ Content-Length: 87                                                           │
                │                                                                              │
                │ v=0                                                                          │
                │ o=- 1 2 IN IP4 192.0.2.1                                                     │
                │ s=-                                                                          │
                │ m=audio 40000 RTP/AVP 0 8                                                    │
                │ a=sendonly                                                                   │
                │ a=ptime:20                                                                   │
                └───────────────────────────────────────────────────────────────── 1-19 of 20 ─┘

                 ↑↓ scroll  ←→ other messages  Esc back
                """)
        scene.press(.left, .left, .left)
        #expect(scene.frame().lines[1].hasPrefix("┌─ Message 3 of 6: INVITE (sdp, auth)"))
        scene.press(.escape, .escape)
        #expect(scene.app.mode == .browsing)
    }

    @Test("Two marked messages: what differs, field by field and line by line, said by a letter")
    func difference() {
        var scene = scene(80, 24)
        scene.press(.character(" "), .character("g"), .character(" "))
        expect(
            scene.frame(),
            is: """
                 lastcall │ alice ● registered │ bob ! failing │ calls 1 │ subs 2 (1 stale)
                ┌─ INVITE (sdp) → INVITE (sdp, auth) ──────────────────────────────────────────┐
                │ C changed 4   A added 3   R removed 2   after 2.400 s                        │
                │                                                                              │
                │   INVITE sip:carol@example.net SIP/2.0                                       │
                │   From: <sip:alice@example.net>;tag=us                                       │
                │   Call-ID: one                                                               │
                │ C To: <sip:carol@example.net>                                                │
                │     → <sip:carol@example.net>;tag=them                                       │
                │ C CSeq: 1 INVITE                                                             │
                │     → 3 INVITE   (+2)                                                        │
                │ R Max-Forwards: 70                                                           │
                │   Content-Type: application/sdp                                              │
                │ C Content-Length: 75                                                         │
                │     → 87                                                                     │
                │ A Authorization: Digest username="alice", realm="x", nonce="n", uri="sip:x", │
                │       response=‹redacted›                                                    │
                │                                                                              │
                │   v=0                                                                        │
                │ C o=- 1 1 IN IP4 192.0.2.1                                                   │
                │     → o=- 1 2 IN IP4 192.0.2.1                                               │
                └───────────────────────────────────────────────────────────────── 1-19 of 24 ─┘

                 ↑↓ scroll  PgUp PgDn page  Esc back
                """)
        scene.press(.escape, .character("j"), .character(" "))
        #expect(scene.frame().lines[1].hasPrefix("┌─ INVITE (sdp) → 401 Unauthorized"))
    }

    @Test("A ladder that is longer than its room follows the newest message until one looks at an older one")
    func scrolling() {
        var scene = scene(120, 30)
        let call = AnyUsageID(kind: .clientInviteSession, serial: 4)
        func add(_ count: Int) {
            for serial in 100..<(100 + UInt64(count)) {
                let text = "INFO sip:a SIP/2.0\r\nCall-ID: one\r\nCSeq: \(serial) INFO\r\nContent-Length: 0\r\n\r\n"
                let last = scene.model.ladders[call]?.rungs.last?.serial ?? 0
                scene.model.ladders[call]?.append(
                    Ladder.Rung(
                        serial: last + 1, at: Scene.now, isSent: true, bytes: Array(text.utf8),
                        peer: SocketAddress(.loopback4, port: 5060), transport: .udp, lastCopyAt: Scene.now))
            }
            scene.show()
        }
        add(60)
        #expect(scene.frame().lines[27].contains("66 of 66"))
        scene.press(.up)
        #expect(scene.frame().lines[27].contains("65 of 66"))
        add(20)
        #expect(scene.frame().lines[27].contains("65 of 86"))
        scene.press(.character("G"))
        #expect(scene.frame().lines[27].contains("86 of 86"))
        // The oldest are forgotten, the one under the cursor among them.
        scene.press(.character("g"))
        add(150)
        #expect(scene.frame().lines[27].contains("1 of 200"))
    }

    @Test("Where there is little room the facts give way to the messages, all but the state and what is waited for")
    func brief() {
        var scene = scene(60, 16)
        let facts = { (scene: Scene) in scene.frame().lines.prefix { !$0.contains(" me ") }.count }
        #expect(facts(scene) == 4)
        #expect(scene.frame().lines.contains { $0.contains("INVITE (sdp, auth) ×3") })
        _ = scene.app.update(.resized(Size(columns: 80, rows: 24)), at: Scene.now)
        #expect(facts(scene) > 7)
        scene.press(.character("z"))
        #expect(facts(scene) == 4)
    }

    @Test("No size and no page makes a ladder trap")
    func sizes() {
        var scene = scene(60, 16)
        for keys: [Key] in [
            [.enter], [.escape, .character(" "), .up, .character(" ")], [.end], [.escape, .character("w")],
        ] {
            for key in keys { scene.press(key) }
            for (columns, rows) in [(60, 16), (61, 17), (84, 46), (99, 20), (100, 16), (200, 60)] {
                _ = scene.app.update(.resized(Size(columns: columns, rows: rows)), at: Scene.now)
                #expect(scene.frame().lines.allSatisfy { Width.of($0) <= columns })
            }
        }
    }
}
