package import DialogUsage
package import SansIO

/// One call, live or ended.
package struct CallRow: Hashable, Sendable {
    package enum State: String, Hashable, Sendable {
        /// The audio port is being opened, or the INVITE has no answer yet.
        case calling
        /// 180: it rings there.
        case ringing
        /// Any other 18x.
        case early
        /// It rings here.
        case incoming
        /// We have answered, and the ACK is still to come.
        case answering
        case connected
        case held
        case ending
        case ended
    }
    /// What people call a mean opinion score.
    package enum Grade: String, Hashable, Sendable {
        case good, fair, poor, bad

        package init(_ score: Double) { self = score >= 4 ? .good : score >= 3.6 ? .fair : score >= 3.1 ? .poor : .bad }
    }
    package var id: AnyUsageID
    package var alias: String?
    /// For showing: the caller has chosen the name in it.
    package var peer: String
    /// The URI alone, for calling back.
    package var address: String
    package var state: State
    package var since: Instant
    package var connectedAt: Instant?
    package var endedAt: Instant?
    /// By the peer.
    package var isHeldByPeer: Bool
    package var isMuted: Bool
    package var rtp: AudioCounters
    /// The mean opinion score of each second, oldest first, of the last minute; nil: nothing was heard in it.
    package var quality: [Double?] = []
    /// The file that both sides are written to.
    package var recording: String?
    /// The file that the peer hears in place of the microphone.
    package var playing: String?
    /// Calls of the same number hear each other.
    package var conference: Int?
    package var codec: String?
    package var digitsReceived: String
    /// How a transfer of it fares, in words.
    package var transfer: String?
    /// How it ended, in words; nil while it lives.
    package var ending: String?
    /// It rang here, and it ended before anybody said yes or no.
    package var isMissed = false

    /// How good the last second was, 1 to 4.4.
    package var mos: Double? { quality.last { $0 != nil } ?? nil }

    /// Nobody has answered yet.
    package var isBeingSetUp: Bool { state == .calling || state == .ringing || state == .early }

    /// How long it has been, or was, connected.
    package func duration(at now: Instant) -> Duration {
        connectedAt.map { (endedAt ?? now) - $0 } ?? .zero
    }
}
