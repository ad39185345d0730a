import DialogUsage
import SDP
import SIPMessage
import SansIO

/// A call between two users: the caller's session with us and ours with the callee. Their audio goes directly from one to
/// the other; what is said in one session is carried to the other.
struct Bridge: Sendable {
    let caller: UsageID<ServerInviteSession>
    var callee: UsageID<ClientInviteSession>?
    /// Where the callee registered and has not been tried, the best first.
    var contacts: [AnyURI]
    /// In whose name the callee is called.
    let sender: String
    let offer: SessionDescription
    /// Whom the caller was sent by, and whose place the call takes at the callee's.
    var fields = FieldList()
}

/// A back-to-back user agent for those who do not live here. To redirect the caller would be simpler; but all requests
/// of our users come by way of us, and redirected ones would come back.
extension Sandbox {
    mutating func connect(
        _ id: UsageID<ServerInviteSession>, to contacts: [AnyURI], _ incoming: IncomingCall, at now: Instant
    ) {
        guard let sender = domain.addressOfRecord(incoming.from.uri)?.user else { return turnAway(id, 403, at: now) }
        guard let offer = incoming.offer else { return turnAway(id, 488, at: now) }
        var bridge = Bridge(caller: id, callee: nil, contacts: contacts, sender: sender, offer: offer)
        if let text = incoming.request.value(.referredBy) { bridge.fields.append(.referredBy, text) }
        // Who takes a place at one end of us takes it at the other.
        if let replaced = incoming.replaces, let other = opposite(replaced), let place = core.place(of: other) {
            bridge.contacts = [place.target]
            bridge.fields.append(.replaces, place.replaces.description)
            bridge.fields.append(.require, "replaces")
        }
        bridges[id] = bridge
        callNext(id, otherwise: 480, at: now)
    }

    /// Calls the next contact; when there is none left, the last refusal is the answer.
    private mutating func callNext(
        _ id: UsageID<ServerInviteSession>, otherwise status: StatusCode, at now: Instant
    ) {
        guard var bridge = bridges[id] else { return }
        guard !bridge.contacts.isEmpty, let account = accountID(bridge.sender) else {
            bridges[id] = nil
            return turnAway(id, status, at: now)
        }
        let contact = bridge.contacts.removeFirst()
        bridges[id] = bridge
        guard
            let (callee, produced) = try? core.invite(
                account, to: contact, offer: bridge.offer, fields: bridge.fields, at: now)
        else {
            return callNext(id, otherwise: status, at: now)
        }
        bridges[id]?.callee = callee
        callers[callee] = id
        absorb(produced, at: now)
    }

    // MARK: From the callee

    mutating func called(_ id: UsageID<ClientInviteSession>, _ event: SessionEvent, at now: Instant) {
        guard let caller = callers[id], bridges[caller] != nil else { return }
        switch event {
        case .progress: absorb((try? core.ring(caller, at: now)) ?? [], at: now)
        case .connected(let description):
            guard let description, let produced = try? core.answer(caller, with: description, at: now) else {
                return absorb(core.end(id.any, at: now), at: now)
            }
            absorb(produced, at: now)
        case .closing(let why, _): calleeLeft(caller, why, at: now)
        case .redirectionOffered(let contacts):
            // Where we know no way the redirection is the callee's answer.
            let known = contacts.compactMap { reachable($0.uri, at: now).map { NameAddress(uri: $0) } }
            absorb((try? core.follow(id, known, at: now)) ?? core.end(id.any, at: now), at: now)
        case .incoming, .trying, .redirected, .offered, .answered, .offerFailed, .offerCancelled, .legEnded, .info,
            .infoAnswered, .message, .delivered, .undelivered:
            carry(event, to: .server(caller), at: now)
        }
    }

    private mutating func calleeLeft(_ caller: UsageID<ServerInviteSession>, _ why: SessionClosing, at now: Instant) {
        bridges[caller]?.callee = nil
        switch why {
        case .refused(let status, _):
            // A challenge or a redirection is between the callee and us; 6xx speaks for everybody (RFC 3261 §21.6).
            let isOurs = [401, 407, 408].contains(status) || status.isRedirection
            if status.statusClass == 6 { bridges[caller]?.contacts = [] }
            callNext(caller, otherwise: isOurs ? 480 : status, at: now)
        case .failed: callNext(caller, otherwise: 480, at: now)
        case .byUs, .byPeer, .cancelledByPeer: absorb(core.end(caller.any, at: now), at: now)
        }
    }

    // MARK: From the caller

    /// false: it is no call between two users.
    mutating func bridged(_ id: UsageID<ServerInviteSession>, _ event: SessionEvent, at now: Instant) -> Bool {
        guard let bridge = bridges[id] else { return false }
        guard let callee = bridge.callee else { return true }
        switch event {
        case .closing: absorb(core.end(callee.any, at: now), at: now)
        case .incoming, .trying, .progress, .redirected, .redirectionOffered, .connected, .offered, .answered,
            .offerFailed, .offerCancelled, .legEnded, .info, .infoAnswered, .message, .delivered, .undelivered:
            carry(event, to: .client(callee), at: now)
        }
        return true
    }

    // MARK: From either to the other

    /// What changes a session that stands, or is said in it.
    private mutating func carry(_ event: SessionEvent, to other: SessionID, at now: Instant) {
        let produced: [UsageOutput]?
        switch event {
        case .offered(let offer):
            // Without an offer there is none that we could make in the other's name; and the other may be busy with one.
            let sent = offer.flatMap { try? core.offer(other, $0, at: now) }
            let refusal: StatusCode = offer == nil ? 488 : 491
            produced = sent ?? opposite(other).flatMap { try? core.rejectOffer($0, status: refusal, at: now) }
        case .answered(let description): produced = try? core.answerOffer(other, with: description, at: now)
        case .offerFailed(let failure): produced = try? core.rejectOffer(other, status: failure.status ?? 488, at: now)
        case .offerCancelled: produced = try? core.withdrawOffer(other, at: now)
        case .info(let type, let body): produced = try? core.sendInfo(other, contentType: type, body: body, at: now)
        case .message(let type, let body):
            produced = try? core.sendMessage(other, contentType: type, body: body, at: now).1
        case .incoming, .trying, .progress, .redirected, .redirectionOffered, .connected, .legEnded, .closing,
            .infoAnswered, .delivered, .undelivered:
            produced = nil
        }
        absorb(produced ?? [], at: now)
    }
    /// The other session of a call between two users.
    func opposite(_ id: SessionID) -> SessionID? {
        switch id {
        case .server(let caller): bridges[caller]?.callee.map { .client($0) }
        case .client(let callee): callers[callee].map { .server($0) }
        }
    }
}
