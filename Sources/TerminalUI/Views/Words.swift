import DialogUsage
import SansIO
import SoftphoneCore

/// Times as people read them.
enum Words {
    /// `0:07`, `3:12`, `1:02:33`.
    static func clock(_ duration: Duration) -> String {
        let seconds = max(0, duration.inMilliseconds / 1000)
        let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
        let two = { (number: Int64) in number < 10 ? "0\(number)" : "\(number)" }
        return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
    }
    /// `6.2 s`.
    static func tenths(_ duration: Duration) -> String {
        let tenths = max(0, (duration.inMilliseconds + 99) / 100)
        return "\(tenths / 10).\(tenths % 10) s"
    }
    /// `12.345`, seconds since something.
    static func milliseconds(_ duration: Duration) -> String {
        let all = max(0, duration.inMilliseconds)
        let rest = "\(all % 1000)"
        return "\(all / 1000)." + String(repeating: "0", count: 3 - rest.utf8.count) + rest
    }
    /// How far away a deadline is; empty when there is none or it is past.
    static func until(_ instant: Instant?, from now: Instant) -> String {
        guard let instant, instant > now else { return "" }
        return clock(instant - now + .milliseconds(999))
    }
    static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}

/// The looks, from the terminal's own palette. Each is only added to something that is also written.
enum Looks {
    static let frame = Style(.grey)
    static let heading = Style(.cyan, .bold)
    static let headingEmpty = Style(.grey)
    static let good = Style(.green)
    static let waiting = Style(.yellow)
    static let bad = Style(.brightRed)
    static let faint = Style(.grey)
    static let keyName = Style(.standard, .bold)
    static let title = Style(.standard, [.bold, .reverse])

    /// How a state word looks.
    static func state(_ word: String) -> Style {
        switch word {
        case "registered", "active", "published", "connected", "open": good
        case "failing", "ended", "stale": bad
        case "ending", "cancelling": Style(.magenta)
        default: waiting
        }
    }
}
