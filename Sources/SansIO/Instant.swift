/// A point in monotonic time, counted in nanoseconds from when the program (or the test) began.
///
/// Machines are told the time; they cannot ask for it. In tests an instant is just a number.
package struct Instant: Hashable, Comparable, Sendable {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    package static let zero = Instant(nanoseconds: 0)
    /// Later than any deadline that can be reached; what "never" compares as.
    package static let distantFuture = Instant(nanoseconds: .max)

    /// Seconds since the beginning, for people and for records.
    package var seconds: Double { Double(nanoseconds) / 1_000_000_000 }

    package static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }

    /// Saturates: a peer may name an interval of any size and must not be able to trap us (H-006).
    package static func + (instant: Instant, duration: Duration) -> Instant {
        let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(duration.clampedNanoseconds)
        return Instant(nanoseconds: overflow ? .max : sum)
    }
    package static func - (instant: Instant, duration: Duration) -> Instant {
        let (difference, overflow) = instant.nanoseconds.subtractingReportingOverflow(duration.clampedNanoseconds)
        return Instant(nanoseconds: overflow ? .min : difference)
    }
    package static func - (a: Instant, b: Instant) -> Duration {
        let (difference, overflow) = a.nanoseconds.subtractingReportingOverflow(b.nanoseconds)
        return .nanoseconds(overflow ? .max : difference)
    }
    package static func += (instant: inout Instant, duration: Duration) { instant = instant + duration }
}

extension Duration {
    /// The length in nanoseconds, clamped to what an `Instant` can carry (292 years).
    package var clampedNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, carried) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        return carried ? (seconds < 0 ? .min : .max) : sum
    }
    /// The length in seconds as a floating-point number, for people and for records.
    package var inSeconds: Double { Double(clampedNanoseconds) / 1_000_000_000 }
    /// The length in whole milliseconds, rounded down.
    package var inMilliseconds: Int64 { clampedNanoseconds / 1_000_000 }
}

/// The earlier of two deadlines, either of which may be absent.
package func earliest(_ a: Instant?, _ b: Instant?) -> Instant? {
    switch (a, b) {
    case (let a?, let b?): min(a, b)
    case (let a?, nil): a
    case (nil, let b?): b
    case (nil, nil): nil
    }
}
