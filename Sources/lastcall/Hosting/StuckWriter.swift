import BatchScript
import CursesTerminal
import DialogUsage
import Dispatch
import Glibc
import Runtime
import SansIO
import SoftphoneCore

/// Stands in for the thread that shows things while that hangs in a write, because whoever reads what we write has
/// stopped. Calls go on meanwhile, on their own threads; but signals, and the end, must be heard by somebody.
final class StuckWriter: Sendable {
    private struct State {
        var isReleased = false
        /// Far from those that the other thread gives out.
        var lastRequest = UInt64.max / 2
    }
    /// A signal that has lain there for so long is taken by nobody else.
    private static let patience = Duration.milliseconds(500)
    /// Drawing the end takes no longer than this.
    private static let lastPatience = DispatchTimeInterval.seconds(1)

    private let signals: SignalSource
    private let ending: SessionEnding
    private let state = Locked(State())
    private let commands = Wire<SoftphoneInput>()

    init(_ signals: SignalSource, _ ending: SessionEnding) {
        self.signals = signals
        self.ending = ending
    }

    /// From now on, on a thread that does nothing else and ends with the program.
    func watch(_ send: @escaping @Sendable (SoftphoneInput) -> Void) throws(RuntimeError) {
        commands.connect(send)
        try SystemThread.start("lc-watch") { while !self.isReleased { self.listen() } }.letGo()
    }

    /// The thread that shows things has come to its end by itself.
    func release() { state.withLock { $0.isReleased = true } }
    private var isReleased: Bool { state.withLock { $0.isReleased } }

    /// Nothing of the user agent is left. Who does not read on will not read that either.
    func finished() {
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.lastPatience) { self.leaveUnlessReleased() }
    }

    private func listen() {
        guard isPending(within: -1) else { return }
        usleep(UInt32(Self.patience.inMilliseconds) * 1_000)
        guard isPending(within: 0) else { return }
        var ours: [SignalSource.Signal] = []
        while let signal = signals.next() { ours.append(signal) }
        for signal in ours {
            switch signal {
            case .hangUp, .interrupt, .quit, .terminate: interrupted(by: signal)
            // The screen will want to know, when it can be drawn again.
            case .userOne, .continued, .stop, .windowChanged: kill(getpid(), signal.rawValue)
            }
        }
    }

    private func interrupted(by signal: SignalSource.Signal) {
        let command = ending.interrupted(by: signal.rawValue)
        if ending.interruptions > 2 { leaveUnlessReleased() }
        let request = state.withLock { state in
            state.lastRequest += 1
            return RequestID(serial: state.lastRequest)
        }
        if let command { commands.send(.request(request, command)) }
    }

    private func isPending(within milliseconds: Int32) -> Bool {
        var watched = pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, milliseconds) > 0
    }

    private func leaveUnlessReleased() {
        guard !isReleased else { return }
        ending.keepReceipt()
        Terminal.abandon()
        _exit(ending.exit.rawValue)
    }
}
