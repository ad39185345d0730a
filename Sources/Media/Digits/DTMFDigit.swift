/// One key of a telephone: 0–9, `*`, `#`, A–D (RFC 4733 §3.2).
package struct DTMFDigit: Hashable, Sendable, CustomStringConvertible {
    /// The number of its event.
    package let event: UInt8

    package static let usualDuration = Duration.milliseconds(120)
    package static let usualGap = Duration.milliseconds(80)
    private static let keys = Array("0123456789*#ABCD")

    package init?(_ character: Character) {
        guard let index = Self.keys.firstIndex(where: { String($0) == character.uppercased() }) else { return nil }
        event = UInt8(index)
    }
    package init?(event: UInt8) {
        guard event < Self.keys.count else { return nil }
        self.event = event
    }
    package var character: Character { Self.keys[Int(event)] }
    package var description: String { String(character) }
}
