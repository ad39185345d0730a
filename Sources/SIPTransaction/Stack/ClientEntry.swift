import SIPMessage
import SansIO

/// One request of ours with its machine, and how it is sent.
struct ClientEntry: Sendable {
    let request: RequestDraft
    let target: Target
    let contact: ContactTemplate?
    var branch: String
    /// Addresses not tried yet.
    var candidates: [SocketAddress] = []
    var remote: SocketAddress?
    var path: Path?
    /// nil: still waiting for an address or a connection.
    var machine: Machine?
    /// What is on the wire, for repetition.
    var bytes: [UInt8] = []
    var copies = 0
    var timer: TimerToken?
    var resolution: ResolutionID?
    /// TCP was taken for the size alone; UDP is the way back when it is refused (RFC 3261 §18.1.1).
    var isEnlarged = false
    var mustUseUDP = false

    init(request: RequestDraft, target: Target, contact: ContactTemplate?, branch: String) {
        self.request = request
        self.target = target
        self.contact = contact
        self.branch = branch
    }

    enum Machine: Hashable, Sendable {
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

    var isAwaitingFinal: Bool { machine?.isAwaitingFinal ?? true }
    var key: ClientKey { ClientKey(branch: branch, isCancel: request.method == .cancel) }
    /// The number of its CSeq, for the ACK and the CANCEL that share it.
    var sequence: Substring { request.fields.first(.cSeq)?.split(separator: " ").first ?? "1" }
}
