package import SansIO

/// Hears digits in RTP events: one for each event, however many of its packets come or are lost (RFC 4733 §2.5.2).
package struct EventReceiver: Sendable {
    /// The event whose packets come now. It is known by its timestamp; a further segment begins where the last one
    /// ended (§2.5.1.3).
    private struct Current {
        var event: UInt8
        var timestamp: UInt32
        var isOver: Bool
        var lastAt: Instant

        init(_ payload: EventPayload, timestamp: UInt32, at now: Instant) {
            event = payload.event
            self.timestamp = timestamp
            isOver = payload.isEnd
            lastAt = now
        }
    }
    private var current: Current?
    private var allowance = Self.burst
    private var filledAt: Instant?

    /// No hand presses more keys than this in a second; what exceeds it is noise (H-094).
    static let burst = 20.0
    /// An event that is not continued for so long is over, with or without its end packet (§2.5.2.2).
    static let silence = Duration.milliseconds(150)

    package init() {}

    /// Takes one packet and answers with the digit, when this is the first packet heard of it.
    package mutating func take(_ payload: EventPayload, timestamp: UInt32, at now: Instant) -> DTMFDigit? {
        if var known = current {
            let ahead = Int32(bitPattern: timestamp &- known.timestamp)
            // An update, a repeat of the end, or something from before that comes late.
            if ahead <= 0 {
                guard ahead == 0, payload.event == known.event else { return nil }
                known.isOver = known.isOver || payload.isEnd
                known.lastAt = now
                current = known
                return nil
            }
            let isNextSegment = payload.event == known.event && !known.isOver && ahead == 0xFFFF
            if isNextSegment, now - known.lastAt < Self.silence {
                current = Current(payload, timestamp: timestamp, at: now)
                return nil
            }
        }
        current = Current(payload, timestamp: timestamp, at: now)
        return admit(at: now) ? DTMFDigit(event: payload.event) : nil
    }

    /// Another source has taken over: its timestamps say nothing about what was before.
    package mutating func forget() { current = nil }

    private mutating func admit(at now: Instant) -> Bool {
        let passed = filledAt.map { (now - $0).inSeconds } ?? 0
        filledAt = now
        allowance = min(Self.burst, allowance + max(0, passed) * Self.burst)
        guard allowance >= 1 else { return false }
        allowance -= 1
        return true
    }
}
