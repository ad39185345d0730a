import DialogUsage
import Media
import SansIO

/// What is going to happen.
enum Happening: Sendable {
    case arrival(Datagram)
    /// A connection that nobody takes.
    case refusal(AgentName, FlowID)
    case command
    case reaction(AgentName, Reaction)
    case shutdown(AgentName)
    case escalation(AgentName)
    case adjustment(AgentName)
    case start(index: Int)
    case fault
    case mend(Fault)
    case sandboxMedia(MediaEvent)
}

/// What an application still owes its user agent.
enum Reaction: Sendable {
    case answer(UsageID<ServerInviteSession>)
    case reject(UsageID<ServerInviteSession>)
    case watcher(UsageID<ServerSubscription>)
    case referral(UsageID<ServerSubscription>)
    case respond(UsageID<ServerPagerMessage>)
    case offered(SessionID)
    case end(AnyUsageID)
}

/// What is wrong in the world, until it is mended.
enum Fault: Hashable, Sendable {
    /// The sandbox is not there at all.
    case sandboxDown
    case presenceCrashed
    case sandboxSilent
    case sandboxSlow
    /// Nothing passes between these two, either way.
    case partition(SocketAddress, SocketAddress)
}
