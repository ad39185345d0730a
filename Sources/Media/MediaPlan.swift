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
        /// Its folder is ours, and made when it is missing; a user's is not.
        package var makesFolder: Bool

        package init(path: String, makesFolder: Bool = false) {
            self.path = path
            self.makesFolder = makesFolder
        }
    }

    package init(_ audio: NegotiatedAudio, device: AudioDevice, isMuted: Bool = false) {
        self.audio = audio
        self.device = device
        self.isMuted = isMuted
    }
}
