/// Names one call's audio on the audio thread. Whoever asks for it chooses the number and never uses it again.
package struct MediaID: Hashable, Sendable, CustomStringConvertible {
    package var serial: UInt64
    package init(serial: UInt64) { self.serial = serial }
    package var description: String { "media#\(serial)" }
}
