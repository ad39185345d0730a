import SansIO

/// A deadline in the wheel, and when it is: one that stays the same is not scheduled again.
struct Alarm: Hashable, Sendable {
    var token: TimerToken
    var at: Instant
}
