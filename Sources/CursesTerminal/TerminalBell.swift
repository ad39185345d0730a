import CTerminal
import Glibc

/// Wakes the terminal's thread from any other, for instance when a mailbox has something for it.
package final class TerminalBell: Sendable {
    let descriptor: CInt

    package init() throws(TerminalError) {
        descriptor = ct_bell_new()
        guard descriptor >= 0 else { throw .noResources }
    }
    deinit { close(descriptor) }

    /// Rung many times before the thread looks, it is heard once.
    package func ring() { ct_bell_ring(descriptor) }
}
