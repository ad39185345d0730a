/// How digits travel.
package enum DigitPath: String, Hashable, Sendable, CaseIterable {
    /// As telephone events in the audio stream (RFC 4733).
    case rtp
    /// In INFO, for servers that know nothing better.
    case info
}
