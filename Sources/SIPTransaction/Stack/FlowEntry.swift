import SIPMessage
import SansIO

/// One connection.
struct FlowEntry: Sendable {
    let key: FlowKey
    /// nil: it does not stand yet.
    var ends: FlowEnds?
    var framer = StreamFramer()
    /// Written before the connection stood.
    var waiting: [[UInt8]] = []
    /// The requests of ours that depend on it.
    var clients: Set<ClientTransactionID> = []
    /// Everything written has reached the kernel.
    var isDrained = true
    /// Closes it when a message stays incomplete (hardening, section 1).
    var timer: TimerToken?

    var isOpen: Bool { ends != nil }
}
