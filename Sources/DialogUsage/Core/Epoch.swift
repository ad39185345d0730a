package import SansIO

/// What the clock on the wall showed when the instants began, so that a Date can be said and read without asking a clock.
package struct Epoch: Hashable, Sendable {
    /// Seconds since 1970 (UTC) at `Instant.zero`.
    package var seconds: Int64

    package init(seconds: Int64) { self.seconds = seconds }

    /// `Sat, 13 Nov 2010 23:29:00 GMT` (RFC 3261 §20.17).
    package func date(at instant: Instant) -> String {
        let all = seconds + (instant - .zero).inMilliseconds / 1000
        let (day, inDay) = (all >= 0 ? all / 86_400 : (all - 86_399) / 86_400, (all % 86_400 + 86_400) % 86_400)
        let (year, month, date) = Self.civil(fromDays: day)
        let weekday = Self.weekdays[Int((day % 7 + 7) % 7)]
        return "\(weekday), \(padded(date)) \(Self.months[Int(month - 1)]) \(year) "
            + "\(padded(inDay / 3600)):\(padded(inDay / 60 % 60)):\(padded(inDay % 60)) GMT"
    }

    /// `20101113-232900`, for the names of files.
    package func stamp(at instant: Instant) -> String {
        let all = max(0, seconds + (instant - .zero).inMilliseconds / 1000)
        let (year, month, date) = Self.civil(fromDays: all / 86_400)
        let inDay = all % 86_400
        return "\(year)\(padded(month))\(padded(date))-"
            + "\(padded(inDay / 3600))\(padded(inDay / 60 % 60))\(padded(inDay % 60))"
    }

    /// The instant that a Date names; nil where it is none, or lies where no clock of ours has been.
    package func instant(of date: String) -> Instant? {
        let words = date.split(separator: " ").map(String.init)
        guard words.count == 6, words[5] == "GMT", let day = Self.number(words[1], digits: 2),
            let month = Self.months.firstIndex(of: words[2]), let year = Self.number(words[3], digits: 4)
        else { return nil }
        let clock = words[4].split(separator: ":", omittingEmptySubsequences: false)
            .map { Self.number(String($0), digits: 2) }
        guard clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2], hour < 24,
            minute < 60, second < 61, (1...31).contains(day), year >= 1970
        else { return nil }
        let days = Self.days(toYear: year, month: Int64(month) + 1, day: day)
        return .zero + .seconds(days * 86_400 + hour * 3_600 + minute * 60 + second - seconds)
    }
    private static func number(_ text: String, digits: Int) -> Int64? {
        guard text.utf8.count == digits, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int64(text)
    }

    /// From Thursday, on which 1970 began.
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func days(toYear year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let (era, inEra) = shifted.quotientAndRemainder(dividingBy: 400)
        return era * 146_097 + inEra * 365 + inEra / 4 - inEra / 100 + dayOfYear - 719_468
    }

    /// Days since 1970 to a date of the Gregorian calendar; years begin in March here, so that the leap day comes last.
    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * dayOfYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * fromMarch + 2) / 5 + 1)
    }
}

private func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
