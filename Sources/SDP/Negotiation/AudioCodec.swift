/// The codecs this program has. The raw value is the encoding name of `a=rtpmap` (RFC 3551 §6).
package enum AudioCodec: String, Hashable, Sendable, CaseIterable {
    case pcmu = "PCMU"
    case pcma = "PCMA"

    package static let clockRate = 8_000

    package var staticPayload: UInt8 {
        switch self {
        case .pcmu: 0
        case .pcma: 8
        }
    }
}
