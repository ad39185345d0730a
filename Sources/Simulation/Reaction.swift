import DialogUsage

/// What an application still owes its user agent.
enum Reaction: Sendable {
    case answer(UsageID<ServerInviteSession>)
    case reject(UsageID<ServerInviteSession>)
    case referral(UsageID<ServerSubscription>)
    case watcher(UsageID<ServerSubscription>)
    case respond(UsageID<ServerPagerMessage>)
    case offered(SessionID)
    case end(AnyUsageID)
}
