import SansIO
import Testing

@testable import DialogUsage
@testable import SoftphoneCore
@testable import TerminalUI

@Suite("Selection and size")
struct SelectionTests {
    @Test("No size makes a screen trap, and none writes beyond its edge (H-120)")
    func sizes() {
        var scene = Scene.busy(80, 24)
        for columns in [0, 1, 7, 59, 60, 61, 99, 100, 101, 240] {
            for rows in [0, 1, 5, 15, 16, 17, 46, 90] {
                let size = Size(columns: columns, rows: rows)
                _ = scene.app.update(.resized(size), at: Scene.now)
                for mode: Mode in [
                    .browsing, .help(Help(chosen: 9)), .help(Help(sought: "call")),
                    .detail(Reading(AnyUsageID(kind: .clientSubscription, serial: 7))), .pane(Pane(.log, back: 5)),
                    .pane(Pane(.conversations)),
                ] {
                    scene.app.mode = mode
                    #expect(scene.frame().size == size)
                }
            }
        }
    }

    @Test("Resizing keeps the selection, and it stays in sight")
    func resizing() {
        var scene = Scene.busy(120, 30)
        scene.press(.character("4"), .down)
        for (columns, rows) in [(80, 24), (60, 16), (20, 5), (120, 30)] {
            _ = scene.app.update(.resized(Size(columns: columns, rows: rows)), at: Scene.now)
            #expect(scene.app.selectedUsage?.name == "csub-9")
            guard columns >= 60 else { continue }
            #expect(scene.frame().lines.contains { $0.contains("▶!csub-9") })
        }
    }

    @Test("The selection stays on its usage when others come and go; one that is looked at and ends stays in sight")
    func selection() {
        var scene = Scene.busy(80, 24)
        scene.press(.character("4"))
        #expect(scene.app.selectedUsage?.name == "csub-7")
        scene.model.usages.removeFirst(2)
        scene.show()
        #expect(scene.app.selectedUsage?.name == "csub-7")
        scene.press(.enter)
        scene.model.usages.removeAll { $0.name == "csub-7" }
        scene.show()
        #expect(scene.lastLines[0] == " csub-7 has ended")
        #expect(scene.frame().lines[1].hasPrefix("┌─ csub-7 ── ClientSubscription"))
        #expect(scene.frame().lines[2].hasPrefix("│ ended"))
        scene.press(.escape)
        #expect(scene.app.mode == .browsing)
        #expect(scene.app.selectedUsage?.name == "csub-9")
    }
}
