/// What other threads leave for one thread, in order, up to a limit. Whoever fills an empty box wakes the owner; the
/// owner takes everything at a time.
package final class Mailbox<Letter: Sendable>: Sendable {
    private struct Contents {
        var letters: [Letter] = []
        var isShut = false
    }
    private let contents = Locked(Contents())
    private let capacity: Int

    package init(capacity: Int) { self.capacity = capacity }

    /// How many letters wait now, or nil if nothing was kept because the box is full or shut. `wake` runs under the
    /// lock, so that after `shut` nobody is woken any more; it must not come back here. What must not get
    /// lost is kept even in a full box.
    package func post(_ letters: some Collection<Letter>, evenIfFull: Bool = false, wake: () -> Void) -> Int? {
        contents.withLock { contents in
            guard !contents.isShut, evenIfFull || contents.letters.count < capacity else { return nil }
            let wasEmpty = contents.letters.isEmpty
            contents.letters += letters
            if wasEmpty, !letters.isEmpty { wake() }
            return contents.letters.count
        }
    }

    package func takeAll() -> [Letter] {
        contents.withLock { contents in
            var taken: [Letter] = []
            swap(&taken, &contents.letters)
            return taken
        }
    }

    /// From now on everything is refused; what lies in it is dropped.
    package func shut() {
        contents.withLock { contents in
            contents.isShut = true
            contents.letters = []
        }
    }
}
