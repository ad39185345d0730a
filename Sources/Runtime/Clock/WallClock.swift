import Glibc
package import SansIO

/// The time of day: for records, logs and documents that people read, never for deadlines.
package enum WallClock {
    package static func now() -> WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// What the clock on the wall showed, or will show if nobody sets it, at an instant of the monotonic clock.
    package static func time(of instant: Instant) -> WallTime {
        let distance = (instant - MonotonicClock.now()).inMilliseconds
        return WallTime(milliseconds: now().milliseconds &+ distance)
    }
}

/// A point in civil time, in milliseconds since 1970 (UTC).
package struct WallTime: Hashable, Comparable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func < (a: WallTime, b: WallTime) -> Bool { a.milliseconds < b.milliseconds }

    /// `2025-06-30T14:02:11.042Z` (ISO 8601, RFC 3339).
    package var iso8601: String {
        let (day, inDay) = milliseconds.flooredDivision(by: 86_400_000)
        let (year, month, date) = Self.civil(fromDays: day)
        let (seconds, fraction) = inDay.flooredDivision(by: 1_000)
        return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(date, 2) + "T" + Self.clock(seconds) + "."
            + padded(fraction, 3) + "Z"
    }

    /// `14:02:11` where the user is.
    package var localClock: String {
        var seconds = time_t(milliseconds.flooredDivision(by: 1_000).quotient)
        var local = tm()
        localtime_r(&seconds, &local)
        return Self.clock(Int64(local.tm_hour) * 3_600 + Int64(local.tm_min) * 60 + Int64(local.tm_sec))
    }

    private static func clock(_ seconds: Int64) -> String {
        padded(seconds / 3_600, 2) + ":" + padded(seconds / 60 % 60, 2) + ":" + padded(seconds % 60, 2)
    }

    /// Days since 1970 to a date of the Gregorian calendar. Years begin in March here, so that the leap day is the
    /// last of its year, and eras are the 400 years after which the calendar repeats.
    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (days + 719_468).flooredDivision(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}

extension Int64 {
    fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

private func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
