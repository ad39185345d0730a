/// What the *application* did wrong. A peer's mistakes never arrive here; they become responses and events.
package enum UsageError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The usage has ended and its id is stale, or its group is being ended (`shutdown.md` G5).
    case ended(String)
    /// The command is not allowed in the usage's present state, for example `answer` on a call already answered.
    case notNow(command: String, state: String)
    /// A shutdown has begun: nothing new is started, and nothing was allocated (G5).
    case shuttingDown
    /// The account has been removed, or never was.
    case noSuchAccount
    /// A limit of `UserAgentConfiguration.Limits` is reached.
    case limitReached(String)

    package var description: String {
        switch self {
        case .ended(let id): "\(id) has ended"
        case .notNow(let command, let state): "cannot \(command) now: \(state)"
        case .shuttingDown: "shutting down: nothing new is started"
        case .noSuchAccount: "no such account"
        case .limitReached(let limit): "limit reached: \(limit)"
        }
    }
}

/// Why `adjustShutdown` refused (`shutdown.md` S7).
package enum AdjustmentError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No shutdown is under way.
    case notShuttingDown
    /// An end request or a refusal has been written: the world knows already.
    case tooLate
    /// The usage named is not one the shutdown waits for.
    case notWaitingFor(String)

    package var description: String {
        switch self {
        case .notShuttingDown: "no shutdown is under way"
        case .tooLate: "too late: an end request has been sent"
        case .notWaitingFor(let id): "the shutdown is not waiting for \(id)"
        }
    }
}
