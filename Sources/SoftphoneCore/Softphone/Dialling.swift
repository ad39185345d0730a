import DialogUsage
import SIPMessage
import SansIO

/// A call whose INVITE waits for its audio port.
struct Dialling: Sendable {
    /// nil: nobody waits for it, it was our policy.
    var request: RequestID?
    var account: AccountID
    var peer: AnyURI
    var facing: IPAddress
    var options: CallOptions
    var alias: String?
    /// The transfer that asked for it.
    var referral: UsageID<ServerSubscription>?
}
