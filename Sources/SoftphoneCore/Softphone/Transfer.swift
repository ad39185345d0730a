import DialogUsage
import SIPMessage

/// A transfer that we asked for.
struct Transfer: Sendable {
    /// The call whose peer is to leave us.
    var call: AnyUsageID
    /// For people.
    var to: String
}

/// A transfer that somebody asks us for, until it is decided.
struct TransferRequest: Sendable {
    var usage: UsageID<ServerSubscription>
    var target: ReferTarget
    /// For people.
    var from: String
    var to: String
    /// The audio port of the call is being opened.
    var isBegun = false
}
