package import SansIO

/// Datagrams on their way, over virtual time. Of two that arrive at the same instant the one sent first comes first.
package struct SimulatedNetwork: Sendable {
    /// One way.
    package var latency: Duration
    /// The part of the datagrams that never arrives, from 0 to 1.
    package var loss: Double
    private var entropy: Entropy
    private var heap: [Flight] = []
    private var serial: UInt64 = 0

    private struct Flight: Sendable {
        var at: Instant
        var serial: UInt64
        var datagram: Datagram

        func isBefore(_ other: Flight) -> Bool { at != other.at ? at < other.at : serial < other.serial }
    }

    package init(latency: Duration = .milliseconds(20), loss: Double = 0, seed: UInt64 = 1) {
        self.latency = latency
        self.loss = loss
        entropy = Entropy(seed: seed)
    }

    package var count: Int { heap.count }
    package var nextArrival: Instant? { heap.first?.at }

    package mutating func send(_ datagram: Datagram, after delay: Duration = .zero, at now: Instant) {
        if loss > 0, entropy.fraction() < loss { return }
        serial += 1
        heap.append(Flight(at: now + latency + delay, serial: serial, datagram: datagram))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].isBefore(heap[parent]) else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// The next datagram that has arrived, in order of arrival.
    package mutating func next(at now: Instant) -> Datagram? {
        guard let first = heap.first, first.at <= now else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            settle()
        }
        return first.datagram
    }

    private mutating func settle() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[child].isBefore(heap[least]) { least = child }
            }
            guard least != parent else { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
