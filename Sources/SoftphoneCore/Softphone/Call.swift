import DialogUsage
import Media
import SDP
import SIPMessage
import SansIO

/// A call as the user thinks of it: a session, its audio, and what is being changed about either.
struct Call: Sendable {
    enum Phase: Hashable, Sendable {
        /// INVITE sent; `progress` is the newest provisional answer but 100.
        case calling(progress: StatusCode?)
        /// It rings here. `opening`: it has been answered and its audio port is being opened.
        case incoming(offer: SessionDescription?, opening: Bool)
        /// Our 2xx is sent.
        case answering
        case connected
    }
    enum Recording: Hashable, Sendable {
        case none
        /// The audio thread may choose another name than the one we made up, so as not to write over a file.
        case opening(MediaPlan.Recording)
        case running(String)

        var path: String? { plan?.path }
        var plan: MediaPlan.Recording? {
            switch self {
            case .none: nil
            case .opening(let plan): plan
            case .running(let path): MediaPlan.Recording(path: path)
            }
        }
    }
    /// The change that our re-INVITE asks for.
    enum Change: Hashable, Sendable { case none, holding, resuming, renewing }

    var session: SessionID
    var peer: String
    var address: String
    var phase: Phase
    var since: Instant
    var connectedAt: Instant?
    /// nil before an incoming call is answered.
    var audio: CallAudio?
    /// Where the peer is, as far as known: decides which of our addresses it is told.
    var facing: IPAddress
    var options: CallOptions
    var change = Change.none
    var isHeld = false
    var isHeldByPeer = false
    var isMuted = false
    var counters = AudioCounters()
    var quality = QualityMeter()
    /// The one last told.
    var grade = CallRow.Grade.good
    /// The file that both sides are written to, once the audio thread has opened it.
    var recording: Recording = .none
    var conference: Int?
    var digitsReceived = ""
    /// How a transfer of it fares; nil while there is none.
    var transfer: String?
    /// What it ended in, where that is more than that somebody hung up.
    var departure: String?
    var closing: SessionClosing?
    var isEnding = false

    /// What we let the peer do with the audio.
    var direction: MediaDirection { isHeld ? .sendOnly : .sendReceive }

    var state: CallRow.State {
        if isEnding { return .ending }
        switch phase {
        case .calling(nil): return .calling
        case .calling(180?): return .ringing
        case .calling: return .early
        case .incoming(_, opening: false): return .incoming
        case .incoming(_, opening: true), .answering: return .answering
        case .connected: return isHeld ? .held : .connected
        }
    }

    func row(id: AnyUsageID, alias: String?) -> CallRow {
        var row = CallRow(
            id: id, alias: alias, peer: peer, address: address, state: state, since: since, connectedAt: connectedAt,
            endedAt: nil,
            isHeldByPeer: isHeldByPeer, isMuted: isMuted, rtp: counters, codec: audio?.negotiated?.codec.rawValue,
            digitsReceived: digitsReceived, transfer: transfer, ending: nil)
        row.quality = quality.samples
        if case .running(let path) = recording { row.recording = path }
        row.conference = conference
        row.playing = options.play
        return row
    }
}
