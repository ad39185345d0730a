import DialogUsage
import SDP
import SIPMessage

/// Transfer in all its roles (RFC 3515, RFC 3891, RFC 5589).
extension DialogUsageManager {
    /// Asks the peer of a call that stands to call `target` instead (blind transfer). The handle is that of the subscription
    /// by which the peer reports; `.transferConcluded` says how it came out. The call itself goes on until it is ended.
    public func transfer(_ call: UsageHandle, to target: String) async throws(ManagerError) -> UsageHandle {
        try await usage(.refer(try session(call), to: try uri(target)))
    }
    /// Asks the peer of a call to take our place in another call of ours (attended transfer).
    public func transfer(_ call: UsageHandle, toTakeOver other: UsageHandle) async throws(ManagerError) -> UsageHandle {
        try await usage(.referToSession(try session(call), try session(other)))
    }
    /// Follows a `.transferRequested`: calls whom it names. The handle is the new call's.
    public func acceptTransfer(
        _ request: UsageHandle, offer: String?, from account: AccountHandle
    ) async throws(ManagerError) -> UsageHandle {
        var description: SessionDescription?
        if let offer { description = try sdp(offer) }
        return try await usage(.acceptReferral(try subscription(request), account.id, description))
    }
    /// Declines a `.transferRequested` with 603.
    public func declineTransfer(_ request: UsageHandle) async throws(ManagerError) {
        _ = try await perform(.declineReferral(try subscription(request)))
    }
}
