/// Deadlines by the thousand, each with a key. Scheduling and cancelling take the same short time however many are pending,
/// and nothing is searched.
///
/// It has no clock: `advance(to:)` is told the time and says what has come due, in order. What has nothing to do with the
/// key is in `TimerSlots`, once for all kinds of keys.
package struct TimingWheel<Key: Sendable>: Sendable {
    package var slots = TimerSlots()
    /// By the index of the timer.
    package var keys: [Key?] = []

    @inlinable package init() {}

    @inlinable package var count: Int { slots.count }

    @inlinable package mutating func schedule(_ key: Key, at instant: Instant) -> TimerToken {
        let token = slots.schedule(at: instant)
        if Int(token.index) < keys.count { keys[Int(token.index)] = key } else { keys.append(key) }
        return token
    }

    @inlinable package mutating func cancel(_ token: TimerToken) {
        if slots.cancel(token) { keys[Int(token.index)] = nil }
    }

    /// When the first of them comes due. Earlier than that at most where one was cancelled, and where one lies beyond the
    /// reach of the wheel and has to be moved.
    @inlinable package var nextDeadline: Instant? { slots.nextDeadline }

    /// Everything due at `now`, earliest first; among those of one millisecond in the order of their scheduling.
    @inlinable package mutating func advance(to now: Instant) -> [Key] {
        var due: [Key] = []
        for index in slots.advance(to: now) {
            if let key = keys[Int(index)] { due.append(key) }
            keys[Int(index)] = nil
        }
        return due
    }
}
