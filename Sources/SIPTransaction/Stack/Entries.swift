import SIPMessage
import SansIO

/// The branch of our topmost Via and the method: what a response names (RFC 3261 §17.1.3).
struct ClientKey: Hashable, Sendable {
    var branch: String
    var isCancel: Bool
}

/// What identifies a request from outside (§17.2.3): with the cookie, branch and sent-by; without it, the fields by
/// which RFC 2543 matched.
struct ServerKey: Hashable, Sendable {
    var identity: String
    var method: Method
}

struct FlowKey: Hashable, Sendable {
    var transport: TransportProtocol
    var remote: SocketAddress
}

/// The way a message takes.
enum Path: Hashable, Sendable {
    case datagram(local: SocketAddress, remote: SocketAddress)
    case flow(FlowID)
}

enum ClientMachine: Hashable, Sendable {
    case invite(InviteClientTransaction)
    case nonInvite(NonInviteClientTransaction)

    var nextDeadline: Instant? {
        switch self {
        case .invite(let machine): machine.nextDeadline
        case .nonInvite(let machine): machine.nextDeadline
        }
    }
    var isAwaitingFinal: Bool {
        switch self {
        case .invite(let machine): machine.isAwaitingFinal
        case .nonInvite(let machine): machine.isAwaitingFinal
        }
    }
}

struct ClientEntry: Sendable {
    var request: RequestDraft
    var target: Target
    var contact: ContactTemplate?
    var branch: String
    /// Addresses not tried yet.
    var candidates: [SocketAddress] = []
    var remote: SocketAddress?
    var path: Path?
    /// nil: still waiting for an address or a connection.
    var machine: ClientMachine?
    var bytes: [UInt8] = []
    var copies = 0
    var timer: TimerToken?
    /// TCP was taken for the size alone; UDP is the way back when it is refused.
    var isEnlarged = false
    var mustUseUDP = false
    /// Gives up while there is no machine to do so: Timer B or F from the beginning.
    var startedAt: Instant

    var isAwaitingFinal: Bool { machine?.isAwaitingFinal ?? true }
}

enum ServerMachine: Hashable, Sendable {
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
}

struct ServerEntry: Sendable {
    var key: ServerKey
    var request: SIPMessage
    var source: Source
    var machine: ServerMachine
    /// The last response, for repetition.
    var response: [UInt8] = []
    var copies = 0
    var timer: TimerToken?

    var awaitsAcknowledgement: Bool { if case .invite(let machine) = machine { machine.awaitsAcknowledgement } else { false } }
}

struct FlowEntry: Sendable {
    var ends: FlowEnds?
    var key: FlowKey
    var framer = StreamFramer()
    var isOpen: Bool
    /// Written before the connection stood.
    var waiting: [[UInt8]] = []
    /// Requests that wait for the connection.
    var clients: [ClientTransactionID] = []
    var isDrained = true
}
