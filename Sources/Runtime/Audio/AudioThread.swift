import CNetwork
import Glibc
package import Media

/// The thread that owns the sound of all calls: RTP and RTCP sockets, WAV files, and the 20 ms clock.
///
/// Commands come in from any thread; events leave on this one, and their receiver must not block. While no call runs the
/// thread sleeps without limit.
package final class AudioThread: Sendable {
    /// What the thread is handed.
    enum Letter: Sendable {
        case command(MediaCommand)
        case stop
    }
    /// More commands than any screen or script can produce between two frames.
    private static let mostWaiting = 4_096

    private let mailbox = Mailbox<Letter>(capacity: mostWaiting)
    private let bell: CInt
    private let thread: Locked<SystemThread?>

    /// `name` is what the system shows for the thread, at most 15 bytes.
    package init(
        name: String = "lc-audio", onEvent: @escaping @Sendable (MediaEvent) -> Void
    ) throws(RuntimeError) {
        let bell = cn_bell_new()
        guard bell >= 0 else {
            throw .noResources(what: "descriptor", reason: String(cString: cn_error_text(-bell)))
        }
        self.bell = bell
        let mailbox = self.mailbox
        do throws(RuntimeError) {
            let thread = try SystemThread.start(name) {
                var loop = AudioLoop(mailbox: mailbox, bell: bell, onEvent: onEvent)
                loop.run()
            }
            self.thread = Locked(thread)
        } catch {
            close(bell)
            throw error
        }
    }
    deinit { stop() }

    /// Hands a command over. False when nothing is taken any more: `stop` was called, or too much waits already.
    @discardableResult
    package func post(_ command: MediaCommand) -> Bool {
        mailbox.post([.command(command)], wake: { cn_bell_ring(bell) }) != nil
    }

    /// Ends every call, finishes every file, and returns when the thread and all its descriptors are gone. Harmless when
    /// that has happened already; not to be called from `onEvent`.
    package func stop() {
        let running = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        guard let running else { return }
        // A box that is too full loses its oldest letters rather than this one.
        while mailbox.post([.stop], wake: { cn_bell_ring(bell) }) == nil { _ = mailbox.takeAll() }
        running.join()
        mailbox.shut()
        close(bell)
    }
}
