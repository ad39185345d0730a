import DialogUsage
import SDP
import SIPMessage
import SansIO

/// Making usages. Each throws `.shuttingDown` once a shutdown was asked for, and then nothing was allocated.
extension DialogUsageManager {
    /// `address` as `sip:alice@example.com`; `server` an outbound proxy as a SIP URI, nil for the domain itself.
    public func addAccount(
        address: String, server: String? = nil, login: String? = nil, password: String? = nil
    ) async throws(ManagerError) -> AccountHandle {
        let aor = try uri(address)
        var proxy: SIPURI?
        if let server { proxy = try uri(server).sip }
        let account = Account(
            name: address, addressOfRecord: NameAddress(uri: aor), outboundProxy: proxy, login: login,
            password: password.map(Secret.init))
        guard case .account(let id) = try await perform(.addAccount(account)) else { throw .shuttingDown }
        return AccountHandle(id: id)
    }

    /// Keeps a binding at the account's registrar until it is ended.
    public func register(_ account: AccountHandle) async throws(ManagerError) -> UsageHandle {
        try await usage(.register(account.id))
    }
    /// Calls; `offer` is a session description in text, nil leaves the offer to the peer.
    public func invite(
        _ peer: String, offer: String?, from account: AccountHandle
    ) async throws(ManagerError) -> UsageHandle {
        var description: SessionDescription?
        if let offer { description = try sdp(offer) }
        return try await usage(.invite(account.id, try uri(peer), description))
    }
    /// Answers a call from outside; `description` is the answer, or the offer when the call had none.
    public func answer(_ call: UsageHandle, with description: String) async throws(ManagerError) {
        _ = try await perform(.answer(call.serial, try sdp(description)))
    }
    /// Refuses a call from outside with a status from 300 to 699.
    public func reject(_ call: UsageHandle, status: Int = 486) async throws(ManagerError) {
        guard let code = StatusCode(exactly: status), code.isFinal, !code.isSuccess else {
            throw .malformed("\(status) does not refuse a call")
        }
        _ = try await perform(.reject(call.serial, code))
    }
    /// Watches an event package at `peer`.
    public func subscribe(
        _ peer: String, event: String, accept: [String] = [], expires: Duration = .seconds(3600),
        from account: AccountHandle
    ) async throws(ManagerError) -> UsageHandle {
        try await usage(.subscribe(account.id, try uri(peer), event: event, accept: accept, expires: expires))
    }
    /// Publishes a document for the account's own address.
    public func publish(
        event: String, contentType: String, body: [UInt8], expires: Duration = .seconds(3600),
        from account: AccountHandle
    ) async throws(ManagerError) -> UsageHandle {
        try await usage(.publish(account.id, event: event, contentType: contentType, body: body, expires: expires))
    }
    /// Sends a message outside any session.
    public func message(
        _ peer: String, contentType: String = "text/plain", body: [UInt8], from account: AccountHandle
    ) async throws(ManagerError) -> UsageHandle {
        try await usage(.message(account.id, try uri(peer), contentType: contentType, body: body))
    }

    private func usage(_ request: LibraryMachine.Request) async throws(ManagerError) -> UsageHandle {
        guard case .usage(let id) = try await perform(request) else { throw .shuttingDown }
        return handle(id)
    }
    private func uri(_ text: String) throws(ManagerError) -> AnyURI {
        do {
            return try AnyURI(parsing: text)
        } catch {
            throw .malformed("\(visible(text)) is not an address: \(error)")
        }
    }
    private func sdp(_ text: String) throws(ManagerError) -> SessionDescription {
        do {
            return try SessionDescription(parsing: Array(text.utf8))
        } catch {
            throw .malformed("the session description cannot be read: \(error)")
        }
    }
}
