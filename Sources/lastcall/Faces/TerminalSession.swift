import BatchScript
import CursesTerminal
import DialogUsage
import Glibc
import Runtime
import SansIO
import SoftphoneCore
import TerminalUI

/// What the other threads tell the terminal's.
enum TerminalNews: Sendable {
    case event(SoftphoneEvent)
    /// The stack thread has been joined; nothing of the user agent is left.
    case finished
}

/// One run in the terminal: what comes in goes to the application on the screen, what it wants goes to the softphone.
struct TerminalSession: ~Copyable {
    private var app: App
    private let stack: StackThread<Softphone>
    private let inbox: TerminalInbox<TerminalNews>
    private let started = MonotonicClock.now()
    private var log: RecordWriter?
    private var snapshot = SnapshotPace()
    private var lastRequest: UInt64 = 0
    private var ending = Ending()

    /// How the run ends, as far as it is known.
    private struct Ending {
        var report: ShutdownReport?
        var names: [AnyUsageID: String] = [:]
        /// Signals. Ctrl-C is a key here, which the app counts.
        var interruptions = 0
        /// The shutdown was forced by a signal.
        var cause: ExitCode?
    }

    init(_ stack: StackThread<Softphone>, _ inbox: TerminalInbox<TerminalNews>, keys: KeyMap, logs: Bool) {
        app = App(keys: keys)
        self.stack = stack
        self.inbox = inbox
        log = logs ? RecordWriter(.jsonl, started: started) : nil
    }

    /// Everything that has come since the last turn, and one screen.
    mutating func turn(_ events: [TerminalEvent], _ size: Size, _ files: borrowing OutputFiles) -> TerminalTurn {
        let now = MonotonicClock.now()
        for letter in inbox.takeAll() {
            switch letter {
            case .event(let event): hear(event, files, at: now)
            case .finished: return .leave
            }
        }
        for event in events {
            switch event {
            case .key(let key): perform(app.update(.key(key), at: now))
            case .signal(let number): interrupt(number)
            case .hungUp: interrupt(SIGHUP)
            case .resized(let size): perform(app.update(.resized(size), at: now))
            case .rung, .elapsed: break
            }
        }
        perform(app.elapsed(at: now))
        if ending.interruptions > 2 || app.isAbandoned { return .leave }
        if snapshot.isDue(at: now) { stack.send(.snapshotWanted) }
        return .show(app.view(in: size, at: now), again: earlier(snapshot.wait(at: now), app.redrawsAfter(at: now)))
    }

    private func earlier(_ a: Duration?, _ b: Duration?) -> Duration? {
        if let a, let b { min(a, b) } else { a ?? b }
    }

    // MARK: The softphone

    private mutating func hear(_ event: SoftphoneEvent, _ files: borrowing OutputFiles, at now: Instant) {
        switch event {
        case .changed: snapshot.isWanted = true
        case .snapshot(let model):
            snapshot.arrived()
            perform(app.update(.model(model), at: now))
        case .completed(let request, let result): perform(app.update(.completed(request, result), at: now))
        case .happened(let happening):
            note(.event(happening), files, at: now)
            perform(app.update(.happened(happening), at: now))
        case .shutdownUsage(let row, let phase, let name):
            if let name { ending.names[row.id] = name }
            note(.shutdownUsage(row, phase: phase, name: name), files, at: now)
        case .stopped(let report):
            ending.report = report
            if let verdict { note(.end(verdict, report), files, at: now) }
        case .traced(let line): files.write(line)
        case .media, .fault: break  // They went to their threads directly.
        }
    }

    private mutating func perform(_ commands: [SoftphoneCore.Command]) {
        for command in commands {
            lastRequest += 1
            stack.send(.request(RequestID(serial: lastRequest), command))
        }
    }

    private mutating func note(_ record: ScriptRecord, _ files: borrowing OutputFiles, at now: Instant) {
        for line in log?.lines(for: record, at: now) ?? [] { files.log(line.text) }
    }

    // MARK: Signals

    /// The first one asks, the second one forces, the third one leaves everything where it is.
    private mutating func interrupt(_ number: CInt) {
        let interruption: Interruption
        switch number {
        case SIGINT, SIGQUIT: interruption = .interrupt
        case SIGTERM: interruption = .terminate
        case SIGHUP: interruption = .hangUp
        default: return
        }
        ending.interruptions += number == SIGQUIT ? 2 : 1
        switch ending.interruptions {
        case 1:
            // Who hangs up is waited for by nobody; otherwise as configured.
            let giveUp = interruption == .hangUp ? interruption.giveUp : nil
            perform([.shutdown(ShutdownRequest(.graceful, giveUp: giveUp))])
        default:
            ending.cause = ending.cause ?? interruption.exitCode
            perform([.shutdown(ShutdownRequest(.force(bestEffort: true)))])
        }
    }

    // MARK: The end

    private var verdict: Verdict? {
        ending.report.map { Verdict(on: $0, cause: cause, elapsed: MonotonicClock.now() - started) }
    }

    /// Left by a third signal, with everything still there.
    var isAbandoned: Bool { ending.report == nil }
    var exit: ExitCode { verdict?.exit ?? cause ?? .internalError }
    private var cause: ExitCode? { ending.cause ?? (app.isInterrupted ? .interrupted : nil) }

    /// What is printed when the terminal is the user's again.
    var farewell: [String] {
        guard let report = ending.report, let verdict else { return ["left; nothing was said to anybody"] }
        return ReportText.farewell(report, names: ending.names, verdict: verdict)
    }
}

/// Asks for a model when something has changed, at most thirty times a second and never twice at a time.
struct SnapshotPace {
    var isWanted = true
    private var isUnderWay = false
    private var lastAsked: Instant?
    private static let interval = Duration.milliseconds(33)

    mutating func arrived() { isUnderWay = false }

    mutating func isDue(at now: Instant) -> Bool {
        guard isWanted, !isUnderWay, wait(at: now) == .zero else { return false }
        isWanted = false
        isUnderWay = true
        lastAsked = now
        return true
    }

    /// How long until the next one may be asked for; nil when none is wanted, or one is on its way.
    func wait(at now: Instant) -> Duration? {
        guard isWanted, !isUnderWay else { return nil }
        return lastAsked.map { max(.zero, $0 + Self.interval - now) } ?? .zero
    }
}
