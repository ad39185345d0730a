import SansIO

/// The one sound format of this program: 16-bit samples, 8 kHz, mono, handled in frames of 20 ms.
package enum AudioFrame {
    package static let rate = 8_000
    package static let samples = 160
    package static let interval = Duration.milliseconds(20)
    package static let silence = [Int16](repeating: 0, count: samples)

    /// How many samples a length of time has.
    package static func samples(in duration: Duration) -> Int {
        Int(clamping: duration.clampedNanoseconds / 125_000)
    }
}
