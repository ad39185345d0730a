import SansIO

/// When reports are due (RFC 3550 §6.2, §6.3.1), and the times that they carry.
struct ReportSchedule: Sendable {
    /// The least interval for the few members of a call.
    private static let interval = 5.0
    /// Makes up for intervals that are reconsidered (RFC 3550 §6.3.1: e − 3/2).
    private static let compensation = 1.21828
    /// A round trip that is longer than this is a mistake of somebody's clock.
    private static let longestRoundTrip = Duration.seconds(30)

    /// Chosen at random for each call, so that it tells nobody who we are (RFC 7022 §4.2).
    let canonicalName: String
    private var entropy: Entropy
    private var dueAt: Instant
    private var heard: (report: UInt32, at: Instant)?

    init(entropy: Entropy, at now: Instant) {
        self.entropy = entropy
        canonicalName = self.entropy.token(digits: 16)
        dueAt = now
        dueAt = now + pause(Self.interval / 2)
    }

    /// True once for each report.
    mutating func isDue(at now: Instant) -> Bool {
        guard now >= dueAt else { return false }
        dueAt = now + pause(Self.interval)
        return true
    }

    private mutating func pause(_ seconds: Double) -> Duration {
        .milliseconds(Int(seconds * 1_000 * (0.5 + entropy.fraction()) / Self.compensation))
    }

    mutating func received(_ information: SenderInformation, at now: Instant) {
        heard = (Self.middle(of: information.time), now)
    }

    /// What a reception report says about the last sender report; zeros before there was one.
    func lastHeard(at now: Instant) -> (report: UInt32, delay: UInt32) {
        guard let heard else { return (0, 0) }
        return (
            heard.report,
            UInt32(clamping: Self.time(of: Instant(nanoseconds: (now - heard.at).clampedNanoseconds)) >> 16)
        )
    }

    /// From when we reported to when the peer's report about it came, without the time it lay there.
    func roundTrip(of block: ReceptionReport, at now: Instant) -> Duration? {
        guard block.lastReport != 0 else { return nil }
        let units = Self.middle(of: Self.time(of: now)) &- block.lastReport &- block.delay
        let length = Duration.microseconds(Int64(units) * 1_000_000 / 65_536)
        return length <= Self.longestRoundTrip ? length : nil
    }

    /// The machine's own time as an NTP timestamp: only differences mean anything (RFC 3550 §4).
    static func time(of now: Instant) -> UInt64 {
        let nanoseconds = UInt64(max(0, now.nanoseconds))
        return (nanoseconds / 1_000_000_000) << 32 | (nanoseconds % 1_000_000_000) << 32 / 1_000_000_000
    }
    private static func middle(of time: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: time >> 16) }
}
