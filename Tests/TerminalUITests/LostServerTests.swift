import SansIO
import Testing

@testable import DialogUsage
@testable import SoftphoneCore
@testable import TerminalUI

@Suite("A presence server that is gone (terminal.md, C 12)")
struct LostServerTests {
    private func lose(_ serial: UInt32, _ scene: inout Scene, at now: Instant = Scene.now) {
        let usage = AnyUsageID(kind: .clientSubscription, serial: serial)
        for name in ["sub.stale", "sub.interrupted"] {
            let happening = Happening(name, usage: usage, fields: ["reason": .text("no answer")], at: now)
            _ = scene.app.update(.happened(happening), at: now)
        }
    }

    @Test("One subscription is spoken of by its name; several of one server are said once, with their number")
    func once() {
        var scene = Scene.busy(120, 30)
        for serial in 20...28 as ClosedRange<UInt32> {
            scene.add(Scene.summary(.clientSubscription, serial, "sip:u\(serial)@lab.test:5080;x=y", "active"))
        }
        scene.show()
        lose(9, &scene)
        #expect(scene.lastLines[0] == " ! csub-9 is interrupted, asked for again: no answer")
        for serial in 20...28 as ClosedRange<UInt32> { lose(serial, &scene) }
        #expect(
            scene.lastLines[0] == " ! lab.test is lost: 10 subscriptions may be old, asked for again: no answer")
        // Of another server; and one of the first, much later.
        lose(7, &scene)
        #expect(scene.lastLines[0] == " ! csub-7 is interrupted, asked for again: no answer")
        lose(9, &scene, at: Scene.now + .seconds(60))
        #expect(scene.app.notice?.text == "csub-9 is interrupted, asked for again: no answer")
    }

    @Test(
        "The host of an address, whatever stands around it",
        arguments: [
            ("sip:a@b.c", "b.c"), ("sip:a@b.c:5070;transport=tcp", "b.c"), ("sip:b.c", "b.c"),
            ("a@[2001:db8::1]:5060", "[2001:db8::1]"),
            ("sip:a@[::1]", "[::1]"), ("<sip:a@b.c>", "b.c"), ("", ""),
        ])
    func host(uri: String, host: String) {
        #expect(Words.host(of: uri) == host)
    }
}
