package import Media

/// What a softphone is told beside what the network did.
package enum SoftphoneInput: Sendable {
    /// From a key, the prompt or a script line: answered by exactly one `.completed`.
    case request(RequestID, Command)
    /// From the audio thread.
    case media(MediaEvent)
    /// The sandbox has done what `.fault` asked for.
    case faultApplied(RequestID)
    /// What became of what `.keep` asked for.
    case kept(RequestID, Kept)
    /// What `.reload` has come to.
    case reloaded(RequestID, Reloaded)
    /// Answered by `.snapshot`. Faces ask after `.changed`, and at most 30 times a second.
    case snapshotWanted
}
