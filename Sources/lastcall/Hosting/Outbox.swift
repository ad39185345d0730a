import Glibc
import Synchronization

/// What the threads of a run leave for the one that writes: a slow reader of our output must never hold up a
/// retransmission.
final class Outbox<Letter: Sendable>: Sendable {
    private let letters = Mutex<[Letter]>([])
    private let count: Bell

    /// A counting semaphore; it lives as long as the box.
    private struct Bell: @unchecked Sendable {
        let semaphore: UnsafeMutablePointer<sem_t>
    }

    init() {
        count = Bell(semaphore: .allocate(capacity: 1))
        sem_init(count.semaphore, 0, 0)
    }
    deinit {
        sem_destroy(count.semaphore)
        count.semaphore.deallocate()
    }

    func post(_ letter: Letter) {
        let wasEmpty = letters.withLock { letters in
            letters.append(letter)
            return letters.count == 1
        }
        if wasEmpty { sem_post(count.semaphore) }
    }

    /// Everything that has been left, in order; waits until there is something.
    func takeAll() -> [Letter] {
        while true {
            while sem_wait(count.semaphore) != 0 {}
            let taken = letters.withLock { letters in
                let taken = letters
                letters = []
                return taken
            }
            if !taken.isEmpty { return taken }
        }
    }
}
