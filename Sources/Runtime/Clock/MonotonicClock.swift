import Glibc
package import SansIO

/// The time that machines are told: CLOCK_MONOTONIC, counted from when the program first asked.
package enum MonotonicClock {
    package static func now() -> Instant {
        let origin = Self.origin  // read first: it is taken when it is asked for the first time
        return Instant(nanoseconds: nanosecondsSinceBoot() - origin)
    }

    /// The same instant on the system's own scale, which the event loop's timers use.
    static func nanosecondsSinceBoot(at instant: Instant) -> UInt64 {
        let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(origin)
        return overflow ? UInt64(Int64.max) : UInt64(max(0, sum))
    }

    private static let origin = nanosecondsSinceBoot()

    private static func nanosecondsSinceBoot() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
