import SansIO
import Testing

@testable import DialogUsage
@testable import SoftphoneCore
@testable import TerminalUI

@Suite("Hostile names")
struct HostileNameTests {
    private static let names = [
        "sip:plain@example.net", "\u{1B}[31;1mred\u{1B}]0;title\u{7}", "evil\u{202E}gpj.exe\u{2066}",
        "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}", "日本語の名前です", "👩‍👩‍👧‍👦 🇩🇪", "a\r\nb\tc\u{9B}2J",
        "\u{200B}\u{FEFF}\u{301}x",
    ]

    private func scene(_ columns: Int, _ rows: Int) -> Scene {
        var scene = Scene(size: Size(columns: columns, rows: rows))
        for (index, name) in Self.names.enumerated() {
            scene.add(Scene.summary(.clientSubscription, UInt32(index + 1), name, "active", next: 60))
        }
        scene.show()
        return scene
    }

    @Test(
        "What would move the cursor or turn the text round is made visible, and all columns stay in line (H-114, H-116, rule 9)"
    )
    func list() {
        expect(
            scene(60, 20).frame(),
            is: """
                 lastcall │ calls 0 │ subs 8
                ┌▶1 Calls in ─ ServerInviteSession ──────────────────── 0 ─┐
                ├2 Watchers ─ ServerSubscription ────────────────────── 0 ─┤
                ├3 Calls out ─ ClientInviteSession ──────────────────── 0 ─┤
                ├4 Subscriptions ─ ClientSubscription ───────────────── 8 ─┤
                │  csub-1 plain@example.net                active     1:00 │
                │  csub-2 ␛[31;1mred␛]0;title␇             active     1:00 │
                │  csub-3 evil�gpj.exe�                    active     1:00 │
                │  csub-4 é́́́                                active     1:00 │
                │  csub-5 日本語の名前です                 active     1:00 │
                │  csub-6 👩 DE                            active     1:00 │
                │  csub-7 a␍␊b␉c�2J                        active     1:00 │
                │  csub-8 ���x                             active     1:00 │
                ├5 Messages ─ ClientPagerMessage ────────────────────── 0 ─┤
                ├6 Publications ─ ClientPublication ─────────────────── 0 ─┤
                ├7 Registrations ─ ClientRegistration ───────────────── 0 ─┤
                │                                                          │
                └──────────────────────────────────────────────────────────┘

                 ? keys  : command  r register  c call  Q shutdown
                """)
    }

    @Test("No control, bidi or unassigned character reaches the screen in any view (H-114, H-115)")
    func everywhere() {
        var scene = scene(120, 30)
        scene.press(.character("4"))
        for name in Self.names {
            scene.model.messages = [
                MessageRow(
                    serial: 1, peer: name, isOurs: false, contentType: "text/plain", text: name, at: Scene.now,
                    standing: .received, account: nil)
            ]
            scene.model.presence = [Scene.presence(name, 1, .open, [name], .fresh)]
            scene.model.accounts = [Scene.account(name, name)]
            scene.model.log = [LogLine(at: Scene.now, level: .note, text: name)]
            scene.add(Scene.summary(.serverInviteSession, 1, name, "ringing"), call: .incoming)
            scene.show()
            for mode: Mode in [
                .browsing, .pane(Pane(.log)), .pane(Pane(.conversations)), .pane(Pane(.conversation(with: name))),
                .pane(Pane(.contacts)), .pane(Pane(.calls)), .pane(Pane(.accounts)),
                .detail(Reading(AnyUsageID(kind: .clientSubscription, serial: 1))),
                .prompt(LineEditor(name), fault: name),
            ] {
                scene.app.mode = mode
                for scalar in scene.frame().lines.joined().unicodeScalars {
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .surrogate:
                        Issue.record("U+\(String(scalar.value, radix: 16)) is on the screen in \(mode)")
                    default: break
                    }
                }
            }
            scene.model.usages.removeLast()
            scene.model.calls.removeLast()
        }
    }
}
