import DialogUsage
import SDP
import SIPMessage
import SansIO

/// Making usages. Each throws `.shuttingDown` once a shutdown was asked for, and then nothing was allocated.
extension DialogUsageManager {
    /// `address` as `sip:alice@example.com`; `server` an outbound proxy as a SIP URI, nil for the domain itself.
    ///
    /// `realm` is the one that the password is for (RFC 3261 §22.1); nil: the address's domain, and what the account's own
    /// registrar and its proxy name first. A challenge of any other realm is told nothing, for a digest of the password is
    /// worth guessing at: the request has failed then, and its event names the realm.
    public func addAccount(
        address: String, server: String? = nil, login: String? = nil, password: String? = nil, realm: String? = nil
    ) async throws(ManagerError) -> AccountHandle {
        let aor = try uri(address)
        var proxy: SIPURI?
        if let server { proxy = try uri(server).sip }
        let account = Account(
            name: address, addressOfRecord: NameAddress(uri: aor), outboundProxy: proxy, login: login,
            password: password.map(Secret.init), realm: realm)
        guard case .account(let id) = try await perform(.addAccount(account)).answer else { throw .shuttingDown }
        return AccountHandle(id: id)
    }

    /// Keeps a binding of our own contact at the account's registrar until it is ended, and renews it in time (RFC 3261 §10).
    /// `expires` nil asks for an hour. `.registered` says what was granted.
    ///
    /// `contacts` are bound, renewed and removed together with our own; `q`, from 0 to 1, says where our own stands among
    /// them (RFC 3261 §10.2.1.2). `.bindings` tells what the registrar lists after each success, and which of them it
    /// does not list. Throws `.malformed` for an address or a `q` that is none, `.notNow` for a contact that is given twice and
    /// for a time below a second, `.limitReached` beyond sixteen contacts.
    public func register(
        _ account: AccountHandle, expires: Duration? = nil, contacts: [Contact] = [], q: Double? = nil
    ) async throws(ManagerError) -> UsageHandle {
        var further: [RegisteredContact] = []
        for contact in contacts { further.append(try registered(contact)) }
        let wishes = RegistrationWishes(contacts: further, preference: try preference(q), expires: expires)
        return try await usage(.register(account.id, wishes))
    }
    /// Renews a registration or a subscription now, as after a change of network. Throws `.ended`, and `.notNow` for other
    /// types.
    public func refresh(_ usage: UsageHandle) async throws(ManagerError) {
        switch usage.id.kind {
        case .clientRegistration: _ = try await perform(.refreshRegistration(UsageID(serial: usage.id.serial)))
        case .clientSubscription: _ = try await perform(.refreshSubscription(UsageID(serial: usage.id.serial)))
        default: throw .notNow("a \(usage.type.rawValue) cannot be refreshed")
        }
    }

    /// Asks the registrar what is bound for the account's address, and binds nothing (RFC 3261 §10.2.3). `.bindings` is the
    /// answer; then the usage has ended.
    public func queryBindings(_ account: AccountHandle) async throws(ManagerError) -> UsageHandle {
        try await usage(.queryBindings(account.id))
    }
    /// Removes what a registration has bound; with `everything` also what other devices have (`Contact: *`, RFC 3261
    /// §10.2.2). The usage stays: `.bindingsRemoved` says that it is done, and `refresh` registers again. To be done with it,
    /// end it instead.
    public func removeBindings(
        _ registration: UsageHandle, everything: Bool = false
    ) async throws(ManagerError) {
        guard registration.id.kind == .clientRegistration else { throw .notNow("\(registration) is no registration") }
        let id = UsageID<ClientRegistration>(serial: registration.id.serial)
        _ = try await perform(.removeBindings(id, everything ? .everything : .own))
    }

    // MARK: Calls (RFC 3261 §13 to §15)

