package import SansIO

/// What the audio thread is asked to do.
package enum MediaCommand: Hashable, Sendable {
    /// Get a pair of ports on this address of ours. Answered by `.opened` or `.failed`.
    case open(MediaID, local: IPAddress)
    /// Begin to send and to play.
    case start(MediaID, MediaPlan)
    /// A new agreement (hold, resume, another address) or another device.
    case update(MediaID, MediaPlan)
    /// One after the other, after those already under way. Answered by `.digitsSent`.
    case sendDigits(
        MediaID, [DTMFDigit], duration: Duration = DTMFDigit.usualDuration, gap: Duration = DTMFDigit.usualGap)
    /// Answered by `.closed`, always.
    case close(MediaID)
    case closeAll
}
