import BatchScript
import DialogUsage
import Glibc
import Runtime
import SansIO
import SoftphoneCore

/// How a run that somebody sits at ends, as far as it is known: the same with and without a screen, and the same for
/// whichever thread comes to its end, be it the one that shows things or one that stands in for it.
final class SessionEnding: Sendable {
    private struct State {
        let started = MonotonicClock.now()
        var names: [AnyUsageID: String] = [:]
        var report: ShutdownReport?
        /// What registrars keep of us, and what they keep of earlier runs.
        var bindings: [AnyUsageID: Leftover] = [:]
        var leftovers: [Leftover] = []
        var interruptions = 0
        var hasHungUp = false
        var forcedBy: ExitCode?
    }
    private let state: Locked<State>
    /// One writer at a time; nil: there is no place for one, none is wanted, or all has been said in it.
    private let receipt: Locked<ReceiptFile?>
    private let isKept: Bool

    /// - Parameter leftovers: what the receipt of the run before said.
    init(receipt: ReceiptFile? = nil, leftovers: [Leftover] = []) {
        var state = State()
        state.leftovers = leftovers
        self.state = Locked(state)
        self.receipt = Locked(receipt)
        isKept = receipt != nil
    }

    // MARK: What becomes known

    func named(_ name: String?, _ id: AnyUsageID) { if let name { state.withLock { $0.names[id] = name } } }
    func stopped(_ report: ShutdownReport) { state.withLock { $0.report = report } }
    func bound(_ id: AnyUsageID, _ binding: Leftover?) { state.withLock { $0.bindings[id] = binding } }
    func left(_ leftovers: [Leftover]) { state.withLock { $0.leftovers = leftovers } }

    /// A signal: the first one asks, the second one forces, the third one leaves everything where it is.
    func interrupted(by number: CInt) -> SoftphoneCore.Command? {
        let interruption: Interruption
        switch number {
        case SIGINT, SIGQUIT: interruption = .interrupt
        case SIGTERM: interruption = .terminate
        case SIGHUP: interruption = .hangUp
        default: return nil
        }
        return state.withLock { state in
            if interruption == .hangUp {
                // A terminal that goes says so in two ways.
                if state.hasHungUp { return nil }
                state.hasHungUp = true
            }
            // Ctrl-\ does not ask.
            state.interruptions += number == SIGQUIT ? 2 : 1
            guard state.interruptions > 1 else {
                // Who hangs up is waited for by nobody; otherwise as configured.
                let giveUp = interruption == .hangUp ? interruption.giveUp : nil
                return .shutdown(ShutdownRequest(.graceful, giveUp: giveUp))
            }
            state.forcedBy = state.forcedBy ?? interruption.exitCode
            return .shutdown(ShutdownRequest(.force(bestEffort: true)))
        }
    }
    /// Ctrl-C is a key on the screen, which the app counts; from the second one on it forces.
    func forcedByKey() { state.withLock { $0.forcedBy = $0.forcedBy ?? .interrupted } }

    // MARK: What comes of it

    /// Signals.
    var interruptions: Int { state.withLock { $0.interruptions } }
    var report: ShutdownReport? { state.withLock { $0.report } }
    var verdict: Verdict? { state.withLock { Self.verdict($0) } }
    var exit: ExitCode { state.withLock { Self.verdict($0)?.exit ?? $0.forcedBy ?? .internalError } }

    private static func verdict(_ state: State) -> Verdict? {
        state.report.map { Verdict(on: $0, cause: state.forcedBy, elapsed: MonotonicClock.now() - state.started) }
    }

    /// The receipt, for whoever has just left.
    var farewell: [String] {
        let state = state.withLock { $0 }
        guard let report = state.report, let verdict = Self.verdict(state) else {
            return ["left; nothing was said to anybody"]
        }
        return ReportText.farewell(report, names: state.names, verdict: verdict, isKept: isKept) {
            WallClock.time(of: $0).localClock
        }
    }

    /// For the next start, by whoever is the first to know that this is the end: what was not ended in order, and if
    /// nothing was, everything that registrars keep.
    func keepReceipt() {
        receipt.withLock { receipt in
            guard let file = receipt else { return }
            let state = state.withLock { $0 }
            let told = Set(state.report?.usages.map(\.id) ?? [])
            let bound = state.bindings.filter { !told.contains($0.key) }.sorted { $0.key.serial < $1.key.serial }
            file.keep(state.report, names: state.names, carried: state.leftovers + bound.map(\.value))
            if state.report != nil { receipt = nil }
        }
    }
}
