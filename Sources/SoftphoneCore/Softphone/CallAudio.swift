import Media
import SDP
import SansIO

/// One call's audio on the audio thread, and the descriptions that were exchanged about it.
struct CallAudio: Hashable, Sendable {
    var id: MediaID
    /// Where the peer can send to; nil while the port is being opened.
    var address: SocketAddress?
    /// The newest description of ours that stands; each further one has a higher version (RFC 3264 §8).
    var local: SessionDescription?
    /// What our re-INVITE offers, until it is answered.
    var proposed: SessionDescription?
    var remote: SessionDescription?
    var negotiated: NegotiatedAudio?
    var isStarted = false
}
