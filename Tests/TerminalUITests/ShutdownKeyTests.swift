import SansIO
import Testing

@testable import DialogUsage
@testable import SoftphoneCore
@testable import TerminalUI

@Suite("Shutdown keys")
struct ShutdownKeyTests {
    @Test("Keys: skip the one that is waited for, skip its group, extend, wait for ever, force (S7)")
    func adjustments() {
        var scene = Scene.leaving(80, 24)
        #expect(scene.press(.character("s")) == [.adjust(.skip(UsageName("csub-9")))])
        #expect(scene.frame().lines.contains { $0.contains("csub-9 is skipped") })
        #expect(scene.press(.character("n")) == [.adjust(.skipGroup)])
        #expect(scene.press(.character("+")) == [.adjust(.extend(by: .seconds(10)))])
        #expect(scene.press(.character("i")) == [.adjust(.noDeadline)])
        #expect(scene.press(.character("!")) == [.shutdown(ShutdownRequest(.force(bestEffort: false)))])
    }

    @Test("Esc stays as long as nothing has been ended, and says so when it is too late (S7)")
    func staying() {
        var scene = Scene.leaving(80, 24)
        #expect(scene.frame().lines.count { $0.contains("too late to stay") } == 1)
        #expect(scene.press(.escape).isEmpty)
        #expect(scene.frame().lines.count { $0.lowercased().contains("too late to stay") } == 1)
        #expect(!scene.lastLines[1].contains("Esc"))
        scene.model.shutdown?.canCancel = true
        scene.show()
        #expect(scene.lastLines[1].contains("Esc stay"))
        #expect(scene.press(.escape) == [.adjust(.cancel)])
    }

    @Test("What a key has led to is said until the shutdown goes on, and for a second at least (S7)")
    func notices() {
        let (shown, now) = ({ (scene: Scene) in scene.app.notice?.text }, Scene.now)
        var scene = Scene.leaving(80, 24)
        scene.press(.character("s"))
        scene.model.blockers = []
        scene.model.shutdown?.stage = .ending(.clientPublications)
        _ = scene.app.update(.model(scene.model), at: now + .milliseconds(30))
        _ = scene.app.elapsed(at: now + .milliseconds(900))
        #expect(shown(scene) == "csub-9 is skipped")
        _ = scene.app.elapsed(at: now + .seconds(1))
        #expect(shown(scene) == nil)

        scene.press(.character("+"), at: now + .seconds(2))
        _ = scene.app.update(.model(scene.model), at: now + .seconds(4))
        _ = scene.app.elapsed(at: now + .seconds(4))
        #expect(shown(scene) == "10 s more")
        scene.model.shutdown?.stage = .ending(.clientRegistrations)
        _ = scene.app.update(.model(scene.model), at: now + .seconds(5))
        _ = scene.app.elapsed(at: now + .seconds(5))
        #expect(shown(scene) == nil)
    }

    @Test("The keys of the panel are in the table: other keys can be given to them, and the help lists them (S7)")
    func remapped() {
        var keys = KeyMap()
        #expect(
            keys.rebind([
                .screen(.leaveSkip): [.function(2)], .screen(.leaveForce): [.character("K")], .screen(.leaveWait): [],
            ]) == nil)
        var scene = Scene.leaving(80, 24)
        scene.app = App(keys: keys)
        _ = scene.app.update(.resized(Size(columns: 80, rows: 24)), at: Scene.now)
        scene.show()
        #expect(scene.lastLines[1] == " F2 skip this one  n skip the group  + 10 s more  K force now")
        #expect(scene.frame().lines.contains { $0.contains("[F2]\u{A0}skip this one") })
        #expect(scene.press(.function(2)) == [.adjust(.skip(UsageName("csub-9")))])
        #expect(scene.press(.character("s"), .character("i"), .character("!")).isEmpty)
        #expect(scene.press(.character("K")) == [.shutdown(ShutdownRequest(.force(bestEffort: false)))])

