package import SansIO

/// The state of a shutdown at one moment, complete enough to draw.
package struct ShutdownProgress: Hashable, Sendable {
    package enum Stage: Hashable, Sendable {
        case running
        case idleWait
        case ending(ShutdownGroup)
        /// All groups are through; laggards are waited for until the deadline.
        case waitingForLaggards
        case flushing
        case stopped
    }
    package struct Group: Hashable, Sendable {
        package enum Phase: Hashable, Sendable { case waiting, active, passed }
        package var group: ShutdownGroup
        package var phase: Phase
        package var total: Int
        package var done: Int
        package var softDeadline: Instant?

        package init(group: ShutdownGroup, phase: Phase, total: Int, done: Int, softDeadline: Instant?) {
            self.group = group
            self.phase = phase
            self.total = total
            self.done = done
            self.softDeadline = softDeadline
        }
    }
    package var mode: ShutdownMode
    package var stage: Stage
    package var started: Instant
    package var deadline: Instant?
    package var groups: [Group]
    package var canCancel: Bool
}

/// One answer to "what are we waiting for?" (`manager.blockers`).
package struct Blocker: Hashable, Sendable {
    package var id: AnyUsageID
    package var peer: String
    /// What must still happen, such as "the answer to SUBSCRIBE with Expires 0".
    package var waitsFor: String
    package var since: Instant
    /// When it is given up at the latest; nil: there is no limit, as where a person is waited for.
    package var until: Instant?
    package var requestsSent: Int
    /// When its peer was last heard of.
    package var lastHeard: Instant?

    /// One sentence: what is waited for, since when, and for how long at most.
    package func sentence(at now: Instant) -> String {
        let patience =
            until.map { "for \(max(0, ($0 - now).inMilliseconds / 1000)) s more at most" } ?? "without limit"
        let age = max(0, (now - since).inMilliseconds / 1000)
        return "\(id) \(peer) waits for \(waitsFor) since \(age) s, \(patience)"
    }
}

/// One live usage, for lists.
package struct UsageSummary: Hashable, Sendable {
    package var id: AnyUsageID
    package var account: AccountID?
    package var accountName: String?
    package var peer: String
    /// The state in a word or two, such as `registered`, `ringing`, `active`.
    package var state: String
    /// What it waits for now, in a sentence; nil: nothing is pending.
    package var waitsFor: String?
    /// Event package of subscriptions and publications.
    package var eventPackage: String?
    package var since: Instant
    /// The next thing that will happen by itself (refresh, retry, expiry).
    package var nextDeadline: Instant?
    /// When the peer's belief in it runs out.
    package var expiresAt: Instant?
    /// Entity-tag of a publication.
    package var entityTag: String?
}

/// The changes which only a person at the keys may ask for (S7).
package enum ShutdownAdjustment: Hashable, Sendable {
    case extend(by: Duration)
    case noDeadline
    case skip(AnyUsageID)
    case skipGroup
    case cancel
}
