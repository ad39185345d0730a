package import SDP

/// What is to be done about one call's audio from now on.
package struct MediaPlan: Hashable, Sendable {
    /// Where to, with what, in which directions.
    package var audio: NegotiatedAudio
    /// What we say and where goes what we hear.
    package var device: AudioDevice
    /// Silence is sent in place of the device's sound.
    package var isMuted: Bool

    /// Both sides are written to this file. Another one, or none, ends the one before.
    package var recording: Recording?
    /// The calls that the peer hears as well: a conference.
    package var mixes: [MediaID] = []

    package struct Recording: Hashable, Sendable {
        package var path: String
        /// Such a file takes no other's place, and its folder is made when it is missing. What a user names is written over.
        package var isNamedByUs: Bool

        package init(path: String, isNamedByUs: Bool = false) {
            self.path = path
            self.isNamedByUs = isNamedByUs
        }
    }

    package init(_ audio: NegotiatedAudio, device: AudioDevice, isMuted: Bool = false) {
        self.audio = audio
        self.device = device
        self.isMuted = isMuted
    }
}
