/// Every limit of the stack, in one place. What is over one of them is refused, never kept.
package struct StackLimits: Hashable, Sendable {
    /// Requests from outside that wait for an answer; further ones get 503 with Retry-After.
    package var unansweredServerTransactions = 1024
    /// Answered ones, kept until their timers end so that the answer can be repeated; the same beyond it.
    package var answeredServerTransactions = 65_536
    /// Connections; beyond it the one that is idle longest makes room, or one that a peer opens is closed at once.
    package var flows = 64
    /// Octets handed to a connection and not yet taken by the kernel; a peer that reads nothing is left (H-042).
    package var queuedOctets = 16_777_216
    /// A message on a stream is whole so long after its first octet, or the connection is closed (H-038).
    package var incompleteMessage = Duration.seconds(15)
    /// A name without an answer of the resolver for so long has no address (H-105).
    package var resolution = Duration.seconds(5)
    /// Addresses of one name that are tried.
    package var addresses = 32
    /// ACKs that wait for the address of a name; with more of them the next 2xx brings another chance.
    package var waitingAcknowledgements = 1024
    /// Names of which it is kept where they were reached last.
    package var reachedAddresses = 256
    /// A request longer than this goes over TCP (RFC 3261 §18.1.1).
    package var datagramRequest = 1300
    /// Seconds that a refused peer is asked to wait.
    package var retryAfter = 5

    package init() {}
}
