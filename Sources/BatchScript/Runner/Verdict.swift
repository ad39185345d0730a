import SansIO

/// The exit codes of the program, the same in every face. `exit N` of a script may say any other.
package struct ExitCode: Hashable, Sendable, RawRepresentable {
    package var rawValue: Int32
    package init(rawValue: Int32) { self.rawValue = rawValue }

    /// Every step passed and the shutdown was clean.
    package static let success = ExitCode(rawValue: 0)
    /// A step, an `expect` or an `assert` failed.
    package static let failed = ExitCode(rawValue: 1)
    /// Wrong use or a script error; nothing was sent.
    package static let usage = ExitCode(rawValue: 2)
    /// Configuration or credentials missing or unreadable.
    package static let configuration = ExitCode(rawValue: 3)
    /// A final refusal of REGISTER, or credentials that were refused.
    package static let refused = ExitCode(rawValue: 4)
    /// Transport, DNS or TLS failure.
    package static let transport = ExitCode(rawValue: 5)
    /// The overall time was over.
    package static let timeUp = ExitCode(rawValue: 6)
    /// All steps passed, but the shutdown was not clean.
    package static let unclean = ExitCode(rawValue: 7)
    /// `shutdown if-idle or-refuse` found live usages.
    package static let notIdle = ExitCode(rawValue: 8)
    /// Media or audio device failure.
    package static let media = ExitCode(rawValue: 9)
    /// A fault of the program itself.
    package static let internalError = ExitCode(rawValue: 70)
    package static let hungUp = ExitCode(rawValue: 129)
    package static let interrupted = ExitCode(rawValue: 130)
    package static let terminated = ExitCode(rawValue: 143)
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
