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
}
