package import SIPMessage
package import SIPTransaction
import SansIO

/// What two user agents remember of each other (RFC 3261 §12), and before that what a series of requests with one
/// Call-ID has in common (§8.1.1): REGISTERs of one binding, PUBLISHes of one document, an INVITE not yet answered.
package struct Dialog: Hashable, Sendable {
    package let callID: String
    package let localTag: String
    /// nil: no dialog yet, only a series of requests.
    package private(set) var remoteTag: String?
    /// What From says, and To: the peer's as it wrote it. Kept in words, for every request says them again.
    private let local: String
    private var remote: String
    /// Where requests go: the Request-URI, and later the peer's Contact.
    package private(set) var remoteTarget: AnyURI
    package private(set) var routeSet: [NameAddress]
    package private(set) var localSequence: UInt32
    package private(set) var remoteSequence: UInt32?

    package var isEstablished: Bool { remoteTag != nil }
    /// Which set it belongs to: what it has in common with the other dialogs of one forked request.
    package var key: DialogSetKey { DialogSetKey(callID: callID, localTag: localTag) }
    /// The peer as From or To names it; nil where that is nothing to be read.
    package var peer: AnyURI? { (try? NameAddress(parsing: remote))?.uri }

    /// A series of our own. `target` is the Request-URI; `route` the preloaded route, such as an outbound proxy.
    package init(
        callID: String, localTag: String, from local: NameAddress, to remote: NameAddress, target: AnyURI,
        route: [NameAddress]
    ) {
        self.callID = callID
        self.localTag = localTag
        var tagged = local
        tagged.tag = localTag
        self.local = tagged.description
        self.remote = remote.description
        remoteTarget = target
        routeSet = route
        localSequence = 0
    }

    /// The dialog that answering `request` makes, which has exactly one Contact for it: requests of ours go there
    /// (§8.1.1.8, §12.1.1).
    package init?(openedBy request: SIPMessage, localTag: String) {
        guard let dialog = try? Dialog(answering: request, localTag: localTag), dialog.remoteTarget.sip != nil,
            case .addresses(let addresses)? = try? request.contacts(), addresses.count == 1
        else { return nil }
        self = dialog
    }

    /// What answering a single request needs of a dialog.
    package init(answering request: SIPMessage, localTag: String) throws(SIPParseError) {
        callID = try request.callID()
        self.localTag = localTag
        if try request.toTag() == nil {
            local = "\(request.value(.to) ?? "");tag=\(localTag)"
        } else {
            var to = try request.to()
            to.tag = localTag
            local = to.description
        }
        remoteTag = try request.fromTag() ?? ""
        remote = request.value(.from) ?? ""
        if let contact = try Self.contact(of: request) {
            remoteTarget = contact
        } else {
            remoteTarget = try request.from().uri
        }
        routeSet = try request.recordRoutes()
        localSequence = 0
        remoteSequence = try request.cSeq().number
    }

    /// The dialog that this answer to our request makes (§12.1.2).
    package mutating func establish(by response: SIPMessage) throws(SIPParseError) {
        remoteTag = try response.toTag() ?? ""
        remote = response.value(.to) ?? ""
        remoteTarget = try Self.contact(of: response) ?? remoteTarget
        routeSet = try response.recordRoutes().reversed()
    }

    /// The dialog that a request of the peer makes before our own was answered: an early NOTIFY (RFC 6665 §4.4.1).
    package mutating func establish(byRequest request: SIPMessage) throws(SIPParseError) {
        remoteTag = try request.fromTag() ?? ""
        remote = request.value(.from) ?? ""
        remoteTarget = try Self.contact(of: request) ?? remoteTarget
        routeSet = try request.recordRoutes()
        remoteSequence = try request.cSeq().number
    }

    /// The first NOTIFY says how its notifier is reached, whatever the 2xx to our SUBSCRIBE said (RFC 6665 §4.4.1).
    package mutating func takeRoute(from notify: SIPMessage) {
        if let routes = try? notify.recordRoutes() { routeSet = routes }
    }

    /// A redirection: the series goes on at another address (§8.1.3.4).
    package mutating func retarget(to uri: AnyURI) { remoteTarget = uri }

    /// A target refresh: the peer's newest Contact counts (§12.2).
    package mutating func refreshTarget(from message: SIPMessage) {
        if let contact = try? Self.contact(of: message) { remoteTarget = contact }
    }

    /// Takes the CSeq of a request from the peer; false if it comes out of order (§12.2.2).
    package mutating func admit(_ number: UInt32) -> Bool {
        if let last = remoteSequence, number < last { return false }
        remoteSequence = number
        return true
    }

    /// The next request of ours, with From, To, Call-ID, CSeq and Route (§8.1.1, §12.2.1.1).
    package mutating func request(_ method: Method) -> RequestDraft {
        localSequence = localSequence &+ 1
        return draft(method, sequence: localSequence)
    }

    /// The same request once more with a new CSeq, as an answer to a challenge needs it (§22.2).
    package mutating func renumber(_ draft: RequestDraft) -> RequestDraft {
        localSequence = localSequence &+ 1
        var again = draft
        again.fields.set(.cSeq, "\(localSequence) \(draft.method)")
        return again
    }

    /// Whether a request was made in it after this one.
    package func hasGoneOn(since draft: RequestDraft) -> Bool {
        draft.fields.first(.cSeq) != "\(localSequence) \(draft.method)"
    }

    /// ACK for a 2xx: the CSeq number of its INVITE (§13.2.2.4).
    package func acknowledgement(of sequence: UInt32) -> RequestDraft { draft(.ack, sequence: sequence) }

    private func draft(_ method: Method, sequence: UInt32) -> RequestDraft {
        var fields = FieldList()
        fields.append(.from, local)
        fields.append(.to, remote)
        fields.append(.callID, callID)
        fields.append(.cSeq, "\(sequence) \(method)")
        var uri = remoteTarget
        if let first = routeSet.first, let firstURI = first.uri.sip, !firstURI.parameters.has("lr") {
            // A strict router takes the place of the Request-URI (§12.2.1.1).
            uri = first.uri
            for route in routeSet.dropFirst() { fields.append(.route, route.description) }
            fields.append(.route, NameAddress(uri: remoteTarget).description)
        } else {
            for route in routeSet { fields.append(.route, route.description) }
        }
        return RequestDraft(method: method, uri: uri, fields: fields)
    }

    /// The next hop (§8.1.2); nil where the target is no SIP URI.
    package var target: Target? {
        if let first = routeSet.first { return first.uri.sip.map(Target.init) }
        return remoteTarget.sip.map(Target.init)
    }

    /// The peer's Contact, if the message has one that can be a target.
    private static func contact(of message: SIPMessage) throws(SIPParseError) -> AnyURI? {
        switch try message.contacts() {
        case .none, .star: nil
        case .addresses(let addresses): addresses.first?.uri
        }
    }
}
