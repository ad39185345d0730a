import SIPMessage
import SansIO

/// One client transaction, from finding the way to its last timer.
struct ClientEntry: Sendable {
    /// After a final response only what it was, and what ACK to a refusal repeats of it.
    var request: RequestDraft
    var target: Target
    var contact: ContactTemplate?
    var branch: Branch
    /// The question to the resolver that it waits for.
    var resolution: ResolutionID?
    /// The target is a name: its address was asked for.
    var isNamed = false
    /// Addresses not tried yet.
    var candidates: [SocketAddress] = []
    var remote: SocketAddress?
    /// The sent-by of our Via, by which an answer is known as one to us (RFC 3261 §18.1.2).
    var local: SocketAddress?
    var path: Path?
    /// nil: still waiting for an address or a connection.
    var machine: ClientMachine?
    /// The request as it went out, for repetition.
    var bytes: [UInt8] = []
    var copies = 0
    var alarm: Alarm?
    /// TCP was taken for the size alone; UDP is the way back when it is refused (§18.1.1).
    var isEnlarged = false
    var mustUseUDP = false

    init(request: RequestDraft, target: Target, contact: ContactTemplate?, branch: Branch) {
        self.request = request
        self.target = target
        self.contact = contact
        self.branch = branch
    }

    /// After a final response it is never repeated, and waits out its last timer as little as can be: ten thousand of
    /// them do so at once. An INVITE that was refused is still acknowledged (RFC 3261 §17.1.1.3).
    mutating func forgetRequest(isRefused: Bool) {
        bytes = []
        candidates = []
        contact = nil
        request.body = []
        if !isRefused || request.method != .invite { request.fields = FieldList() }
    }

    var isAwaitingFinal: Bool { machine?.isAwaitingFinal ?? true }
    var key: ClientKey { ClientKey(branch: branch, isCancel: request.method == .cancel) }
}
