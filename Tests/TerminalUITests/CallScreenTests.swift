import SIPMessage
import SansIO
import Testing

@testable import DialogUsage
@testable import SoftphoneCore
@testable import TerminalUI

@Suite("Call screens")
struct CallScreenTests {
    /// Two calls in a conference, one of them recorded.
    private func conference(_ columns: Int, _ rows: Int) -> Scene {
        var scene = Scene(size: Size(columns: columns, rows: rows))
        scene.model.accounts = [Scene.account("alice", "registered", expires: 3_492, isCurrent: true)]
        for (serial, peer) in [(UInt32(4), "sip:carol@example.net"), (5, "sip:dora@example.net")] {
            let summary = Scene.summary(.clientInviteSession, serial, peer, "connected")
            var call = Scene.call(summary, .connected)
            call.conference = 1
            call.quality = (0..<60).map { $0 % 20 < 17 ? 4.35 : 3.3 } + [nil, 4.35]
            if serial == 4 { call.recording = "/home/alice/call-20261125-170455-cis-4.wav" }
            scene.model.usages.append(
                UsageRow(summary: summary, alias: nil, call: call))
            scene.model.calls.append(call)
        }
        scene.show()
        scene.press(.character("3"))
        return scene
    }

    @Test("120×30: who talks together, what is recorded to where, and how it has sounded in the last minute")
    func detail() {
        let scene = conference(120, 30)
        expect(
            scene.frame(),
            is: """
                 lastcall │ alice ● registered 58:12 │ calls 2 │ subs 0
                ┌1 Calls in ─ ServerInviteSession ───────────────────── 0 ─┬─ cis-4 carol@example.net ── ClientInviteSession ──────────┐
                ├2 Watchers ─ ServerSubscription ────────────────────── 0 ─┤ connected for 3:12                                        │
                ├3 Calls out ─ ClientInviteSession ──────────────────── 2 ─┤ account alice                                             │
                │▶ cis-4  carol@exampl… ●rec ◆1 connected ↓9571 ↑9600 3:12 │ audio PCMU   IN A CONFERENCE with cis-5                   │
                │  cis-5  dora@example.net ◆1   connected ↓9571 ↑9600 3:12 │ packets sent ↑9600   received ↓9571                       │
                ├4 Subscriptions ─ ClientSubscription ───────────────── 0 ─┤ loss 0.0 %   jitter 7.3 ms                                │
                ├5 Messages ─ ClientPagerMessage ────────────────────── 0 ─┤ MOS 4.4 good  ████████▆▆████████▆▆████████▆▆█             │
                ├6 Publications ─ ClientPublication ─────────────────── 0 ─┤ ● recording to /home/alice/call-20261125-170455-cis-4.wav │
                ├7 Registrations ─ ClientRegistration ───────────────── 0 ─┤ why: nothing is pending                                   │
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
                │                                                          │                                                           │
                │                                                          │                                                           │
                │                                                          │                                                           │
                │                                                          │                                                           │
                │                                                          │                                                           │
                └──────────────────────────────────────────────────────────┴───────────────────────────────────────────────────────────┘

                 ? keys  : command  Enter detail  x hangup  H hold  t transfer  d dtmf  m mute  W end recording  C split  Q shutdown
                """)
    }

    @Test("80×24: the rows say it in short; digits go out as they are typed while a call comes in")
    func digitsAndRinging() {
        var scene = conference(80, 24)
        scene.press(.character("d"))
        scene.type("42#")
        scene.add(Scene.summary(.serverInviteSession, 2, "sip:zoe@example.net", "ringing"), call: .incoming)
        scene.show()
        expect(
            scene.frame(),
            is: """
                 lastcall │ alice ● registered 58:12 │ calls 3 │ subs 0
                ┌1 Calls in ─ ServerInviteSession ───────────────────────────────────────── 1 ─┐
                │  sis-2  zoe@example.net                           incoming              0:07 │
                ├2 Watchers ─ ServerSubscription ────────────────────────────────────────── 0 ─┤
                ├3 Calls out ─ ClientInviteSession ──────────────────────────────────────── 2 ─┤
                │▶ cis-4  carol@example.net ●rec ◆1                 connected ↓9571 ↑9600 3:12 │
                │  cis-5  dora@example.net ◆1                       connected ↓9571 ↑9600 3:12 │
                ├4 Subscriptions ─ ClientSubscription ───────────────────────────────────── 0 ─┤
                ├5 Messages ─ ClientPagerMessage ────────────────────────────────────────── 0 ─┤
                ├6 Publications ─ ClientPublication ─────────────────────────────────────── 0 ─┤
                ├7 Registrations ─ ClientRegistration ───────────────────────────────────── 0 ─┤
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
                 ☎ sip:zoe@example.net calls, 0:07   Esc, then a answer  x decline
                 digits: 42#▏  0-9 * # are sent, Esc ends
                 0-9 * # send  Esc back
                """)
    }

    @Test("A transfer that we are asked for stays in sight until it is decided; a call that rings comes before it")
    func asked() {
        var scene = Scene.busy(80, 24)
        let id = AnyUsageID(kind: .serverSubscription, serial: 3)
        scene.model.transferRequests = [TransferRow(id: id, from: "sip:carol@example.net", to: "sip:dora@example.net")]
        scene.show()
        let line = " ⇒ carol@example.net asks us to call dora@example.net   y accept  n decline"
        #expect(scene.frame(at: Scene.now + .seconds(60)).lines[22] == line)
        #expect(scene.press(.character("y")) == [.acceptTransfer(nil)])
        #expect(scene.press(.character("n")) == [.denyTransfer(nil)])
        scene.add(Scene.summary(.serverInviteSession, 2, "sip:zoe@example.net", "ringing"), call: .incoming)
        scene.show()
        #expect(scene.lastLines[0].hasPrefix(" ☎ sip:zoe@example.net"))
        scene.model.transferRequests = []
        scene.model.calls.removeLast()
        scene.show()
        #expect(scene.press(.character("y")).isEmpty)
        #expect(scene.lastLines[0] == " ! nobody asks us to call somebody")
    }

    @Test("A call that nobody answered is said to be missed")
    func missed() {
        var scene = Scene.busy(80, 24)
        let summary = Scene.summary(.serverInviteSession, 2, "sip:zoe@example.net", "ringing")
        scene.add(summary, call: .incoming)
        scene.show()
        let ended = Happening(
            "call.ended", usage: summary.id, fields: ["by": .text("peer"), "reason": .text("the caller gave up")],
            at: Scene.now)
        _ = scene.app.update(.happened(ended), at: Scene.now)
        scene.model.calls.removeLast()
        scene.model.usages.removeLast()
        scene.show()
        #expect(scene.lastLines[0] == " ! missed call from zoe@example.net: the caller gave up")
    }
}
