import SIPMessage
import SansIO

/// One request from outside with its machine, and its last answer.
struct ServerEntry: Sendable {
    let key: ServerKey
    let request: SIPMessage
    let source: Source
    var machine: Machine
    /// The last response, for repetition.
    var response: [UInt8] = []
    /// How often the response has gone out again.
    var copies = 0
    /// How often the request has come again.
    var repetitions = 0
    var timer: TimerToken?

    init(key: ServerKey, request: SIPMessage, source: Source, machine: Machine) {
        self.key = key
        self.request = request
        self.source = source
        self.machine = machine
    }

    enum Machine: Hashable, Sendable {
        case invite(InviteServerTransaction)
        case nonInvite(NonInviteServerTransaction)

        var nextDeadline: Instant? {
            switch self {
            case .invite(let machine): machine.nextDeadline
            case .nonInvite(let machine): machine.nextDeadline
            }
        }
        var isUnanswered: Bool {
            switch self {
            case .invite(let machine): machine.isUnanswered
            case .nonInvite(let machine): machine.isUnanswered
            }
        }
        /// Our 300 to 699 to an INVITE waits for its ACK.
        var awaitsAcknowledgement: Bool {
            switch self {
            case .invite(let machine): machine.awaitsAcknowledgement
            case .nonInvite: false
            }
        }
    }
}
