import SIPMessage
import SansIO

@testable import DialogUsage
@testable import SoftphoneCore

/// A shutdown that waits for a server.
extension Scene {
    static let begun = now - .milliseconds(2_900)

    /// A call has ended, one subscription of two is waited for, the rest is to come.
    static func leaving(_ columns: Int, _ rows: Int) -> Scene {
        var scene = Scene.busy(columns, rows)
        scene.model.usages.removeAll { ["cis-4", "ssub-1", "csub-7"].contains($0.name) }
        scene.model.calls = []
        scene.model.shutdown = progress(
            .ending(.clientSubscriptions),
            [
                (.serverInviteSessions, .passed, 0, 0), (.serverSubscriptions, .passed, 1, 1),
                (.clientInviteSessions, .passed, 1, 1), (.clientSubscriptions, .active, 2, 1),
                (.clientPagerMessages, .waiting, 0, 0), (.clientPublications, .waiting, 1, 0),
                (.clientRegistrations, .waiting, 2, 0),
            ])
        scene.model.endings = [ended(.serverSubscription, 1, .local(200)), ended(.clientInviteSession, 4, .local(200))]
        scene.model.blockers = [
            blocker(.clientSubscription, 9, "sip:lab@lab.test", "the answer to SUBSCRIBE with Expires 0", sent: 3)
        ]
        scene.show()
        return scene
    }

    static func progress(
        _ stage: ShutdownProgress.Stage, _ groups: [(ShutdownGroup, ShutdownProgress.Group.Phase, Int, Int)],
        canCancel: Bool = false
    ) -> ShutdownProgress {
        let groups = groups.map { group, phase, total, done in
            ShutdownProgress.Group(
                group: group, phase: phase, total: total, done: done,
                softDeadline: phase == .active ? now + .milliseconds(1_340) : nil)
        }
        return ShutdownProgress(
            mode: .graceful, stage: stage, started: begun, deadline: begun + .seconds(5), groups: groups,
            canCancel: canCancel)
    }
    static func ended(_ kind: UsageKind, _ serial: UInt32, _ outcome: UsageOutcome) -> UsageEnding {
        UsageEnding(id: AnyUsageID(kind: kind, serial: serial), name: nil, outcome: outcome, at: now)
    }
    static func blocker(_ kind: UsageKind, _ serial: UInt32, _ peer: String, _ waits: String, sent: Int) -> Blocker {
        Blocker(
            id: AnyUsageID(kind: kind, serial: serial), peer: peer, waitsFor: waits,
            since: begun + .milliseconds(200),
            until: nil, requestsSent: sent, lastHeard: now - .milliseconds(7_800))
    }
}