    /// Calls; `offer` is a session description in text (RFC 8866), nil leaves the offer to the peer. The handle is there at
    /// once, in state calling, and can be ended at once.
    public func invite(
        _ peer: String, offer: String?, from account: AccountHandle
    ) async throws(ManagerError) -> UsageHandle {
        var description: SessionDescription?
        if let offer { description = try sdp(offer) }
        return try await usage(.invite(account.id, try uri(peer), description))
    }
    /// Answers a call from outside; `description` is the answer, or the offer when the call had none. Throws `.notNow` once it
    /// has been answered, and `.ended`.
    public func answer(_ call: UsageHandle, with description: String) async throws(ManagerError) {
        _ = try await perform(.answer(try incoming(call), try sdp(description)))
    }
    /// Refuses a call from outside with a status from 300 to 699.
    public func reject(_ call: UsageHandle, status: Int = 486) async throws(ManagerError) {
        _ = try await perform(.reject(try incoming(call), try refusal(status)))
    }
    /// Offers another description in a call that stands: hold, resume, another codec (re-INVITE, RFC 3261 §14). `.answered`
    /// says what came of it.
    public func modify(_ call: UsageHandle, offer: String) async throws(ManagerError) {
        _ = try await perform(.offer(try session(call), try sdp(offer)))
    }
    /// Answers the peer's `.offered`.
    public func answerOffer(_ call: UsageHandle, with description: String) async throws(ManagerError) {
        _ = try await perform(.answerOffer(try session(call), try sdp(description)))
    }
    /// Refuses the peer's `.offered`; the session stays as it was.
    public func rejectOffer(_ call: UsageHandle, status: Int = 488) async throws(ManagerError) {
        _ = try await perform(.rejectOffer(try session(call), try refusal(status)))
    }
    /// Sends INFO in a call that stands (RFC 6086), for example digits. It waits for what was sent in the call before;
    /// `.infoAnswered` of the call says what became of it. Throws `.notNow` while the call is not connected, and `.limitReached` when too many wait.
    public func info(_ call: UsageHandle, contentType: String, body: [UInt8]) async throws(ManagerError) {
        _ = try await perform(.info(try session(call), contentType: contentType, body: body))
    }
    /// Sends a message in a call that stands (RFC 3428 §4). `.delivered` or `.deliveryFailed` of the call says what became of
    /// it; of several, in their order. Throws as `info` does.
    public func message(
        inCall call: UsageHandle, contentType: String = "text/plain", body: [UInt8]
    ) async throws(ManagerError) {
        _ = try await perform(.messageInCall(try session(call), contentType: contentType, body: body))
    }
    /// Goes on with a call that was redirected, to one or several of the contacts of `.redirectionOffered`, the one with
    /// the highest q first (RFC 3261 §8.1.3.4). To follow none of them, end the call. Throws `.notNow` where no question is
    /// open, or where none of these has not been tried yet, and `.ended`.
    public func follow(_ call: UsageHandle, to contacts: [Contact]) async throws(ManagerError) {
        guard call.id.kind == .clientInviteSession else { throw .notNow("\(call) is no call of ours") }
        var addresses: [NameAddress] = []
        for contact in contacts { addresses.append(try address(contact)) }
        _ = try await perform(.follow(UsageID(serial: call.id.serial), addresses))
    }
    /// Sends a call from outside elsewhere: 302 with these contacts (RFC 3261 §13.3.1.2). Throws `.notNow` without any, and
    /// once the call was answered.
    public func redirect(_ call: UsageHandle, to contacts: [Contact]) async throws(ManagerError) {
        var addresses: [NameAddress] = []
        for contact in contacts { addresses.append(try address(contact)) }
        _ = try await perform(.redirect(try incoming(call), addresses))
    }

    // MARK: Events (RFC 6665), publication (RFC 3903), messages (RFC 3428)

