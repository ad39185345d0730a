import DialogUsage
import SansIO
import Testing

@testable import SoftphoneCore
@testable import TerminalUI

@Suite("Themes (terminal.md, rule 8)")
struct ThemeTests {
    private static let looks = [
        Looks.frame, Looks.heading, Looks.headingEmpty, Looks.good, Looks.waiting, Looks.bad, Looks.faint,
        Looks.leaving, Looks.keyName, Looks.sent, Looks.received, Looks.ringing, Looks.title,
    ]
    private static var scenes: [Scene] {
        var ringing = Scene.busy(120, 30)
        ringing.add(Scene.summary(.serverInviteSession, 2, "sip:eve@example.net", "ringing"), call: .incoming)
        ringing.show()
        return [ringing, Scene.leaving(80, 24), Scene.busy(60, 16)]
    }

    @Test("A theme changes how a screen looks and not one character of it", arguments: Theme.allCases)
    func sameText(theme: Theme) {
        for var scene in Self.scenes {
            let plain = scene.frame().lines
            scene.app.theme = theme
            #expect(scene.frame().lines == plain)
        }
    }

    @Test(
        "Monochrome and high contrast use no colour, and show them all in other ways",
        arguments: [Theme.mono, .highContrast])
    func withoutColour(theme: Theme) {
        for var scene in Self.scenes {
            scene.app.theme = theme
            let frame = scene.frame()
            for row in 0..<frame.size.rows {
                for column in 0..<frame.size.columns {
                    let style = frame[row, column].style
                    #expect(style.foreground == .standard && style.background == .standard)
                }
            }
        }
        #expect(theme.shown(Looks.bad).attributes.contains(.bold))
        #expect(theme.shown(Looks.ringing).attributes.contains(.reverse))
        #expect(theme.shown(Looks.title).attributes.contains(.reverse))
    }

    @Test("On a light background nothing is written in yellow, cyan, white or a bright colour but grey")
    func light() {
        let unreadable: Set<Colour> = [
            .yellow, .cyan, .white, .brightYellow, .brightCyan, .brightWhite, .brightRed, .brightGreen,
        ]
        for look in Self.looks {
            let shown = Theme.light.shown(look)
            #expect(shown.background != .standard || !unreadable.contains(shown.foreground), "\(look)")
        }
    }

    @Test("Shown without colours twice is the same as once: what the terminal cannot do may come after the theme")
    func twice() {
        for theme in Theme.allCases {
            for look in Self.looks {
                let once = Theme.mono.shown(theme.shown(look))
                #expect(Theme.mono.shown(once) == once)
            }
        }
    }

    @Test("Every state that has a colour also has a word or a mark of its own")
    func words() {
        let lines = Scene.busy(120, 30).frame().lines.joined(separator: "\n")
        for mark in ["● registered", "! failing", "stale", "active", "connected", "published"] {
            #expect(lines.contains(mark), "\(mark)")
        }
    }
}
