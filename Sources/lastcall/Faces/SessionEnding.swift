import BatchScript
import DialogUsage
import Glibc
import Runtime
import SansIO
import SoftphoneCore

/// How a run that somebody sits at ends, as far as it is known: the same with and without a screen.
struct SessionEnding {
    private let started = MonotonicClock.now()
    private var names: [AnyUsageID: String] = [:]
    private(set) var report: ShutdownReport?
    /// Signals. Ctrl-C is a key on the screen, which the app counts.
    private(set) var interruptions = 0
    private var hasHungUp = false
    /// The shutdown was forced by a signal.
    private var forcedBy: ExitCode?

    mutating func named(_ name: String?, _ id: AnyUsageID) { if let name { names[id] = name } }
    mutating func stopped(_ report: ShutdownReport) { self.report = report }

    /// A signal: the first one asks, the second one forces, the third one leaves everything where it is.
    mutating func interrupted(by number: CInt) -> SoftphoneCore.Command? {
        let interruption: Interruption
        switch number {
        case SIGINT, SIGQUIT: interruption = .interrupt
        case SIGTERM: interruption = .terminate
        case SIGHUP:
            // A terminal that goes says so in two ways.
            guard !hasHungUp else { return nil }
            hasHungUp = true
            interruption = .hangUp
        default: return nil
        }
        // Ctrl-\ does not ask.
        interruptions += number == SIGQUIT ? 2 : 1
        guard interruptions > 1 else {
            // Who hangs up is waited for by nobody; otherwise as configured.
            let giveUp = interruption == .hangUp ? interruption.giveUp : nil
            return .shutdown(ShutdownRequest(.graceful, giveUp: giveUp))
        }
        forcedBy = forcedBy ?? interruption.exitCode
        return .shutdown(ShutdownRequest(.force(bestEffort: true)))
    }

    /// - Parameter cause: what else made it no graceful end.
    func verdict(cause: ExitCode? = nil) -> Verdict? {
        report.map { Verdict(on: $0, cause: forcedBy ?? cause, elapsed: MonotonicClock.now() - started) }
    }
    func exit(cause: ExitCode? = nil) -> ExitCode { verdict(cause: cause)?.exit ?? forcedBy ?? cause ?? .internalError }

    /// The receipt, for whoever has just left.
    func farewell(cause: ExitCode? = nil, isKept: Bool) -> [String] {
        guard let report, let verdict = verdict(cause: cause) else { return ["left; nothing was said to anybody"] }
        return ReportText.farewell(report, names: names, verdict: verdict, isKept: isKept) {
            WallClock.time(of: $0).localClock
        }
    }

    /// For the next start.
    func keepReceipt(in file: ReceiptFile, carried: [Leftover]) {
        if let report { file.keep(report, names: names, carried: carried) }
    }
}
