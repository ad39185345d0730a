package import SDP

/// What is to be done about one call's audio from now on.
package struct MediaPlan: Hashable, Sendable {
    /// Where to, with what, in which directions.
    package var audio: NegotiatedAudio
    /// What we say and where goes what we hear.
    package var device: AudioDevice
    /// Silence is sent in place of the device's sound.
    package var isMuted: Bool

    package init(_ audio: NegotiatedAudio, device: AudioDevice, isMuted: Bool = false) {
        self.audio = audio
        self.device = device
        self.isMuted = isMuted
    }
}
