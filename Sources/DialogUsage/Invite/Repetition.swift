package import SansIO

/// A response that is sent again and again until the peer acknowledges it: a 2xx to INVITE (RFC 3261 §13.3.1.4), whose
/// interval ends at T2, or a reliable provisional response (RFC 3262 §3), whose interval does not.
package struct Repetition: Hashable, Sendable {
    package private(set) var at: Instant
    private var interval: Duration
    private let longest: Duration
    package let giveUpAt: Instant

    package init(t1: Duration, longest: Duration, at now: Instant) {
        at = now + t1
        interval = t1
        self.longest = longest
        giveUpAt = now + t1 * 64
    }

    package var nextDeadline: Instant { min(at, giveUpAt) }

    /// The time has come: the next turn, or nil when 64·T1 are over.
    package func next(at now: Instant) -> Repetition? {
        guard now < giveUpAt else { return nil }
        var next = self
        next.interval = min(interval * 2, longest)
        next.at = now + next.interval
        return next
    }
}
