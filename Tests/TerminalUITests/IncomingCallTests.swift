import SIPMessage
import SansIO
import Testing

@testable import DialogUsage
@testable import SoftphoneCore
@testable import TerminalUI

@Suite("Incoming call")
struct IncomingCallTests {
    private let later = Scene.now + .milliseconds(300)

    private func ringing(_ scene: Scene = Scene.busy(80, 24), from peer: String = "sip:zoe@example.net") -> Scene {
        var scene = scene
        scene.add(Scene.summary(.serverInviteSession, 2, peer, "ringing"), call: .incoming)
        scene.show()
        return scene
    }

    @Test("It is announced with its keys, above all other notices")
    func announced() {
        #expect(
            ringing().lastLines == [
                " ☎ sip:zoe@example.net calls, 0:07   a answer  x decline  b busy  t redirect",
                " a answer  x decline  b busy  t redirect  ? keys  : command  c call  Q shutdown",
            ])
    }

    @Test("However somebody calls himself, his address is in sight (H-113)")
    func imposter() {
        let name = "sip:bank@bank.example " + String(repeating: "x", count: 100)
        func line(_ peer: String, _ columns: Int) -> String {
            ringing(Scene.busy(columns, 24), from: peer).lastLines[0]
        }
        let wide = line("\(name) <sip:stranger@evil.example>", 120)
        #expect(wide.hasPrefix(" ☎ sip:bank@") && wide.contains("… <sip:stranger@evil.example> calls"))
        #expect(line("\(name) <sip:stranger@evil.example>", 80).hasPrefix(" ☎ …"))
        let long = "sip:" + String(repeating: "b", count: 100) + "@evil.example"
        for peer in [long, "Bank <\(long)>"] {
            for columns in [80, 120] { #expect(line(peer, columns).contains("bb@evil.example"), "\(columns)") }
        }
    }

    @Test(
        "Answered and refused by one key, whatever is shown",
        arguments: [
            Mode.browsing, .detail(Reading(AnyUsageID(kind: .clientSubscription, serial: 7))), .pane(Pane(.log)),
            .pane(Pane(.conversations)),
        ])
    func keys(mode: Mode) {
        var scene = ringing()
        scene.app.mode = mode
        let name = UsageName("sis-2")
        #expect(scene.press(.character("a"), at: later) == [.answer(name, CallOptions(), alias: nil)])
        #expect(scene.press(.character("b"), at: later) == [.reject(name, 486)])
        #expect(scene.press(.character("x"), at: later) == [.reject(name, 603)], "not the other call is ended")
        #expect(scene.press(.character("t"), at: later).isEmpty)
        scene.type("sip:erin@example.net", at: later)
        let erin = Peer.uri(.sip(SIPURI(user: "erin", host: "example.net")))
        #expect(scene.press(.enter, at: later) == [.redirect(name, erin)])
    }

    @Test("A key that came before anybody could see the call is not for it (300 ms)")
    func settling() {
        var scene = ringing()
        for key in "xbta" {
            #expect(scene.press(.character(key), at: Scene.now + .milliseconds(299)).isEmpty)
            #expect(scene.app.mode == .browsing)
        }
        #expect(scene.lastLines[0].contains("zoe"))
        #expect(scene.app.notice?.text.contains("press again") == true)
        #expect(scene.press(.character("a"), at: later).count == 1)
    }

    @Test("Typing is never taken: neither in the prompt, nor in the help, nor while digits are sent")
    func typing() {
        var help = ringing()
        help.press(.character("?"), at: later)
        #expect(help.type("ab", at: later).isEmpty)
        #expect(help.app.mode == .help(Help(sought: "ab")))
        #expect(help.frame(at: later).lines.contains { $0.contains("zoe") && $0.contains("Esc, then a answer") })
        var scene = ringing()
        scene.type(":call bab", at: later)
        #expect(scene.app.mode == .prompt(LineEditor("call bab"), fault: nil))
        #expect(scene.frame(at: later).lines.contains { $0.contains("zoe") && $0.contains("Esc, then a answer") })
        var dialling = Scene.busy(80, 24)
        dialling.press(.character("d"))
        dialling = ringing(dialling)
        #expect(dialling.press(.character("a"), at: later) == [.dtmf(UsageName("cis-4"), digits: "a", .rtp)])
    }

    @Test("Below the smallest size it can still be answered")
    func tooSmall() {
        var scene = ringing(Scene.busy(50, 10))
        #expect(scene.frame().lines.contains("sip:zoe@example.net calls: a answer  x decline  b"))
        #expect(scene.press(.character("b"), at: later) == [.reject(UsageName("sis-2"), 486)])
    }

    @Test("A received message is shown with its text, harmless")
    func message() {
        var scene = Scene.busy(80, 24)
        let happening = Happening(
            "msg.received",
            fields: [
                "from": .text("sip:bob@lab.test"), "body": .text("hi\u{1B}[2J␍␊there"), "type": .text("text/plain"),
            ],
            at: Scene.now)
        _ = scene.app.update(.happened(happening), at: Scene.now)
        #expect(scene.lastLines[0] == " message from bob@lab.test: hi␛[2J ⏎ there")
    }
}
