import SansIO

/// How the time of a shutdown is shared out among its groups, so that a dead server of one group never takes what
/// another needs (`shutdown.md` O2).
struct ShutdownBudget: Hashable, Sendable {
    /// Zero: without limit.
    var giveUp: Duration
    /// 64·T1: no group is waited for longer than a transaction.
    var timeout: Duration

    /// What is kept back for a group that has its turn later.
    func minSlice(_ group: ShutdownGroup) -> Duration {
        group == .clientRegistrations ? min(.seconds(4), giveUp / 4) : min(.seconds(2), giveUp / 10)
    }

    /// When the group after this one begins at the latest.
    func softDeadline(startedAt: Instant, deadline: Instant?, nonEmptyLater: [ShutdownGroup]) -> Instant {
        let bound = startedAt + timeout
        guard let deadline else { return bound }
        let reserved = nonEmptyLater.reduce(Duration.zero) { $0 + minSlice($1) }
        return min(bound, deadline - reserved)
    }
}
