import SIPMessage
import SansIO

/// One connection.
struct FlowEntry: Sendable {
    /// nil: it does not stand yet.
    var ends: FlowEnds?
    var key: FlowKey
    var framer = StreamFramer()
    /// Written before the connection stood.
    var waiting: [Waiting] = []
    /// When a peer opened it; nil: we did.
    var acceptedAt: Instant?
    /// When a whole message last came over it.
    var lastUsed: Instant?
    /// Octets that the kernel has not taken yet.
    var queued = 0
    /// The client transactions that went this way, or wait to.
    var clients: Set<ClientTransactionID> = []
    /// Runs while part of a message is there and the rest is not.
    var alarm: Alarm?

    /// Octets for a connection that does not stand yet.
    struct Waiting: Sendable {
        var bytes: [UInt8]
        /// Of an answer: where else it may go, if nobody listens here (RFC 3263 §5).
        var sentBy: Target?
    }

    var isOpen: Bool { ends != nil }

    /// Whether nothing is lost when it is closed to make room for another: its peer opens it again when it has something
    /// to say.
    var isDispensable: Bool { acceptedAt != nil && clients.isEmpty && queued == 0 && !framer.isIncomplete }
    /// Of two that are dispensable: one that never brought a message goes first, then the one that is silent longest.
    func goesBefore(_ other: FlowEntry) -> Bool {
        switch (lastUsed, other.lastUsed) {
        case (nil, nil): (acceptedAt ?? .zero) < (other.acceptedAt ?? .zero)
        case (nil, .some): true
        case (.some, nil): false
        case (.some(let ours), .some(let theirs)): ours < theirs
        }
    }
}
