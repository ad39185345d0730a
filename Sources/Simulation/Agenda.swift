import SansIO

/// What is going to happen, by its time; at one instant in the order in which it was put there.
struct Agenda<Entry: Sendable>: Sendable {
    private var heap: [(at: Instant, serial: UInt64, entry: Entry)] = []
    private var serial: UInt64 = 0

    var next: Instant? { heap.first?.at }

    mutating func add(_ entry: Entry, at instant: Instant) {
        serial += 1
        heap.append((instant, serial, entry))
        var child = heap.count - 1
        while child > 0, isBefore(child, (child - 1) / 2) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func due(at now: Instant) -> Entry? {
        guard let first = heap.first, first.at <= now else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first.entry }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && isBefore(child, least) {
                least = child
            }
            guard least != parent else { return first.entry }
            heap.swapAt(parent, least)
            parent = least
        }
    }

    /// Forgets the rest.
    mutating func keep(_ isKept: (Entry) -> Bool) {
        let kept = heap.filter { isKept($0.entry) }.sorted { ($0.at, $0.serial) < ($1.at, $1.serial) }
        heap = kept  // Sorted: a heap already.
    }

    private func isBefore(_ a: Int, _ b: Int) -> Bool {
        heap[a].at != heap[b].at ? heap[a].at < heap[b].at : heap[a].serial < heap[b].serial
    }
}
