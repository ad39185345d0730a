import BatchScript
import Glibc

/// Waits for the signals that ask the program to end, on a thread that does nothing else: so they are heard also when
/// whoever reads our output does not read on.
enum SignalThread {
    enum Heard: Hashable, Sendable {
        case interruption(Interruption, count: Int)
        /// Log files are to be opened again.
        case reopen
    }
    private static let interruptions: [Int32: Interruption] = [
        SIGINT: .interrupt, SIGTERM: .terminate, SIGHUP: .hangUp,
    ]

    /// From now on the signals wait for `start`, in this thread and in all that it makes. Call it before there are any.
    static func block() {
        var set = set
        pthread_sigmask(SIG_BLOCK, &set, nil)
        // A reader who has gone is seen as a failed write.
        signal(SIGPIPE, SIG_IGN)
    }

    static func start(_ heard: @escaping @Sendable (Heard) -> Void) {
        let context = Unmanaged.passRetained(Context(heard: heard))
        var thread = pthread_t()
        let error = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                SignalThread.listen(Unmanaged<Context>.fromOpaque(argument).takeRetainedValue())
            }, context.toOpaque())
        if error == 0 { pthread_detach(thread) } else { context.release() }
    }

    private static func listen(_ context: Context) -> Never {
        var count = 0
        while true {
            var set = set
            var number: Int32 = 0
            guard sigwait(&set, &number) == 0 else { continue }
            if let interruption = interruptions[number] {
                count += 1
                context.heard(.interruption(interruption, count: count))
            } else {
                context.heard(.reopen)
            }
        }
    }

    private static var set: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in Array(interruptions.keys) + [SIGUSR1] { sigaddset(&set, number) }
        return set
    }

    private final class Context: Sendable {
        let heard: @Sendable (Heard) -> Void
        init(heard: @escaping @Sendable (Heard) -> Void) { self.heard = heard }
    }
}
