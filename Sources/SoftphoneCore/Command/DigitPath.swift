/// How digits travel.
package enum DigitPath: String, Hashable, Sendable, CaseIterable {
    /// As telephone events in the audio stream (RFC 4733).
    case rtp
    /// In INFO, for servers that know nothing better.
    case info
}

/// How long each digit sounds, and how long it is quiet between two; nil: as usual.
package struct DigitTiming: Hashable, Sendable {
    package var duration: Duration?
    package var gap: Duration?

    package init(duration: Duration? = nil, gap: Duration? = nil) {
        self.duration = duration
        self.gap = gap
    }
}
