import BatchScript
import Glibc

/// Waits for the signals that ask the program to end, on a thread that does nothing else: so they are heard also when
/// whoever reads our output does not read on.
enum SignalThread {
    private static let signals: [Int32: Interruption] = [SIGINT: .interrupt, SIGTERM: .terminate, SIGHUP: .hangUp]

    /// From now on the signals wait for `start`, in this thread and in all that it makes. Call it before there are any.
    static func block() {
        var set = set
        pthread_sigmask(SIG_BLOCK, &set, nil)
        // A reader who has gone is seen as a failed write.
        signal(SIGPIPE, SIG_IGN)
    }

    /// - Parameter heard: what came, and how many have come now.
    static func start(_ heard: @escaping @Sendable (Interruption, Int) -> Void) {
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
            guard sigwait(&set, &number) == 0, let interruption = signals[number] else { continue }
            count += 1
            context.heard(interruption, count)
        }
    }

    private static var set: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in signals.keys { sigaddset(&set, number) }
        return set
    }

    private final class Context: Sendable {
        let heard: @Sendable (Interruption, Int) -> Void
        init(heard: @escaping @Sendable (Interruption, Int) -> Void) { self.heard = heard }
    }
}
