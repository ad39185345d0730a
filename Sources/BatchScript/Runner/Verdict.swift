import SansIO

/// The exit codes of the program, the same in every face.
package enum ExitCode: Int32, Hashable, Sendable {
    /// Every step passed and the shutdown was clean.
    case success = 0
    /// A step, an `expect` or an `assert` failed.
    case failed = 1
    /// Wrong use or a script error; nothing was sent.
    case usage = 2
    /// Configuration or credentials missing or unreadable.
    case configuration = 3
    /// A final refusal of REGISTER, or credentials that were refused.
    case refused = 4
    /// Transport, DNS or TLS failure.
    case transport = 5
    /// The overall time was over.
    case timeUp = 6
    /// All steps passed, but the shutdown was not clean.
    case unclean = 7
    /// `shutdown if-idle or-refuse` found live usages.
    case notIdle = 8
    /// Media or audio device failure.
    case media = 9
    /// A fault of the program itself.
    case internalError = 70
    case hungUp = 129
    case interrupted = 130
    case terminated = 143
}

/// Somebody outside wants the program to end.
package enum Interruption: Hashable, Sendable {
    case interrupt, terminate, hangUp

    package var exitCode: ExitCode {
        switch self {
        case .interrupt: .interrupted
        case .terminate: .terminated
        case .hangUp: .hungUp
        }
    }
    /// How long a graceful shutdown may take (`shutdown.md`, section 10): who hangs up is waited for by nobody.
    package var giveUp: Duration { self == .hangUp ? .seconds(3) : .seconds(5) }
}

/// What a run came to.
package struct Verdict: Hashable, Sendable {
    package var exit: ExitCode
    package var passed: Int
    package var failed: Int
    /// The usages that the shutdown could not end cleanly, in the order in which they were given up.
    package var abandoned: [String]
    package var refused: Int
    package var undelivered: Int
    package var elapsed: Duration
    /// The first thing that went wrong, in a sentence.
    package var reason: String?

    package init(
        exit: ExitCode, passed: Int = 0, failed: Int = 0, abandoned: [String] = [], refused: Int = 0,
        undelivered: Int = 0, elapsed: Duration, reason: String? = nil
    ) {
        self.exit = exit
        self.passed = passed
        self.failed = failed
        self.abandoned = abandoned
        self.refused = refused
        self.undelivered = undelivered
        self.elapsed = elapsed
        self.reason = reason
    }
}
