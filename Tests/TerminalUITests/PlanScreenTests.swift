import SansIO
import Testing

@testable import DialogUsage
@testable import SoftphoneCore
@testable import TerminalUI

@Suite("What a shutdown would do, on the screen")
struct PlanScreenTests {
    private func planned(_ columns: Int, _ rows: Int) -> Scene {
        var scene = Scene.busy(columns, rows)
        let forecast = ShutdownForecast(
            groups: [
                .init(group: .serverSubscriptions, usages: ids(.serverSubscription, 1), longest: .milliseconds(1_750)),
                .init(group: .clientInviteSessions, usages: ids(.clientInviteSession, 4), longest: .milliseconds(500)),
                .init(group: .clientSubscriptions, usages: ids(.clientSubscription, 7, 9), longest: .milliseconds(500)),
                .init(group: .clientPublications, usages: ids(.clientPublication, 1), longest: .milliseconds(500)),
                .init(
                    group: .clientRegistrations, usages: ids(.clientRegistration, 1, 2), longest: .milliseconds(1_250)),
            ], giveUp: .seconds(5), longest: .seconds(5))
        let success = CommandResult.Success(text: "7 usages to end, 5s at most", forecast: forecast)
        _ = scene.app.update(.completed(RequestID(serial: 1), .succeeded(success)), at: Scene.now)
        return scene
    }
    private func ids(_ kind: UsageKind, _ serials: UInt32...) -> [AnyUsageID] {
        serials.map { AnyUsageID(kind: kind, serial: $0) }
    }

    @Test("80×24: order, counts, names, the longest of each group and of all; how to go on")
    func frame() {
        expect(
            planned(80, 24).frame(),
            is: """
                 lastcall │ alice ● registered │ bob ! failing │ calls 1 │ subs 2 (1 stale)
                ┌─ If we left now ─────────────────────────────────────────────────────────────┐
                │ 7 usages would be told, group after group. The shutdown gives up after 5 s.  │
                │                                                                              │
                │ group                        count     at most  usages                       │
                │ 2 ServerSubscription             1       1.8 s  ssub-1                       │
                │ 3 ClientInviteSession            1       0.5 s  cis-4                        │
                │ 4 ClientSubscription             2       0.5 s  csub-7 csub-9                │
                │ 6 ClientPublication              1       0.5 s  cpub-1                       │
                │ 7 ClientRegistration             2       1.3 s  creg-1 creg-2                │
                │ all                              7       5.0 s                               │
                │                                                                              │
                │ "At most" is when nobody answers; who answers ends in the time of one round  │
                │ trip.                                                                        │
                │ Registrations go last: what the others say goodbye with comes back over      │
                │ them.                                                                        │
                │ Nothing has been ended. Q leaves in this order, Esc stays.                   │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                │                                                                              │
                └──────────────────────────────────────────────────────────────────────────────┘
                 7 usages to end, 5s at most
                 Q shutdown  ↑↓ scroll  Esc back
                """)
    }

    @Test("Q leaves, Esc goes back; nothing else is asked of the softphone")
    func keys() {
        var scene = planned(80, 24)
        #expect(scene.press(.escape).isEmpty)
        #expect(scene.app.mode == .browsing && scene.app.leaving == .no)
        scene = planned(60, 16)
        #expect(scene.press(.down, .pageDown, .character("k")).isEmpty)
        #expect(scene.press(.character("Q")).isEmpty)
        #expect(scene.app.leaving == .armed(until: Scene.now + App.armedFor))
    }
}