        var reader = Scene.busy(80, 24)
        reader.press(.character("?"))
        reader.type("leave-extend")
        #expect(reader.frame().lines.contains { $0.contains("+           leave-extend") })
        #expect(reader.press(.enter).isEmpty)
        #expect(reader.lastLines[0] == " that is for the panel that a shutdown shows")
    }

    @Test("Q is armed for half a second: Esc takes it back, Enter does not wait (S7)")
    func arming() {
        var scene = Scene.busy(80, 24)
        #expect(scene.press(.character("Q")).isEmpty)
        #expect(scene.press(.escape).isEmpty && scene.app.leaving == .no)
        scene.press(.character("Q"))
        #expect(scene.app.elapsed(at: Scene.now + .milliseconds(499)).isEmpty)
        #expect(scene.app.elapsed(at: Scene.now + .milliseconds(500)) == [.shutdown(ShutdownRequest(.graceful))])
        #expect(scene.app.elapsed(at: Scene.now + .seconds(9)).isEmpty)
        var other = Scene.busy(80, 24)
        other.press(.character("Q"))
        #expect(other.press(.enter) == [.shutdown(ShutdownRequest(.graceful))])
    }

    @Test("While it waits until nothing is alive, everything can be done, and Esc stays")
    func idle() {
        var scene = Scene.busy(120, 30)
        #expect(
            scene.press(.character("I"))
                == [.shutdown(ShutdownRequest(.ifIdle(ignoringSoftState: true, orRefuse: false), giveUp: .zero))])
        scene.model.shutdown = ShutdownProgress(
            mode: .ifIdle, stage: .idleWait, started: Scene.begun, deadline: nil, groups: [], canCancel: true)
        scene.model.isArmed = true
        scene.model.idleAfter = 1
        scene.show()
        #expect(scene.frame().lines[0].contains("◆ leaves when idle, 1 to go"))
        #expect(scene.lastLines[1].contains("Esc stay"))
        #expect(scene.press(.character("x")) == [.hangUp(.one(UsageName("cis-4")), reason: nil)])
        #expect(scene.press(.escape) == [.adjust(.cancel)])
    }

    @Test("Where no call would hold it up, leaving when idle is armed like any other way to leave (S7)")
    func idleAtOnce() {
        var scene = Scene(size: Size(columns: 80, rows: 24))
        scene.add(Scene.summary(.clientRegistration, 1, "sip:alice@example.net", "registered"))
        scene.show()
        #expect(scene.press(.character("I")).isEmpty)
        #expect(scene.app.leaving == .armed(until: Scene.now + .milliseconds(500)))
        #expect(scene.press(.escape).isEmpty && scene.app.leaving == .no)
    }

    @Test("Ctrl-C once is graceful, twice is force, three times leaves everything as it is (test 111)")
    func interrupts() {
        var scene = Scene.busy(80, 24)
        #expect(scene.press(.control("c")).isEmpty)
        #expect(scene.app.leaving == .armed(until: Scene.now + .milliseconds(500)) && !scene.app.isInterrupted)
        #expect(scene.app.elapsed(at: Scene.now + .seconds(1)) == [.shutdown(ShutdownRequest(.graceful))])
        #expect(scene.press(.control("c")) == [.shutdown(ShutdownRequest(.force(bestEffort: true)))])
        #expect(scene.app.isInterrupted && !scene.app.isAbandoned)
        #expect(scene.press(.control("c")).isEmpty)
        #expect(scene.app.isAbandoned)
    }

    @Test("Ctrl-C while somebody already leaves is the second one; in a field it clears the field")
    func laterInterrupts() {
        var scene = Scene.leaving(80, 24)
        #expect(scene.press(.control("c")) == [.shutdown(ShutdownRequest(.force(bestEffort: true)))])
        var typing = Scene.busy(80, 24)
        typing.type(":call")
        #expect(typing.press(.control("c")).isEmpty)
        #expect(typing.app.mode == .browsing && typing.app.leaving == .no)
    }

    @Test("It is drawn ten times a second, and never when nothing moves")
    func pace() {
        #expect(Scene.leaving(80, 24).app.redrawsAfter(at: Scene.now) == .milliseconds(100))
        #expect(Scene().app.redrawsAfter(at: Scene.now) == nil)
    }
}
