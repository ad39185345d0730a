import Dispatch
import Runtime

/// What the threads of a run leave for the one that writes: a slow reader of our output must never hold up a
/// retransmission.
final class Outbox<Letter: Sendable>: Sendable {
    private let mailbox = Mailbox<Letter>(capacity: .max)
    private let bell = DispatchSemaphore(value: 0)

    func post(_ letter: Letter) { _ = mailbox.post([letter]) { bell.signal() } }

    /// Everything that has been left, in order; waits until there is something.
    func takeAll() -> [Letter] {
        while true {
            bell.wait()
            let taken = mailbox.takeAll()
            if !taken.isEmpty { return taken }
        }
    }
}
