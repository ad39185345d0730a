package import DialogUsage
package import SansIO
package import SoftphoneCore

/// Runs a script: told what happened, it answers with commands to send and records to write.
///
///            started                     end of file, failure, signal               stopped
///   ready ────────────▶ running(body) ─────────────────────────────▶ stopping ────────────────▶ over
///                            │                                          ▲  │ lines that look back
///                            └──────▶ running(finally) ─────────────────┘  └──▶ running
///
/// While it runs, its lines are under way in strands, of which `parallel` makes several. A line that needs no waiting
/// (`print`, `assert`, `&`) is done on the way. What a line waits for, and until when, is in the state, so nothing has
/// to be cancelled when something else comes first.
package struct ScriptRunner: Sendable {
    package enum Input: Sendable {
        case started
        case completed(RequestID, CommandResult)
        case happened(Happening)
        /// Something in the state may have changed.
        case changed
        case deadlineReached
        case interrupted(Interruption)
        case usageEnded(ShutdownReport.Row, phase: Int, name: String?)
        case stopped(ShutdownReport)
    }

    package enum Output: Sendable {
        case send(RequestID, Command)
        case report(ScriptRecord)
        /// Done at once.
        case disturb(NetworkFault)
        /// Answered as a command is.
        case write(RequestID, file: String, FileContent)
        case finished(Verdict)
    }

    enum State: Sendable {
        case ready
        /// No strand: lines with `&` are still to be answered.
        case running(Strands)
        /// A shutdown is under way; what is left of the script is done after it.
        case stopping(Step, rest: Strands?)
        case over(Verdict)
    }
    enum Wait: Sendable {
        case answer(RequestID, giveUpAt: Instant?)
        /// A call rings, but the line wants its final answer.
        case finalAnswer(AnyUsageID, giveUpAt: Instant?)
        case goal(Statement.Goal, giveUpAt: Instant)
        case absence(EventFilter, until: Instant)
        case time(Instant)

        var deadline: Instant? {
            switch self {
            case .answer(_, let giveUpAt), .finalAnswer(_, let giveUpAt): giveUpAt
            case .goal(_, let giveUpAt): giveUpAt
            case .absence(_, let until), .time(let until): until
            }
        }
    }

    /// A line being executed. `statement` nil: the shutdown that ends every script.
    struct Step: Sendable {
        var statement: Statement?
        var since: Instant
        var giveUpAt: Instant?
        /// Of the innermost `repeat`.
        var turn: Int?
        var label: String?
    }

    /// What counts while the script runs, beside where it is.
    struct Tally: Sendable {
        var passed = 0
        var failed = 0
        /// The first thing that went wrong decides the exit code.
        var cause: ExitCode?
        var reason: String?
        var interruptions = 0
        /// The overall time was over during the shutdown, which was then forced.
        var isForced = false
    }

    let script: Script
    let start: StartRecord
    let overallTime: Duration?
    var variables: Variables
    var settings = Settings()
    var queue = EventQueue()
    var tally = Tally()
    var started: Instant = .zero
    var asynchronous: [RequestID: Step] = [:]
    /// Of those the calls that ring, while their lines want the final answer.
    var ringing: [AnyUsageID: RequestID] = [:]
    /// A shutdown that was started with `&`.
    var shutdownUnderWay: (request: RequestID, step: Step)?
    var report: ShutdownReport?
    /// When the user is told again what a shutdown waits for.
    var noticeAt: Instant?
    /// The title that the lines stand under.
    var label: String?
    private var state = State.ready
    private var lastRequest: UInt64 = 0

    struct Settings: Sendable {
        var timeout = Duration.seconds(10)
        var giveUp = Duration.seconds(5)
        var continuesAfterFailure = false
    }

    /// - Parameter giveUp: for the shutdown at the end, until `set giveup` says otherwise.
    package init(
        _ script: Script, start: StartRecord, overallTime: Duration? = nil, giveUp: Duration = .seconds(5)
    ) {
        self.script = script
        self.start = start
        self.overallTime = overallTime
        settings.giveUp = giveUp
        variables = script.variables
        variables[Variables.result] = "0"
        if let sandbox = start.sandbox { variables[Variables.sandbox] = sandbox }
    }

    package var verdict: Verdict? { if case .over(let verdict) = state { verdict } else { nil } }

    package var nextDeadline: Instant? {
        switch state {
        case .ready, .over: nil
        case .running(let strands):
            asynchronous.values.reduce(earliest(strands.nextDeadline, overallDeadline)) { earliest($0, $1.giveUpAt) }
        case .stopping: earliest(noticeAt, tally.isForced || tally.cause == .timeUp ? nil : overallDeadline)
        }
    }
    var overallDeadline: Instant? { overallTime.map { started + $0 } }

    package mutating func handle(_ input: Input, in source: some StateSource, at now: Instant) -> [Output] {
        let (next, outputs) = transition(from: state, on: input, in: source, at: now)
        state = next
        return outputs
    }

    mutating func newRequest() -> RequestID {
        lastRequest += 1
        return RequestID(serial: lastRequest)
    }
}
