/// What a telephone-event packet carries (RFC 4733 §2.3).
package struct EventPayload: Hashable, Sendable {
    package var event: UInt8
    package var isEnd: Bool
    /// Level in -dBm0, 0 to 63.
    package var volume: UInt8
    package var duration: UInt16

    package init(event: UInt8, isEnd: Bool, volume: UInt8 = 10, duration: UInt16) {
        self.event = event
        self.isEnd = isEnd
        self.volume = volume
        self.duration = duration
    }

    /// nil unless it has exactly four octets. The reserved bit is ignored (§2.3.4).
    package init?(parsing payload: [UInt8]) {
        guard payload.count == 4 else { return nil }
        event = payload[0]
        isEnd = payload[1] & 0x80 != 0
        volume = payload[1] & 0x3F
        duration = UInt16(payload[2]) << 8 | UInt16(payload[3])
    }

    package func serialised() -> [UInt8] {
        [event, (isEnd ? 0x80 : 0) | volume & 0x3F, UInt8(duration >> 8), UInt8(truncatingIfNeeded: duration)]
    }
}
