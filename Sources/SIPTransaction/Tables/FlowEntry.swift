import SIPMessage
import SansIO

/// One connection.
struct FlowEntry: Sendable {
    /// nil: it does not stand yet.
    var ends: FlowEnds?
    var key: FlowKey
    var framer = StreamFramer()
    /// Written before the connection stood.
    var waiting: [[UInt8]] = []
    /// Octets that the kernel has not taken yet.
    var queued = 0
    /// The client transactions that went this way, or wait to.
    var clients: Set<ClientTransactionID> = []
    /// Runs while part of a message is there and the rest is not.
    var alarm: Alarm?

    var isOpen: Bool { ends != nil }
}
