import CNetwork
import Glibc

/// One thread of our own with a name, which somebody joins or which is let go on purpose.
package struct SystemThread {
    private let thread: pthread_t

    /// Starts `body`; the name (at most 15 bytes) is what `top -H` shows.
    package static func start(
        _ name: String, _ body: @escaping @Sendable () -> Void
    ) throws(RuntimeError) -> SystemThread {
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        var thread = pthread_t()
        let error = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                cn_name_thread(start.name)
                start.body()
                return nil
            }, start.toOpaque())
        guard error == 0 else {
            start.release()
            throw .noResources(what: "thread", reason: String(cString: cn_error_text(error)))
        }
        return SystemThread(thread: thread)
    }

    /// Waits until the thread has ended. Once only.
    package func join() { pthread_join(thread, nil) }
    /// Nobody will join it; it cleans up after itself. Once only, and not after `join`.
    package func letGo() { pthread_detach(thread) }

    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void
        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
}
