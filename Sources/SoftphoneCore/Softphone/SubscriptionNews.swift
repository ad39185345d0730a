/// What the newest NOTIFY of a subscription said.
struct SubscriptionNews: Hashable, Sendable {
    /// "active", "pending" or "terminated".
    var standing: String
    /// The newest document, harmless to a terminal and shortened; kept when a NOTIFY comes without one.
    var document: String?
}
