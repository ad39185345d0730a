/// A hierarchical timing wheel of four levels with 256 slots each and a tick of one millisecond: where each pending timer
/// stands, by its index.
package struct TimerSlots: Sendable {
    private struct Node: Sendable {
        var tick: Int64
        /// Counts the schedulings: the order among those of one tick.
        var serial: UInt64
        /// -1: free.
        var slot: Int32
        var next: Int32
        var previous: Int32
        var generation: UInt32
    }
    private static let none: Int32 = -1
    private static let levels = 4
    private static let slots = 256

    private var nodes: [Node] = []
    private var free: Int32 = -1
    private var heads: [Int32]
    /// The earliest tick that was put into each slot; too early only after that one was cancelled.
    private var earliest: [Int64]
    private var occupied: [UInt64]
    private var current: Int64 = 0
    private var lastSerial: UInt64 = 0
    package private(set) var count = 0

    package init() {
        heads = Array(repeating: -1, count: Self.levels * Self.slots)
        earliest = Array(repeating: .max, count: Self.levels * Self.slots)
        occupied = Array(repeating: 0, count: Self.levels * Self.slots / 64)
    }

    package mutating func schedule(at instant: Instant) -> TimerToken {
        let tick = max(current, Self.tick(notBefore: instant))
        let index: Int32
        if free != Self.none {
            index = free
            free = nodes[Int(index)].next
        } else {
            index = Int32(nodes.count)
            nodes.append(Node(tick: 0, serial: 0, slot: -1, next: -1, previous: -1, generation: 0))
        }
        nodes[Int(index)].tick = tick
        lastSerial += 1
        nodes[Int(index)].serial = lastSerial
        link(index)
        count += 1
        return TimerToken(index: index, generation: nodes[Int(index)].generation)
    }

    /// False when there was nothing to cancel.
    package mutating func cancel(_ token: TimerToken) -> Bool {
        guard token.index >= 0, Int(token.index) < nodes.count,
            nodes[Int(token.index)].generation == token.generation, nodes[Int(token.index)].slot >= 0
        else { return false }
        unlink(token.index)
        release(token.index)
        return true
    }

    /// When the first of them comes due. Earlier than that at most where one was cancelled, and where one lies beyond the
    /// reach of the wheel and has to be moved.
    package var nextDeadline: Instant? {
        guard count > 0 else { return nil }
        var soonest = Int64.max
        for level in 0..<Self.levels {
            guard let slot = firstOccupied(level) else { continue }
            soonest = min(soonest, earliest[slot])
        }
        return Instant(nanoseconds: max(soonest, current) * 1_000_000)
    }

    /// Everything due at `now`, earliest first; among those of one millisecond in the order of their scheduling.
    package mutating func advance(to now: Instant) -> [Int32] {
        let target = now.nanoseconds / 1_000_000
        guard count > 0, target >= current else {
            current = max(current, target)
            return []
        }
        var due: [(tick: Int64, serial: UInt64, index: Int32)] = []
        while count > 0, let deadline = nextDeadline, deadline.nanoseconds / 1_000_000 <= target {
            current = max(current, deadline.nanoseconds / 1_000_000)
            sweep(into: &due)
        }
        current = max(current, target)
        return due.sorted { ($0.tick, $0.serial) < ($1.tick, $1.serial) }.map(\.index)
    }

    /// Takes what is due now out of every level, and moves what has come near into finer slots.
    private mutating func sweep(into due: inout [(tick: Int64, serial: UInt64, index: Int32)]) {
        for level in 0..<Self.levels {
            guard let slot = firstOccupied(level), earliest[slot] <= current else { continue }
            var index = heads[slot]
            heads[slot] = Self.none
            earliest[slot] = .max
            occupied[slot / 64] &= ~(1 << UInt64(slot % 64))
            while index != Self.none {
                let next = nodes[Int(index)].next
                if nodes[Int(index)].tick <= current {
                    due.append((nodes[Int(index)].tick, nodes[Int(index)].serial, index))
                    release(index)
                } else {
                    link(index)
                }
                index = next
            }
        }
    }

    // MARK: Slots

    private static func tick(notBefore instant: Instant) -> Int64 {
        let (whole, rest) = instant.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000)
        // The last tick that an instant can name is as good as never.
        return rest > 0 ? min(whole + 1, Int64.max / 1_000_000) : whole
    }
    /// The slot for a tick, and when that slot has to be looked at.
    private func place(for tick: Int64) -> (slot: Int, due: Int64) {
        for level in 0..<Self.levels {
            let shift = Int64(8 * level)
            if (tick >> shift) - (current >> shift) < Int64(Self.slots) {
                return (level * Self.slots + Int((tick >> shift) & 255), tick)
            }
        }
        // Farther than the wheel reaches (49 days): the last slot of the last level, and again from there.
        let shift = Int64(8 * (Self.levels - 1))
        let last = (current >> shift) + 255
        return ((Self.levels - 1) * Self.slots + Int(last & 255), last << shift)
    }
    private mutating func link(_ index: Int32) {
        let (slot, due) = place(for: nodes[Int(index)].tick)
        nodes[Int(index)].slot = Int32(slot)
        nodes[Int(index)].previous = Self.none
        nodes[Int(index)].next = heads[slot]
        if heads[slot] != Self.none { nodes[Int(heads[slot])].previous = index }
        heads[slot] = index
        earliest[slot] = min(earliest[slot], due)
        occupied[slot / 64] |= 1 << UInt64(slot % 64)
    }
    private mutating func unlink(_ index: Int32) {
        let node = nodes[Int(index)]
        let slot = Int(node.slot)
        if node.previous != Self.none {
            nodes[Int(node.previous)].next = node.next
        } else {
            heads[slot] = node.next
        }
        if node.next != Self.none { nodes[Int(node.next)].previous = node.previous }
        if heads[slot] == Self.none {
            earliest[slot] = .max
            occupied[slot / 64] &= ~(1 << UInt64(slot % 64))
        }
    }
    private mutating func release(_ index: Int32) {
        nodes[Int(index)].slot = -1
        nodes[Int(index)].generation &+= 1
        nodes[Int(index)].next = free
        free = index
        count -= 1
    }
    /// The first slot of a level, from the present on, that holds anything.
    private func firstOccupied(_ level: Int) -> Int? {
        let start = Int((current >> Int64(8 * level)) & 255)
        let base = level * Self.slots / 64
        for step in 0...4 {
            let word = (start / 64 + step) % 4
            var bits = occupied[base + word]
            if step == 0 { bits &= ~0 << UInt64(start % 64) }
            if step == 4 { bits &= (start % 64 == 0) ? 0 : ~(~0 << UInt64(start % 64)) }
            if bits != 0 { return level * Self.slots + word * 64 + bits.trailingZeroBitCount }
        }
        return nil
    }
}
