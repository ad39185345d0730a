import Dispatch
import Runtime

/// What the threads of a run leave for the one that writes: a slow reader of our output must never hold up a
/// retransmission.
final class Outbox<Letter: Sendable>: Sendable {
    private let mailbox = Mailbox<Letter>(capacity: 100_000)
    private let lost = Locked(0)
    private let bell = DispatchSemaphore(value: 0)

    /// - Parameter isDroppable: it is lost, and counted, where too many wait already.
    func post(_ letter: Letter, isDroppable: Bool = false) {
        let waiting = mailbox.post([letter], evenIfFull: !isDroppable) { bell.signal() }
        if waiting == nil { lost.withLock { $0 += 1 } }
    }
    /// How many letters were lost.
    var lostLetters: Int { lost.withLock { $0 } }

    /// Everything that has been left, in order; waits until there is something.
    func takeAll() -> [Letter] {
        while true {
            bell.wait()
            let taken = mailbox.takeAll()
            if !taken.isEmpty { return taken }
        }
    }
}
