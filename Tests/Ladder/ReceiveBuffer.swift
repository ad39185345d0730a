package import SansIO

/// A model of a receiver's socket buffer: `capacity` bytes, emptied at a steady rate, each datagram charged as the kernel
/// does it. What does not fit is lost, and counted.
package struct ReceiveBuffer: Sendable {
    /// Linux' net.core.rmem_default.
    package static let defaultCapacity = 212_992
    /// What the kernel charges for a datagram of at most about 1,400 bytes with its bookkeeping (`skb->truesize`).
    package static let charge = 2_304

    package let capacity: Int
    /// How long the receiver takes for each datagram.
    package let service: Duration
    package private(set) var lost = 0
    package private(set) var fullest = 0
    /// When each datagram now in the buffer will have been taken out.
    private var taken: [Instant] = []
    private var first = 0

    package init(capacity: Int = defaultCapacity, service: Duration) {
        self.capacity = capacity
        self.service = service
    }

    /// When the receiver gets to read this datagram; nil: there was no room.
    package mutating func arrive(at now: Instant) -> Instant? {
        while first < taken.count, taken[first] <= now { first += 1 }
        let held = (taken.count - first + 1) * Self.charge
        guard held <= capacity else {
            lost += 1
            return nil
        }
        fullest = max(fullest, held)
        let done = max(now, first < taken.count ? taken[taken.count - 1] : now) + service
        taken.append(done)
        return done
    }
}
