/// Why bytes are not a WAV file we can play.
package enum WAVError: Error, Hashable, Sendable, CustomStringConvertible {
    case notWAV
    /// A chunk is longer than the file, or the format chunk too short.
    case broken(offset: Int)
    case noFormat
    case noSound
    case unsupported(format: Int, rate: Int, channels: Int, bits: Int)

    package var description: String {
        switch self {
        case .notWAV: "it does not begin like a WAV file (RIFF … WAVE)"
        case .broken(let offset): "the chunk at octet \(offset) does not fit the file"
        case .noFormat: "it has no fmt chunk before its data"
        case .noSound: "it has no data chunk"
        case .unsupported(let format, let rate, let channels, let bits):
            "format \(format), \(rate) Hz, \(channels) channels, \(bits) bits; "
                + "convert it to 8000 Hz, mono, 16-bit PCM or G.711"
        }
    }
}
