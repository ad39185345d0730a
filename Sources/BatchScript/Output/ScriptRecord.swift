package import DialogUsage
import SansIO
package import SoftphoneCore

/// What a run tells the outside, before it is written as text or as JSON.
package enum ScriptRecord: Sendable {
    case start(StartRecord)
    case step(StepRecord)
    case event(Happening)
    case print(String, line: Int)
    /// What was asked for of the state, in lines.
    case dump(String, String, line: Int)
    /// The title of the lines that follow.
    case label(String, line: Int)
    /// A shutdown takes its time; whom it waits for. For people only: programs have the events.
    case waiting([String])
    /// A usage has ended during shutdown. `phase` is its group, 0 to 7.
    case shutdownUsage(ShutdownReport.Row, phase: Int, name: String?)
    case end(Verdict, ShutdownReport?)
}

/// The circumstances of a run.
package struct StartRecord: Hashable, Sendable {
    /// Wall-clock time as ISO 8601 with milliseconds; the core has no clock, the program passes it in.
    package var time: String
    package var application: String
    /// The seed, when the run is a repeatable one.
    package var seed: UInt64?
    package var file: String
    /// Where the sandbox listens, when there is one.
    package var sandbox: String?

    package init(time: String, application: String, file: String, seed: UInt64? = nil, sandbox: String? = nil) {
        self.time = time
        self.application = application
        self.file = file
        self.seed = seed
        self.sandbox = sandbox
    }
}

/// What became of one line of the script.
package struct StepRecord: Hashable, Sendable {
    package enum Status: String, Hashable, Sendable {
        case ok, failed
        /// The shutdown ended, but not cleanly.
        case unclean
        /// It failed under `try`.
        case tried
        /// A signal, the overall time or the end of the script came first.
        case cutShort = "cut short"
    }
    /// nil: the shutdown that ends every script.
    package var line: Int?
    /// The file that it stands in, when that is not the script's own.
    package var file: String?
    /// Of the innermost `repeat`, counted from 1.
    package var turn: Int?
    /// The title that it stands under.
    package var label: String?
    package var verb: String
    /// As it stands in the script, without comment and password.
    package var statement: String
    package var status: Status
    package var code: Int?
    /// What it came to in a word or two; why it failed.
    package var text: String
    package var duration: Duration
    package var usage: String?
    package var account: String?

    /// `line 4`, `lib.batch:4`, or `the end`.
    var place: String {
        guard let line else { return "the end" }
        return file.map { "\($0):\(line)" } ?? "line \(line)"
    }
}