    /// Watches an event package at `peer`, and renews the subscription in time. It counts as active with the first NOTIFY.
    public func subscribe(
        _ peer: String, event: String, accept: [String] = [], expires: Duration = .seconds(3600),
        from account: AccountHandle
    ) async throws(ManagerError) -> UsageHandle {
        try await usage(.subscribe(account.id, try uri(peer), event: event, accept: accept, expires: expires))
    }
    /// Lets a watcher in (`.watched`), with the state it is to see first.
    public func accept(_ watcher: UsageHandle, contentType: String? = nil, body: [UInt8] = [])
        async throws(ManagerError)
    {
        _ = try await perform(.accept(try subscription(watcher), .active, contentType: contentType, body: body))
    }
    /// Keeps a watcher out, with a status from 300 to 699.
    public func refuse(_ watcher: UsageHandle, status: Int = 603) async throws(ManagerError) {
        _ = try await perform(.refuse(try subscription(watcher), try refusal(status)))
    }
    /// Tells a watcher a new state. One NOTIFY is on its way at a time; of several changes meanwhile the newest is told.
    public func notify(_ watcher: UsageHandle, contentType: String?, body: [UInt8]) async throws(ManagerError) {
        _ = try await perform(.notify(try subscription(watcher), .active, contentType: contentType, body: body))
    }
    /// Publishes a document for the account's own address, and keeps it published.
    public func publish(
        event: String, contentType: String, body: [UInt8], expires: Duration = .seconds(3600),
        from account: AccountHandle
    ) async throws(ManagerError) -> UsageHandle {
        try await usage(.publish(account.id, event: event, contentType: contentType, body: body, expires: expires))
    }
    /// Replaces the published document; the newest counts, also when another is on its way.
    public func modify(
        _ publication: UsageHandle, contentType: String, body: [UInt8]
    ) async throws(ManagerError) {
        guard publication.id.kind == .clientPublication else { throw .notNow("\(publication) is no publication") }
        let id = UsageID<ClientPublication>(serial: publication.id.serial)
        _ = try await perform(.modify(id, contentType: contentType, body: body))
    }
    /// Sends a message outside any session; several to one peer go one after the other (RFC 3428 §8).
    public func message(
        _ peer: String, contentType: String = "text/plain", body: [UInt8], from account: AccountHandle
    ) async throws(ManagerError) -> UsageHandle {
        try await usage(.message(account.id, try uri(peer), contentType: contentType, body: body))
    }
    /// Asks what the peer can do (RFC 3261 §11): `.capabilities` is its answer, and the handle's end tells the status.
    public func options(_ peer: String, from account: AccountHandle) async throws(ManagerError) -> UsageHandle {
        try await usage(.options(account.id, try uri(peer)))
    }

    // MARK: Reading what we are given

    func usage(_ request: LibraryMachine.Request) async throws(ManagerError) -> UsageHandle {
        guard let handle = try await perform(request).handle else { throw .shuttingDown }
        return handle
    }
    private func incoming(_ call: UsageHandle) throws(ManagerError) -> UsageID<ServerInviteSession> {
        guard call.id.kind == .serverInviteSession else { throw .notNow("\(call) is no call from outside") }
        return UsageID(serial: call.id.serial)
    }
    func session(_ call: UsageHandle) throws(ManagerError) -> SessionID {
        switch call.id.kind {
        case .clientInviteSession: return .client(UsageID(serial: call.id.serial))
        case .serverInviteSession: return .server(UsageID(serial: call.id.serial))
        default: throw .notNow("\(call) is no call")
        }
    }
    func subscription(_ watcher: UsageHandle) throws(ManagerError) -> UsageID<ServerSubscription> {
        guard watcher.id.kind == .serverSubscription else { throw .notNow("\(watcher) is no watcher") }
        return UsageID(serial: watcher.id.serial)
    }
    private func refusal(_ status: Int) throws(ManagerError) -> StatusCode {
        guard let code = StatusCode(exactly: status), code.isFinal, !code.isSuccess else {
            throw .malformed("\(status) is no status to refuse with; 300 to 699 are")
        }
        return code
    }
    func uri(_ text: String) throws(ManagerError) -> AnyURI {
        do {
            return try AnyURI(parsing: text)
        } catch {
            throw .malformed("\(visible(text)) is not an address: \(error)")
        }
    }
    func sdp(_ text: String) throws(ManagerError) -> SessionDescription {
        do {
            return try SessionDescription(parsing: Array(text.utf8))
        } catch {
            throw .malformed("the session description cannot be read: \(error)")
        }
    }
}
