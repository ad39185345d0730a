/// What the audio thread tells.
package enum MediaEvent: Hashable, Sendable {
    case opened(MediaID, port: UInt16, rtcpPort: UInt16)
    /// Something cannot be had. Said of an `open`, there is nothing to close; said of a device, the call goes on
    /// without it.
    case failed(MediaID, MediaFailure)
    /// Sound from the peer arrives, for the first time or again.
    case started(MediaID)
    /// Nothing has arrived from the peer for a while although it should.
    case stalled(MediaID)
    /// The peer pressed a key (RFC 4733).
    case digit(MediaID, Character)
    /// The digits of one `sendDigits` are out; those that the peer does not take are missing here.
    case digitsSent(MediaID, [DTMFDigit])
    /// Once a second while the call runs.
    case counters(MediaID, MediaCounters)
    /// The sound of this file has been read, and is what we say.
    case playing(MediaID, String)
    /// The file of `MediaPlan.recording` is open under this name; what is said from now on is in it.
    case recording(MediaID, String)
    /// The last word about this call.
    case closed(MediaID, MediaCounters)

    package var id: MediaID {
        switch self {
        case .opened(let id, _, _), .failed(let id, _), .started(let id), .stalled(let id), .digit(let id, _),
            .digitsSent(let id, _), .counters(let id, _), .recording(let id, _), .playing(let id, _),
            .closed(let id, _):
            id
        }
    }
}
